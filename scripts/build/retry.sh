# shellcheck shell=bash
# Tries again what a service refuses for the moment only: it throttles, it is not well, or another write is
# under way. RETRY_SECONDS is how long to wait at first (default: 5), twice as long each time.
: "${STATE:?source lib.sh first}"

readonly ATTEMPTS=5
# Registries say toomanyrequests and 429 (ECR Public: public-service-quotas.html), AWS's APIs the first
# four of these (botocore data/_retry.json), S3 SlowDown.
readonly THROTTLED='throttl(ed|ing)|too ?many ?requests|request ?limit ?exceeded|rate (limit )?exceeded|slow ?down|(HTTP|status|code):? 429'
# A conditional write that meets another one is to be tried again: AmazonS3/latest/userguide/conditional-writes.html
readonly PASSING='ConditionalRequestConflict|\b(500 Internal|502 Bad|503 Service|504 Gateway)|status(:| code)? 50[0234]|ServiceUnavailable|Service Unavailable|InternalError|InternalFailure|connection reset|(i/o|handshake) timeout|unexpected EOF'

# quietly <log> <command>...: its words go into the log.
quietly() {
  "${@:2}" >"${1}" 2>&1
}

# aloud <log> <command>...: its words go into the log and on the screen.
aloud() {
  "${@:2}" 2>&1 | tee "${1}" >&2
}

# patiently quietly|aloud <log> <command>...: up to five times, as long as it fails for a reason that passes.
patiently() {
  local delay="${RETRY_SECONDS:-5}"
  local attempt status
  for ((attempt = 1; ; attempt++)); do
    status=0
    "${@}" || status="${?}"
    if ((status == 0 || attempt == ATTEMPTS)) || ! passes "${2}"; then
      return "${status}"
    fi
    warn "attempt ${attempt} of ${ATTEMPTS} failed, the next in ${delay} s: $(last_lines "${2}" | tail --lines=1)"
    sleep "${delay}"
    delay=$((delay * 2))
  done
}

# passes <log>: whether the error may be gone after a moment. A failed command of the Dockerfile is not
# tried again.
passes() {
  ! step_failed "${1}" && ended_with "${THROTTLED}|${PASSING}" "${1}"
}

# throttled <log>: whether a service refused because the request rate was exceeded.
throttled() {
  ! step_failed "${1}" && ended_with "${THROTTLED}" "${1}"
}

# step_failed <log>: whether a command of the Dockerfile failed; in the words of BuildKit's two generations,
# and of the builder before it.
step_failed() {
  ended_with 'executor failed running|did not complete successfully|returned a non-zero code' "${1}"
}

# ended_with <pattern> <log>
ended_with() {
  grep --quiet --ignore-case --extended-regexp "${1}" <(last_lines "${2}")
}

# throttles <log>: names a throttle in the message about what failed.
throttles() {
  ! throttled "${1}" || printf '%s' ": request rate exceeded (throttled)"
}

# throttling_advice: what to do once five attempts were not enough.
throttling_advice() {
  printf '%s' "it was asked ${ATTEMPTS} times, with longer and longer pauses; start the build again in some minutes"
}
