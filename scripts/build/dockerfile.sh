# shellcheck shell=bash
# The base images of the Dockerfile.
: "${STATE:?source lib.sh first}"

readonly DOCKERFILE=app/Dockerfile

# base_image: prints ${BASE_IMAGE}, or the image in the line that `make base-image` writes, or nothing.
base_image() {
  if [[ -n "${BASE_IMAGE:-}" ]]; then
    printf '%s' "${BASE_IMAGE}"
  else
    sed --quiet --regexp-extended 's/^ARG BASE_IMAGE=(\S+)\r?$/\1/p' "${DOCKERFILE}" | head --lines=1
  fi
}

# stands_on <registry>: whether the base image, or any other that the Dockerfile names, comes from this registry.
stands_on() {
  local rest
  rest="$(grep --invert-match --extended-regexp '^[[:space:]]*#|^ARG BASE_IMAGE=' "${DOCKERFILE}" || true)"
  [[ "$(base_image)" == "${1}"/* || "${rest}" == *"${1}"/* ]]
}
