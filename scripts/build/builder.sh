# shellcheck shell=bash
# Builds stages of the Dockerfile with the Docker engine's own BuildKit. Without a separate builder, only the base
# image is downloaded, and the result is in the engine at once. Cached layers come from images with an inline
# cache, the only kind that the engine's BuildKit exports (docs.docker.com/build/cache/backends/inline): the stage
# `test` in the cache repository, with the layers of the stages below it, and `latest`, with the image's own layers.
: "${STATE:?source lib.sh first}" "${ATTEMPTS:?source retry.sh first}" "${DOCKERFILE:?source dockerfile.sh first}"

readonly WITH_BUILDKIT="${STATE}/buildkit"
readonly BUILD_LOG="${STATE}/build.log"

# choose_builder: uses BuildKit if a build of an empty image with it succeeds.
choose_builder() {
  local log="${STATE}/builder.log"
  rm -f "${WITH_BUILDKIT}"
  if printf 'FROM scratch\nLABEL slipway=probe\n' |
    DOCKER_BUILDKIT=1 docker build --iidfile "${STATE}/probe" - >"${log}" 2>&1; then
    docker image rm "$(cat "${STATE}/probe")" >>"${log}" 2>&1 || true
    touch "${WITH_BUILDKIT}"
    note "layers are cached in ${CACHE_REPOSITORY:?}"
  else
    last_lines "${log}"
    warn "this Docker has no BuildKit: the layer cache is not used"
  fi
}

# build <argument>...: takes arguments of docker build. Its output is printed and written to ${BUILD_LOG}.
build() {
  local cached=()
  local arguments=(--file "${DOCKERFILE}" "${@}")
  if [[ -n "${BASE_IMAGE:-}" ]]; then
    arguments+=(--build-arg "BASE_IMAGE=${BASE_IMAGE}")
  fi
  if [[ ! -f "${WITH_BUILDKIT}" ]]; then
    patiently aloud "${BUILD_LOG}" docker_build 0 "${arguments[@]}"
    return
  fi
  arguments+=(--build-arg BUILDKIT_INLINE_CACHE=1)
  cached=(--cache-from "$(cache_of_test)" --cache-from "${IMAGE_REPOSITORY:?}:latest")
  if patiently aloud "${BUILD_LOG}" docker_build 1 "${cached[@]}" "${arguments[@]}"; then
    tell_unread_cache
  else
    without_cache "${arguments[@]}"
  fi
}

# docker_build <1 to use BuildKit, otherwise 0> <argument>...: without an attestation, because then an image index
# would be pushed, which ECR's basic scan cannot read.
docker_build() {
  DOCKER_BUILDKIT="${1}" BUILDX_NO_DEFAULT_ATTESTATIONS=1 BUILDKIT_PROGRESS=plain \
    docker build "${@:2}" app
}

# tell_unread_cache: warns if BuildKit could not read the cache, which it reports only among many other lines. A
# missing cache is no problem. In a successful build, all errors are about the cache.
tell_unread_cache() {
  local found
  found="$(sed --quiet --regexp-extended 's/^#[0-9]+ ERROR: //p' "${BUILD_LOG}" | grep --invert-match 'not found$' || true)"
  if [[ -n "${found}" ]]; then
    warn "the cache cannot be read, so more layers were built than necessary: ${found%%$'\n'*}"
  fi
}

# without_cache <argument>...: builds again if a cached layer could not be downloaded, which BuildKit finds out too
# late to continue: its error then names our registry. A failed step is not repeated.
without_cache() {
  if step_failed "${BUILD_LOG}" || ! ended_with "${IMAGE_REPOSITORY%%/*}/" "${BUILD_LOG}"; then
    return 1
  fi
  warn "the cache cannot be read: every layer is built again"
  patiently aloud "${BUILD_LOG}" docker_build 1 --no-cache "${@}"
}

# explain_build <what a failed command of the Dockerfile means> <what any other failure means> <next>: a registry
# that throttles is reported as such.
explain_build() {
  local step
  if step_failed "${BUILD_LOG}"; then
    step="$(sed --quiet --regexp-extended 's/^ > (\[.*):$/ at \1/p' "${BUILD_LOG}" | tail --lines=1)"
    fail "${1}" "docker build failed${step}; its output is above" "${3}"
  elif throttled "${BUILD_LOG}"; then
    fail "${2}$(throttles "${BUILD_LOG}")" "$(last_lines "${BUILD_LOG}")" "$(throttling_advice)"
  fi
  fail "${2}" "$(last_lines "${BUILD_LOG}")" "${3}"
}

cache_of_test() {
  printf '%s' "${CACHE_REPOSITORY:?}:test"
}

# keep_cache: pushes the cache; if that fails, only the next build is slower, so this one does not fail.
keep_cache() {
  local log="${STATE}/cache.log"
  if [[ ! -f "${WITH_BUILDKIT}" ]]; then
    return
  elif docker push "$(cache_of_test)" >"${log}" 2>&1; then
    note "its layers are kept in $(cache_of_test)"
  else
    warn "the cache cannot be written: the next build will be slower"
    last_lines "${log}"
  fi
}
