# shellcheck shell=bash
# Reads from and pushes to the image repository; digests come from the registry's answers.
: "${STATE:?source lib.sh first}" "${ATTEMPTS:?source retry.sh first}"

readonly DIGEST_FILE="${STATE}/digest"
readonly PULL_LOG="${STATE}/pull.log"

# remember_digest <digest>: saves it for the steps that follow.
remember_digest() {
  printf '%s' "${1}" >"${DIGEST_FILE}"
}

# pushed_digest: prints the digest that push.sh pushed or found in the registry.
pushed_digest() {
  if [[ ! -s "${DIGEST_FILE}" ]]; then
    fail "no image was pushed" "${DIGEST_FILE} does not exist" "run the steps in the order of buildspec.yml"
  fi
  cat "${DIGEST_FILE}"
}

# built_at <reference>: prints when an image was built, to the second.
built_at() {
  local made_at
  made_at="$(docker image inspect --format '{{.Created}}' "${1}")"
  date --utc --date="${made_at}" '+%Y-%m-%dT%H:%M:%SZ'
}

# digest_in <log of docker pull or docker push>: prints the digest in it.
digest_in() {
  local found
  found="$(sed --quiet --regexp-extended 's/^.*digest: (sha256:[0-9a-f]{64}).*$/\1/Ip' "${1}" | tail --lines=1)"
  if [[ -z "${found}" ]]; then
    fail "docker printed no digest" "its output: $(last_lines "${1}")" \
      "start the build again; a revision can only name its image by digest"
  fi
  printf '%s' "${found}"
}

# pull_existing <reference>: pulls it; 1 if the registry has no such image.
pull_existing() {
  local reference="${1}"
  local log="${PULL_LOG}"
  if patiently quietly "${log}" docker pull "${reference}"; then
    return 0
  elif grep --quiet --extended-regexp 'manifest unknown|manifest for .* not found|: not found$' "${log}"; then
    return 1
  fi
  fail "cannot tell whether ${reference} exists already$(throttles "${log}")" "$(last_lines "${log}")" "$(registry_advice "${log}")"
}

# push <reference>: prints the digest that the registry returned; docker's output goes to stderr.
push() {
  local reference="${1}"
  local log="${STATE}/push.log"
  if ! patiently aloud "${log}" docker push "${reference}"; then
    fail "cannot push ${reference}$(throttles "${log}")" "$(last_lines "${log}")" "$(registry_advice "${log}")"
  fi
  digest_in "${log}"
}

# registry_advice <log>: prints what to do about a registry's error.
registry_advice() {
  if throttled "${1}"; then
    throttling_advice
  elif grep --quiet --ignore-case --extended-regexp 'no basic auth|unauthorized|expired' "${1}"; then
    printf '%s' "log in again (scripts/build/login.sh): the login is missing or older than twelve hours"
  elif grep --quiet --ignore-case --extended-regexp 'denied|forbidden|not authorized' "${1}"; then
    printf '%s' "the build's role needs permission in its own policy and in the repository's policy:
deploy the foundation and delivery stacks, then start the build again"
  elif grep --quiet --ignore-case --extended-regexp 'name unknown|does not exist' "${1}"; then
    printf '%s' "deploy the foundation stack, which creates the repository, then start the build again"
  else
    printf '%s' "start the build again; if it fails the same way, check that ${REGISTRY:-the registry} can be reached"
  fi
}
