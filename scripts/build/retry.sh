# shellcheck shell=bash
# Retries commands that fail for a temporary reason: throttling, an error of the service, or a concurrent write.
# RETRY_SECONDS is the first pause, which is doubled every time. Default: 5.
: "${STATE:?source lib.sh first}"

readonly ATTEMPTS=5
# Registries return toomanyrequests and 429 (ECR Public: public-service-quotas.html), AWS's APIs the first four of
# these (botocore data/_retry.json), S3 SlowDown.
readonly THROTTLED='throttl(ed|ing)|too ?many ?requests|request ?limit ?exceeded|rate (limit )?exceeded|slow ?down|(HTTP|status|code):? 429'
# A conditional write that conflicts with another must be retried: AmazonS3/latest/userguide/conditional-writes.html
readonly PASSING='ConditionalRequestConflict|\b(500 Internal|502 Bad|503 Service|504 Gateway)|status(:| code)? 50[0234]|ServiceUnavailable|Service Unavailable|InternalError|InternalFailure|connection reset|(i/o|handshake) timeout|unexpected EOF'

# quietly <log> <command>...: writes its output to the log.
quietly() {
  "${@:2}" >"${1}" 2>&1
}

# aloud <log> <command>...: writes its output to the log and to stderr.
aloud() {
  "${@:2}" 2>&1 | tee "${1}" >&2
}

# patiently quietly|aloud <log> <command>...: runs it up to five times, as long as it fails for a temporary reason.
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

# passes <log>: whether the error is temporary. A failed command of the Dockerfile is not retried.
passes() {
  ! step_failed "${1}" && ended_with "${THROTTLED}|${PASSING}" "${1}"
}

# throttled <log>: whether a service refused because the request rate was exceeded.
throttled() {
  ! step_failed "${1}" && ended_with "${THROTTLED}" "${1}"
}

# step_failed <log>: whether a command of the Dockerfile failed, by the messages of both generations of BuildKit and
# of the builder before it.
step_failed() {
  ended_with 'executor failed running|did not complete successfully|returned a non-zero code' "${1}"
}

# ended_with <pattern> <log>
ended_with() {
  grep --quiet --ignore-case --extended-regexp "${1}" <(last_lines "${2}")
}

# throttles <log>: prints a note for the error message if the request was throttled.
throttles() {
  ! throttled "${1}" || printf '%s' ": request rate exceeded (throttled)"
}

# throttling_advice: prints what to do after the last attempt.
throttling_advice() {
  printf '%s' "${ATTEMPTS} attempts with increasing pauses failed; start the build again in a few minutes"
}
