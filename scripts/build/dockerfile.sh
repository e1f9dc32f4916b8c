# shellcheck shell=bash
# What the Dockerfile stands on.
: "${STATE:?source lib.sh first}"

readonly DOCKERFILE=app/Dockerfile

# base_image: the one that is given, or else the one in the line that `make base-image` writes; or nothing.
base_image() {
  if [[ -n "${BASE_IMAGE:-}" ]]; then
    printf '%s' "${BASE_IMAGE}"
  else
    sed --quiet --regexp-extended 's/^ARG BASE_IMAGE=(\S+)\r?$/\1/p' "${DOCKERFILE}" | head --lines=1
  fi
}

# stands_on <registry>: whether the base image comes from there, or anything else that the Dockerfile names.
stands_on() {
  local rest
  rest="$(grep --invert-match --extended-regexp '^[[:space:]]*#|^ARG BASE_IMAGE=' "${DOCKERFILE}" || true)"
  [[ "$(base_image)" == "${1}"/* || "${rest}" == *"${1}"/* ]]
}
