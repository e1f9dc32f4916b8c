#!/bin/bash
# Build the image, and tag it with the commit and latest. If the commit already has an image, use that one.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/dockerfile.sh
source scripts/build/dockerfile.sh
# shellcheck source=scripts/build/builder.sh
source scripts/build/builder.sh
# shellcheck source=scripts/build/registry.sh
source scripts/build/registry.sh

build_new() {
  local tag="${1}"
  local now
  now="$(date --utc '+%Y-%m-%dT%H:%M:%SZ')"
  if ! build --build-arg "COMMIT=${tag}" --build-arg "BUILT_AT=${now}" --tag "${IMAGE_REPOSITORY}:${tag}"; then
    explain_build "the image cannot be built" "the image cannot be built" \
      "fix what the message names; to build locally: docker build --file ${DOCKERFILE} app"
  fi
}

# On a host of another architecture the container would fail with `exec format error`.
check_architecture() {
  local reference="${1}"
  local built
  local -A names=([amd64]=x86_64 [arm64]=arm64)
  built="$(docker image inspect --format '{{.Architecture}}' "${reference}")"
  if [[ "${names[${built}]:-${built}}" != "${ARCHITECTURE}" ]]; then
    fail "the image is for ${built}, the hosts are ${ARCHITECTURE}" "an image is built for the machine that builds it" \
      "use the same architecture in app.architecture in pipeline.toml, the build project and the base image"
  fi
}

begin "build the image"
need IMAGE_REPOSITORY CACHE_REPOSITORY ARCHITECTURE
tag="$(image_tag)"
reference="${IMAGE_REPOSITORY}:${tag}"
if pull_existing "${reference}"; then
  note "the image of ${tag} already exists and is used again; nothing is built"
else
  build_new "${tag}"
fi
check_architecture "${reference}"
docker tag "${reference}" "${IMAGE_REPOSITORY}:latest"
note "tagged ${tag} and latest"
