# shellcheck shell=bash
# Builds stages of the Dockerfile with the engine's own BuildKit: no builder of its own, so nothing but the
# base image is fetched, and what is built is on this machine at once. Layers come from images that were
# built with an inline cache, which is all that the engine's BuildKit exports
# (docs.docker.com/build/cache/backends/inline): the stage `test` in the cache repository, which holds the
# layers of the stages that it stands on, and `latest`, which holds the image's own.
: "${STATE:?source lib.sh first}" "${ATTEMPTS:?source retry.sh first}" "${DOCKERFILE:?source dockerfile.sh first}"

readonly WITH_BUILDKIT="${STATE}/buildkit"
readonly BUILD_LOG="${STATE}/build.log"

# choose_builder: BuildKit, found out by building nothing with it.
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
    warn "this docker has no BuildKit: layers come from nowhere, and stay on this machine"
  fi
}

# build <argument>...: the arguments are docker build's. Its output is on the screen, and in ${BUILD_LOG}.
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

# docker_build <whether with BuildKit> <argument>...: without an attestation, which would turn the push
# into an index, which ECR's basic scan cannot read.
docker_build() {
  DOCKER_BUILDKIT="${1}" BUILDX_NO_DEFAULT_ATTESTATIONS=1 BUILDKIT_PROGRESS=plain \
    docker build "${@:2}" app
}

# tell_unread_cache: BuildKit goes on without what it cannot read, and says so among a hundred other lines.
# A missing cache does not matter. Only errors about the cache leave a build successful.
tell_unread_cache() {
  local found
  found="$(sed --quiet --regexp-extended 's/^#[0-9]+ ERROR: //p' "${BUILD_LOG}" | grep --invert-match 'not found$' || true)"
  if [[ -n "${found}" ]]; then
    warn "the cache cannot be read, so more was built than had to be: ${found%%$'\n'*}"
  fi
}

# without_cache <argument>...: where BuildKit does not go on by itself, because it finds out late that a
# layer cannot be had: its error then names our registry. A step that failed fails again.
without_cache() {
  if step_failed "${BUILD_LOG}" || ! ended_with "${IMAGE_REPOSITORY%%/*}/" "${BUILD_LOG}"; then
    return 1
  fi
  warn "the cache cannot be read: everything is built anew"
  patiently aloud "${BUILD_LOG}" docker_build 1 --no-cache "${@}"
}

# explain_build <what a failed command of the Dockerfile means> <what else> <next>: a registry that
# throttles has not found a fault in what was to be built.
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

# keep_cache: a cache that cannot be written makes the next build slower, and does not fail this one.
keep_cache() {
  local log="${STATE}/cache.log"
  if [[ ! -f "${WITH_BUILDKIT}" ]]; then
    return
  elif docker push "$(cache_of_test)" >"${log}" 2>&1; then
    note "its layers are kept in $(cache_of_test)"
  else
    warn "the cache cannot be written: the next build is slower"
    last_lines "${log}"
  fi
}
