#!/bin/bash
# List what is in the image, as CycloneDX: Debian's packages, Python and its packages (sbom.Dockerfile).
# The image itself is not changed: an attestation would turn it into an index, which ECR's scan cannot read.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/registry.sh
source scripts/build/registry.sh

readonly BUILD_LOG="${STATE}/sbom.log"
readonly ID_FILE="${STATE}/sbom.id"

# Builds on the local image, without a cache.
list_contents() {
  local made_at
  made_at="$(built_at "${reference}")"
  BUILDX_NO_DEFAULT_ATTESTATIONS=1 docker build --file scripts/build/sbom.Dockerfile --iidfile "${ID_FILE}" \
    --build-arg "IMAGE=${reference}" --build-arg "IMAGE_REPOSITORY=${IMAGE_REPOSITORY}" \
    --build-arg "COMMIT=${tag}" --build-arg "DIGEST=${digest}" --build-arg "BUILT_AT=${made_at}" \
    scripts/build >"${BUILD_LOG}" 2>&1
}

# take_out: copies the list from a container that is never started.
take_out() {
  local id container
  id="$(cat "${ID_FILE}")"
  container="$(docker create "${id}" none)"
  docker cp "${container}:/sbom.json" "${SBOM}"
  docker rm "${container}" >/dev/null
  docker image rm "${id}" >/dev/null
}

begin "list what is in the image"
need IMAGE_REPOSITORY
tag="$(image_tag)"
digest="$(pushed_digest)"
reference="${IMAGE_REPOSITORY}:${tag}"
if ! list_contents; then
  fail "the contents of the image cannot be listed" "$(last_lines "${BUILD_LOG}")" \
    "correct scripts/build/sbom.Dockerfile, which names the Python interpreters; latest was not moved"
fi
take_out
number="$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["components"]))' "${SBOM}")"
note "sbom.json lists ${number} components"
