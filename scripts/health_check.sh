#!/bin/bash
# Decides whether what start_server.sh has started stays: CodeDeploy's ValidateService.
#
# 0 if the container runs this revision and answers its health path several times in a row; 1 if not, and
# then the container that served before serves again: a host is not left to a release that has failed.
set -Eeuo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly IN_A_ROW=5
PAUSE=0.5 # seconds: a release waits for this on each host
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

# Counted as well as timed: an answer that is late counts for longer than one that comes at once.
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
      WHY="${CONTAINER} has been restarted ${crashes} times while it was watched"
      return 1
    elif ((down >= SECONDS_DOWN * LOOKS_A_SECOND)) || { [[ "${STATE}" == running ]] && ! is_ours; }; then
      return 1
    fi
    sleep "${PAUSE}"
  done
  WHY="${WHY:-it did not answer ${IN_A_ROW} times in a row}, and ${HEALTH_SECONDS} s are over"
  return 1
}

# is_healthy: one look; what is amiss is in ${WHY}.
is_healthy() {
  if ! look_at "${CONTAINER}"; then
    STATE="unknown"
    WHY="Docker does not answer: ${SAID}"
  elif [[ "${STATE}" != running ]]; then
    WHY="${CONTAINER} is ${STATE}, exit code ${EXIT_CODE}, after ${RESTARTS} restarts"
  elif ! is_ours; then
    WHY="${CONTAINER} runs commit ${RUNS_COMMIT:-unknown}, ${RUNS_DIGEST:-no digest}, not this revision's"
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

# The container's labels are the proof. A service that tells its commit at /version must not say another.
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

# A container that is down may be between two starts; one that stays down does not come back.
count_down() {
  case "${STATE}" in
    exited | dead | created | absent) echo "$((${1} + 1))" ;;
    *) echo 0 ;;
  esac
}

# Probation is over: the way back from here is a deployment of its own.
accept() {
  note_what_was_replaced || warn "watch.sh will not watch this release: ${SAID}"
  remove "${PREVIOUS}" || warn "the container before this one was not removed: ${SAID}"
}

# For watch.sh: whether the container before this one was of an older release, of a newer one (then this is a way
# back), or of the same. A way back is to what ran here before, or to what was built before: an image's time alone
# does not tell, because one that is made of cached layers has theirs.
note_what_was_replaced() {
  local this="${COMMIT} ${DIGEST}" replaced=older before="" each last=""
  local known=() kept=()
  look_at "${PREVIOUS}" || return 1
  [[ "${STATE}" == absent ]] || before="${RUNS_COMMIT:-} ${RUNS_DIGEST:-}"
  [[ ! -r "${RELEASES}" ]] || mapfile -t known <"${RELEASES}"
  known+=(${before:+"${before}"})
  for each in "${known[@]}"; do
    if [[ "${each}" == "${this}" ]]; then
      replaced=newer
      break
    fi
    [[ "${each}" == "${last}" ]] || kept+=("${each}")
    last="${each}"
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

# Times are UTC and begin alike, so that they compare as words.
was_built_before_previous() {
  try docker container inspect --format '{{index .Config.Labels "slipway.built_at"}}' "${PREVIOUS}" &&
    [[ -n "${BUILT_AT}" && "${SAID:0:19}" > "${BUILT_AT:0:19}" ]]
}

# --- When it is not healthy, or this script is ended before it knows -------------------------------------

finish() {
  local status="${?}"
  trap - ERR
  trap '' HUP INT TERM
  set +e
  if ((status > 128)); then
    WHY="the check was ended by signal $((status - 128)); CodeDeploy sends 15 when the time in appspec.yml is up"
  fi
  bring_back
  complain "commit ${COMMIT} is not healthy on this host" "${WHY:-the lines above say it}" \
    "see ${APP_LOG_GROUP:?} in CloudWatch Logs; repair the commit, and deploy that"
  exit 1
}

# The console shows 2,048 characters, and what is wrong comes after these.
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
  try read_log "${1}" || SAID="they cannot be read: ${SAID}"
  tell 1 "${SAID}"
  SAID="${why}"
}

read_log() {
  within "${LOG_SECONDS}" docker logs --tail 30 "${1}" 2>&1 | within "${LOG_SECONDS}" python3 -I -c "${READ_LOG}"
}

# Only what this deployment has started is taken away; whatever else runs is somebody else's release.
# What failed is asked for its last words only once the old one has been started.
bring_back() {
  see "${PREVIOUS}"
  local previous="${STATE}"
  see "${CONTAINER}"
  if [[ "${previous}" == absent ]]; then
    show_log "${CONTAINER}"
    note "there is no container from before to bring back"
  elif [[ "${STATE}" != absent ]] && ! is_ours; then
    note "${CONTAINER} is not of this deployment: left as it is"
  elif ! retry 5 bring_back_previous; then
    show_log "${FAILED}"
    WHY="${WHY}. And nothing runs on this host: the container before it cannot be started either: ${SAID}"
  else
    show_log "${FAILED}"
    remove "${FAILED}" || warn "what failed was not removed, the next deployment does that: ${SAID}"
    say_what_serves_again
  fi
}

# It is asked as it was when it was deployed: the new release's health path may be none of its own.
say_what_serves_again() {
  see "${CONTAINER}"
  HEALTH_PATH="${RUNS_HEALTH_PATH:-${HEALTH_PATH_BEFORE:-${HEALTH_PATH}}}"
  if answers_within "${BRING_BACK_SECONDS}"; then
    step "The container that ran before, commit ${RUNS_COMMIT:-unknown}, serves again"
  else
    warn "the container that ran before, commit ${RUNS_COMMIT:-unknown}, runs again, but answers ${ANSWER}"
  fi
}

main
