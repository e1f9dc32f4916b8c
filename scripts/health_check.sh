#!/bin/bash
# Decides whether the container that start_server.sh started stays: CodeDeploy's ValidateService.
#
# Exits 0 if the container runs this revision and answers its health path several times in a row. Otherwise it
# restores the previous container and exits 1, so that no host keeps a failed release.
set -Eeuo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly IN_A_ROW=5
PAUSE=0.5 # seconds between checks; it delays the release on every host
LOOKS_A_SECOND=2
readonly CRASHES=3
readonly SECONDS_DOWN=10
readonly BRING_BACK_SECONDS=60
readonly REMEMBERED=50 # releases
readonly LOG_SECONDS=10
WHY=""

main() {
  read_host_facts
  read_revision
  take_turn
  trap finish EXIT
  if was_healthy_here; then
    PAUSE=0.2
    LOOKS_A_SECOND=5
  fi
  step "Asking http://${ADDRESS}${HEALTH_PATH} until it answers 200 ${IN_A_ROW} times in a row, within ${HEALTH_SECONDS} s"
  wait_until_healthy && reports_this_commit || exit 1
  trap - EXIT
  accept
  step "Commit ${COMMIT} is healthy and stays"
}

# Limited by count and by time: slow answers make every round longer.
wait_until_healthy() {
  local deadline="$((SECONDS + HEALTH_SECONDS))" good=0 down=0 first="" crashes tries
  for ((tries = HEALTH_SECONDS * LOOKS_A_SECOND; tries > 0 && SECONDS <= deadline; tries--)); do
    if is_healthy; then
      good=$((good + 1))
    else
      good=0
    fi
    if ((good >= IN_A_ROW)); then
      return 0
    fi
    first="${first:-${RESTARTS:-0}}"
    down="$(count_down "${down}")"
    crashes="$((${RESTARTS:-0} - first))"
    if ((crashes >= CRASHES)); then
      WHY="${CONTAINER} was restarted ${crashes} times during the health check"
      return 1
    elif ((down >= SECONDS_DOWN * LOOKS_A_SECOND)) || { [[ "${STATE}" == running ]] && ! is_ours; }; then
      return 1
    fi
    sleep "${PAUSE}"
  done
  WHY="${WHY:-it did not answer ${IN_A_ROW} times in a row}; timed out after ${HEALTH_SECONDS} s"
  return 1
}

# is_healthy: checks once; if the container is not healthy, sets ${WHY} to the reason.
is_healthy() {
  if ! look_at "${CONTAINER}"; then
    STATE="unknown"
    WHY="Docker does not answer: ${SAID}"
  elif [[ "${STATE}" != running ]]; then
    WHY="${CONTAINER} is ${STATE}, exit code ${EXIT_CODE}, after ${RESTARTS} restarts"
  elif ! is_ours; then
    WHY="${CONTAINER} runs commit ${RUNS_COMMIT:-unknown}, ${RUNS_DIGEST:-no digest}, which is not this revision"
  elif ! answers; then
    WHY="${HEALTH_PATH} answered ${ANSWER}"
  else
    WHY=""
  fi
  [[ -z "${WHY}" ]]
}

is_ours() {
  [[ "${RUNS_COMMIT:-}" == "${COMMIT}" && "${RUNS_DIGEST:-}" == "${DIGEST}" ]]
}

# The container's labels prove its commit. If the service reports its commit at /version, it must be the same.
readonly READ_VERSION='
import json, sys
try:
    commit = json.loads(sys.stdin.buffer.read(65536))["commit"]
except (ValueError, KeyError, TypeError):
    sys.exit()
if isinstance(commit, str) and commit and not sys.argv[1].startswith(commit):
    print(ascii(commit[:128]))
'

reports_this_commit() {
  local other
  other="$(curl --silent --noproxy '*' --max-time 5 "http://${ADDRESS}/version" |
    python3 -I -c "${READ_VERSION}" "${COMMIT}" 2>/dev/null)" || true
  WHY="/version reports commit ${other}, not ${COMMIT}"
  [[ -z "${other}" ]]
}

# A stopped container may be about to restart; one that stays stopped has failed.
count_down() {
  case "${STATE}" in
    exited | dead | created | absent) echo "$((${1} + 1))" ;;
    *) echo 0 ;;
  esac
}

# Ends the probation: from here on, a rollback is a deployment of its own.
accept() {
  note_what_was_replaced || warn "watch.sh will not watch this release: ${SAID}"
  remove "${PREVIOUS}" || warn "the previous container was not removed: ${SAID}"
}

# Records for watch.sh whether the previous container was of an older release, of a newer one (then this is a
# rollback) or of the same. A rollback goes to a release that ran on this host before, or that was built before;
# the image's time alone is not enough, because an image made of cached layers has their time.
note_what_was_replaced() {
  local this="${COMMIT} ${DIGEST}" replaced=older before="" release last=""
  local known=() kept=()
  look_at "${PREVIOUS}" || return 1
  [[ "${STATE}" == absent ]] || before="${RUNS_COMMIT:-} ${RUNS_DIGEST:-}"
  [[ ! -r "${RELEASES}" ]] || mapfile -t known <"${RELEASES}"
  known+=(${before:+"${before}"})
  for release in "${known[@]}"; do
    if [[ "${release}" == "${this}" ]]; then
      replaced=newer
      break
    fi
    [[ "${release}" == "${last}" ]] || kept+=("${release}")
    last="${release}"
  done
  kept+=("${this}")
  if [[ -z "${before}" ]]; then
    replaced=nothing
  elif [[ "${before}" == "${this}" ]]; then
    replaced=same
  elif was_built_before_previous; then
    replaced=newer
  fi
  printf '%s\n' "${kept[@]}" | tail --lines="${REMEMBERED}" >"${RELEASES}"
  printf '%s %s\n' "${DEPLOYMENT_ID:-by hand}" "${replaced}" >"${REPLACED}"
}

# Times are UTC in one format, so they can be compared as text.
was_built_before_previous() {
  try docker container inspect --format '{{index .Config.Labels "slipway.built_at"}}' "${PREVIOUS}" &&
    [[ -n "${BUILT_AT}" && "${SAID:0:19}" > "${BUILT_AT:0:19}" ]]
}

# --- If it is not healthy, or this script is terminated early --------------------------------------------

finish() {
  local status="${?}"
  trap - ERR
  trap '' HUP INT TERM
  set +e
  if ((status > 128)); then
    WHY="the check was terminated by signal $((status - 128)); CodeDeploy sends signal 15 after the timeout in appspec.yml"
  fi
  bring_back
  complain "commit ${COMMIT} is not healthy on this host" "${WHY:-see the lines above}" \
    "see ${APP_LOG_GROUP:?} in CloudWatch Logs; fix the service, and deploy the new commit"
  exit 1
}

# CodeDeploy's console shows 2,048 characters, and the error message must still fit after these lines.
readonly READ_LOG='
import sys
end = b""
while chunk := sys.stdin.buffer.read1(65536):
    end = (end + chunk)[-65536:]
lines = [line.replace(b"\0", b"\\0")[:200] for line in end.splitlines()[-30:]]
sys.stdout.buffer.write(b"\n".join(lines)[-1200:])
'

# show_log <container>
show_log() {
  local why="${SAID}"
  step "The last lines of ${1}'s log:"
  try read_log "${1}" || SAID="the log cannot be read: ${SAID}"
  tell 1 "${SAID}"
  SAID="${why}"
}

read_log() {
  within "${LOG_SECONDS}" docker logs --tail 30 "${1}" 2>&1 | within "${LOG_SECONDS}" python3 -I -c "${READ_LOG}"
}

# Only a container that this deployment started is removed; any other belongs to another release. The failed
# container's log is read only after the old container has been started.
bring_back() {
  see "${PREVIOUS}"
  local previous="${STATE}"
  see "${CONTAINER}"
  if [[ "${previous}" == absent ]]; then
    show_log "${CONTAINER}"
    note "there is no previous container to restore"
  elif [[ "${STATE}" != absent ]] && ! is_ours; then
    note "${CONTAINER} does not belong to this deployment: left unchanged"
  elif ! retry 5 bring_back_previous; then
    show_log "${FAILED}"
    WHY="${WHY}. No container runs on this host: the previous one cannot be started either: ${SAID}"
  else
    show_log "${FAILED}"
    remove "${FAILED}" || warn "the failed container was not removed; the next deployment removes it: ${SAID}"
    say_what_serves_again
  fi
}

# Uses the health path of its own release: the new release may have another one.
say_what_serves_again() {
  see "${CONTAINER}"
  HEALTH_PATH="${RUNS_HEALTH_PATH:-${HEALTH_PATH_BEFORE:-${HEALTH_PATH}}}"
  if answers_within "${BRING_BACK_SECONDS}"; then
    step "The previous container, commit ${RUNS_COMMIT:-unknown}, serves again"
  else
    warn "the previous container, commit ${RUNS_COMMIT:-unknown}, runs again, but answers ${ANSWER}"
  fi
}

main
