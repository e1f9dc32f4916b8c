#!/bin/bash
# Push the image under the commit's tag; latest moves only after the scan (latest.sh).
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/registry.sh
source scripts/build/registry.sh

begin "push the image"
need IMAGE_REPOSITORY
tag="$(image_tag)"
reference="${IMAGE_REPOSITORY}:${tag}"
# Checked again, because another build of the same commit may have pushed meanwhile; its image is then used.
if pull_existing "${reference}"; then
  digest="$(digest_in "${PULL_LOG}")"
  docker tag "${reference}" "${IMAGE_REPOSITORY}:latest"
  note "${tag} is already in the registry, and a commit's tag is never moved: nothing is pushed"
else
  digest="$(push "${reference}")"
fi
remember_digest "${digest}"
note "${tag} is ${digest}"
