#!/bin/bash
# Move latest to the image that was pushed and scanned. It is for people; no host ever deploys it.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/registry.sh
source scripts/build/registry.sh

begin "move latest"
need IMAGE_REPOSITORY
pushed="$(pushed_digest)"
latest="$(push "${IMAGE_REPOSITORY}:latest")"
if [[ "${latest}" == "${pushed}" ]]; then
  note "latest is ${latest}"
else
  warn "latest is ${latest}: the same layers, but Docker wrote another manifest; hosts deploy ${pushed}"
fi
