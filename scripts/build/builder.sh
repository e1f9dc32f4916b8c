# shellcheck shell=bash
# Builds stages of the Dockerfile: with buildx, so that layers come from and go to the cache
# repository, or with plain docker build where there is no buildx.
: "${STATE:?source lib.sh first}"

readonly DOCKERFILE=app/Dockerfile
readonly BUILDER=slipway
readonly BUILDER_FILE="${STATE}/builder"

# choose_builder: a container of its own, because only that exports a cache to a registry. From in
# there neither this machine's loopback nor its images can be seen.
choose_builder() {
  rm -f "${BUILDER_FILE}"
  if [[ "${REGISTRY:?}" =~ ^(localhost|127\.) ]]; then
    warn "the registry is on this machine: docker build, whose layers stay here"
  elif ! docker buildx version &>/dev/null; then
    warn "docker has no buildx: docker build, whose layers stay on this machine"
  elif ! start_builder >"${STATE}/builder.log" 2>&1; then
    last_lines "${STATE}/builder.log"
    warn "the builder does not start: docker build, whose layers stay on this machine"
  else
    printf '%s' "${BUILDER}" >"${BUILDER_FILE}"
    note "layers are cached in ${CACHE_REPOSITORY:?}"
  fi
}

start_builder() {
  docker buildx inspect "${BUILDER}" &>/dev/null ||
    docker buildx create --name "${BUILDER}" --driver docker-container
  docker buildx inspect --bootstrap "${BUILDER}"
}

# build <cache tag> <argument>...: the arguments are docker build's.
build() {
  local cache="${CACHE_REPOSITORY:?}:${1}"
  local arguments=(--file "${DOCKERFILE}" "${@:2}")
  if [[ -n "${BASE_IMAGE:-}" ]]; then
    arguments+=(--build-arg "BASE_IMAGE=${BASE_IMAGE}")
  fi
  if [[ -s "${BUILDER_FILE}" ]]; then
    # An attestation would turn the push into an index, which ECR's scanner cannot read. A cache that
    # cannot be written makes the next build slower, and is no reason to fail this one.
    docker buildx build --builder "${BUILDER}" --provenance=false --progress=plain \
      --cache-from "type=registry,ref=${cache}" \
      --cache-to "type=registry,ref=${cache},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true" \
      "${arguments[@]}" app
  else
    BUILDX_NO_DEFAULT_ATTESTATIONS=1 docker build "${arguments[@]}" app
  fi
}
