# shellcheck shell=bash
# The verbs that the host scripts share; sourced by them, never run by itself.
#
# A host has one container that serves, ${CONTAINER}. Names say where a release stands, so that whoever
# comes after a killed script, or a power cut, knows it too:
#   ${CONTAINER}-next       made, not started yet
#   ${CONTAINER}            serves
#   ${CONTAINER}-previous   what served before. While it is there, ${CONTAINER} is on probation:
#                           health_check.sh ends that, one way or the other
#   ${CONTAINER}-failed     what was not healthy, stopped, for as long as its log is wanted
set -Eeuo pipefail

# CodeDeploy's agent closes our output when a hook's time is up: words may get lost then, deeds may not.
# It may also stop reading long before that: see "Words".
trap '' PIPE
trap 'unexpected "${?}" "${LINENO}" "${BASH_COMMAND}"' ERR
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

readonly DOCKER_SECONDS=60
readonly AWS_SECONDS=60
readonly CURL_SECONDS=10
BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly BUNDLE
SAID="" # what the last command that was tried has said

# --- Words ---------------------------------------------------------------------------------------------
#
# A byte that is not UTF-8 ends the agent's reading: 1.8.1 loses the diagnosis, and leaves a pipe of 64 KiB that
# nobody reads; 2.x closes it (aws/aws-codedeploy-agent: hook_executor.rb, log_script; src/lifecycle_event/script.rs,
# stream_to_log). So every word is made printable, and all of them together fit into that pipe: none is waited for.

readonly LONGEST_MESSAGE=1500
readonly MOST_WORDS=48000
SPOKEN=0

readonly MAKE_PRINTABLE='
import sys
text = sys.stdin.buffer.read().decode("utf-8", "backslashreplace")
shown = (each if each.isprintable() or each in "\n\t" else ascii(each)[1:-1] for each in text)
sys.stdout.buffer.write("".join(shown).encode())
'

# printable <text>: what of it can be shown, in ${PRINTABLE}. Python is asked only where there is something to do.
printable() {
  local LC_ALL=C plain=$'[:print:]\n\t'
  PRINTABLE="${1:0:LONGEST_MESSAGE}"
  [[ "${PRINTABLE}" == *[^${plain}]* ]] || return 0
  PRINTABLE="$(printf '%s' "${PRINTABLE}" | within 5 python3 -I -c "${MAKE_PRINTABLE}" 2>/dev/null)" ||
    PRINTABLE="${1//[^${plain}]/?}"
}

# tell <1, or 2 for what is wrong> <text>
tell() {
  printable "${2}"
  SPOKEN=$((SPOKEN + ${#PRINTABLE}))
  ((SPOKEN > MOST_WORDS)) || printf '%s\n' "${PRINTABLE}" >&"${1}" || true
}

step() {
  tell 1 "-----> ${1}"
}

note() {
  tell 1 "       ${1}"
}

warn() {
  tell 2 "WARNING: ${1}"
}

# complain <what happened> <why> <what to do next>: whatever was said before.
complain() {
  local indented=$'\n        ' why
  printable "${2}"
  why="${PRINTABLE}"
  printable "${1}"
  printf 'ERROR: %s\n  why:  %s\n  next: %s\n' \
    "${PRINTABLE}" "${why//$'\n'/${indented}}" "${3//$'\n'/${indented}}" >&2 || true
}

fail() {
  complain "${@}"
  exit 1
}

unexpected() {
  fail "unexpected error at line ${2}: ${3}" \
    "it ended with ${1}; the lines above may say more" \
    "deploy again: what was begun is put right first. If it stays, run the script by hand on this host, with bash -x"
}

# --- Commands ------------------------------------------------------------------------------------------
#
# Every return says its status: in a trap, bash gives a bare one what stood before the trap.

# within <seconds> <command> <argument>...: 124 if its time was up; by force (137) if it did not end then.
within() {
  timeout --foreground --kill-after=5 "${@}"
}

# Whatever hangs is given up, wherever it is called. What may take longer, or must not, says so by within.
docker() {
  within "${DOCKER_SECONDS}" docker "${@}"
}

aws() {
  within "${AWS_SECONDS}" aws "${@}"
}

curl() {
  within "${CURL_SECONDS}" curl "${@}"
}

# try <command> <argument>...: runs it quietly; what it said is in ${SAID}, or the end of it where it failed.
# Always ask how it ended.
try() {
  local status=0
  SAID="$("${@}" 2>&1)" || status="${?}"
  if ((status && ${#SAID} > LONGEST_MESSAGE)); then
    SAID="${SAID: -LONGEST_MESSAGE}"
  fi
  if ((status == 124 || status == 137)); then
    SAID="${SAID:+${SAID}; }no answer in time"
  fi
  return "${status}"
}

# retry <attempts> <command> <argument>...: again after 2, 4, 8 … seconds. 2 from the command means that
# trying again is of no use.
retry() {
  local attempts="${1}" attempt delay=2 status
  shift
  for ((attempt = 1; ; attempt++)); do
    status=0
    "${@}" || status="${?}"
    if ((status == 0 || status == 2 || attempt >= attempts)); then
      return "${status}"
    fi
    note "attempt ${attempt} of ${attempts} failed, again in ${delay} s: ${SAID##*$'\n'}"
    sleep "${delay}"
    delay=$((delay * 2))
  done
}

# --- What this host and this revision are ----------------------------------------------------------------

# The facts were written at the host's first start, and stay: what changes with a release comes with its revision.
# The lower half is for hosts that are not alone on their Docker engine, or have other needs; nothing sets it on EC2.
read_host_facts() {
  local file="${SLIPWAY_HOST_ENV:-/etc/slipway/host.env}" name
  unset CONTAINER PUBLISH LOG_DRIVER RUN_DIR STOP_SECONDS HEALTH_SECONDS LOCK_SECONDS WATCH_SECONDS
  unset HOST_PORT CONTAINER_PORT HEALTH_PATH ARCHITECTURE
  [[ -r "${file}" ]] || fail "this host does not know what it is for" \
    "${file} cannot be read; cloud-init writes it at the first start" \
    "see /var/log/cloud-init-output.log; a host that did not finish its first start is best replaced"
  # shellcheck source=/dev/null # made on each host
  source "${file}"
  # Hosts that were made before app.json was part of revisions have one port for both, and a health path.
  HOST_PORT="${HOST_PORT:-${CONTAINER_PORT:-}}"
  HEALTH_PATH_BEFORE="${HEALTH_PATH:-}"
  for name in SERVICE ENVIRONMENT REGION HOST_PORT PARAMETER_PATH APP_LOG_GROUP AWS_ACCESS; do
    [[ -n "${!name:-}" ]] || fail "this host does not know its ${name}" "${file} does not say it" \
      "renew this host: it was started with user data of another version"
  done
  CONTAINER="${CONTAINER:-${SERVICE:?}}"
  NEXT="${CONTAINER}-next"
  PREVIOUS="${CONTAINER}-previous"
  FAILED="${CONTAINER}-failed"
  PUBLISH="${PUBLISH:-0.0.0.0:${HOST_PORT:?}}"
  ADDRESS="${PUBLISH/#0.0.0.0:/127.0.0.1:}"
  LOG_DRIVER="${LOG_DRIVER:-awslogs}"
  RUN_DIR="${RUN_DIR:-/run/slipway}"
  LOCK_SECONDS="${LOCK_SECONDS:-300}"
  RELEASES="${RUN_DIR}/${CONTAINER}.releases"
  REPLACED="${RUN_DIR}/${CONTAINER}.replaced"
  # shellcheck disable=SC2034 # start_server.sh uses what is not used here
  readonly NEXT PREVIOUS FAILED ADDRESS LOG_DRIVER LOCK_SECONDS HEALTH_PATH_BEFORE RELEASES REPLACED
}

# Python reads JSON here, because every Amazon Linux 2023 has it: dnf is written in it.
# image.json says what to start, app.json how: what pipeline.toml said below [app] at that commit. Python reads both.
readonly READ_REVISION='
import json, re, sys
number = r"[1-9][0-9]{0,7}"
patterns = {
    "image.json": {
        "repository": r"[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/[a-z0-9._-]+)+",
        "commit": r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}",
        "digest": r"sha256:[0-9a-f]{64}",
    },
    "app.json": {
        "architecture": r"x86_64|arm64",
        "aws_access": r"true|false",
        "cpus": r"[0-9]+([.][0-9]+)?|null",
        "health_path": r"/[A-Za-z0-9._~%/?=&:@+,-]*",
        "health_seconds": number,
        "memory_mib": f"{number}|null",
        "pids": number,
        "port": number,
        "stop_seconds": number,
        "tmpfs": r"/[A-Za-z0-9._/:=,-]+( /[A-Za-z0-9._/:=,-]+)*",
    },
}
for file, names in patterns.items():
    try:
        with open(f"{sys.argv[1]}/{file}", encoding="utf-8") as opened:
            found = json.load(opened)
        for name, pattern in names.items():
            value = found.get(name)
            if file == "app.json" and not isinstance(value, str):
                value = " ".join(value) if isinstance(value, list) else json.dumps(value)
            if not isinstance(value, str) or not re.fullmatch(pattern, value):
                sys.exit(f"{file}: {name} has to match {pattern}, received {ascii(value)[:200]}")
            print(value)
        if file == "image.json":
            built = found.get("built_at") # revisions of old do not say it
            print(built if isinstance(built, str) and re.fullmatch(r"[0-9T:Z+-]{19,25}", built) else "")
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        sys.exit(f"{file}: {error}")
'

# shellcheck disable=SC2034 # start_server.sh uses what is not used here
read_revision() {
  local health_seconds stop_seconds
  try python3 -I -c "${READ_REVISION}" "${BUNDLE}" ||
    fail "this revision does not say what to start, and how" "${SAID}" \
      "nothing was touched; build the commit again, and deploy what that build makes"
  {
    read -r REPOSITORY_URI
    read -r COMMIT
    read -r DIGEST
    read -r BUILT_AT
    read -r APP_ARCHITECTURE
    read -r APP_AWS_ACCESS
    read -r CPUS
    read -r HEALTH_PATH
    read -r health_seconds
    read -r MEMORY_MIB
    read -r PIDS
    read -r CONTAINER_PORT
    read -r stop_seconds
    read -ra TMPFS
  } <<<"${SAID}"
  IMAGE="${REPOSITORY_URI}@${DIGEST}"
  HEALTH_SECONDS="${HEALTH_SECONDS:-${health_seconds}}"
  STOP_SECONDS="${STOP_SECONDS:-${stop_seconds}}"
  readonly REPOSITORY_URI COMMIT DIGEST BUILT_AT IMAGE HEALTH_SECONDS STOP_SECONDS
  readonly APP_ARCHITECTURE APP_AWS_ACCESS CPUS MEMORY_MIB PIDS CONTAINER_PORT TMPFS
}

# --- One at a time ---------------------------------------------------------------------------------------

# Two deployments on one host would stop each other's containers. The lock goes with the process, however
# that ends; programs that a killed script has left behind hold it until they are done, which is meant.
take_turn() {
  local lock="${RUN_DIR}/${CONTAINER}.lock" holder
  install --directory --mode=0700 "${RUN_DIR}"
  exec 9>>"${lock}"
  if ! flock --nonblock 9; then
    holder="$(<"${lock}")"
    note "waiting at most ${LOCK_SECONDS} s: this host is busy with ${holder:-another deployment}"
    flock --timeout "${LOCK_SECONDS}" 9 || fail "this host is busy with another deployment" \
      "${holder:-it} has not ended within ${LOCK_SECONDS} s; nothing was touched" \
      "wait for it, or stop it, and deploy again: one deployment at a time"
  fi
  printf '%s of deployment %s, process %s\n' "${0##*/}" "${DEPLOYMENT_ID:-by hand}" "${$}" >"${lock}"
}

# --- Containers ------------------------------------------------------------------------------------------

# The daemon may be starting again just now; a container that cannot be asked about is not a missing one.
docker_answers() {
  try docker version --format '{{.Server.Version}}'
}

need_docker() {
  retry 6 docker_answers || fail "Docker does not answer on this host" "${SAID}" \
    "systemctl status docker; when it runs again, deploy again"
}

# look_at <container>: its ${STATE}, which is absent if there is no such container, the ${RESTARTS} and
# ${EXIT_CODE}, and the ${RUNS_COMMIT}, ${RUNS_DIGEST}, ${FINGERPRINT} and ${RUNS_HEALTH_PATH} of what it was made from.
look_at() {
  local format='{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}'
  format+=' {{index .Config.Labels "slipway.commit"}} {{index .Config.Labels "slipway.digest"}}'
  format+=' {{index .Config.Labels "slipway.fingerprint"}} {{index .Config.Labels "slipway.health-path"}}'
  if ! try docker container inspect --format "${format}" "${1}"; then
    [[ "${SAID,,}" == *"no such container"* ]] || return 1
    SAID="absent 0 0"
  fi
  # shellcheck disable=SC2034 # whoever asked reads them
  read -r STATE RESTARTS EXIT_CODE RUNS_COMMIT RUNS_DIGEST FINGERPRINT RUNS_HEALTH_PATH <<<"${SAID}"
}

# see <container>: look at it, and do not go on without an answer.
see() {
  retry 5 look_at "${1}" || fail "Docker does not say how ${1} is" "${SAID}" \
    "systemctl status docker; when it runs again, deploy again"
}

remove() {
  look_at "${1}" || return 1
  [[ "${STATE}" == absent ]] || try docker rm --force "${1}"
}

# serves_this_revision: whether what runs was made from this revision's image.
serves_this_revision() {
  see "${CONTAINER}"
  [[ "${STATE}" == running && "${RUNS_COMMIT:-}" == "${COMMIT}" && "${RUNS_DIGEST:-}" == "${DIGEST}" ]]
}

# was_healthy_here: whether health_check.sh has let this revision stay on this host since it was started. So has
# what a way back goes to: it has less to prove, and the way back does not wait for it.
was_healthy_here() {
  local known
  while read -r known; do
    [[ "${known}" != "${COMMIT} ${DIGEST}" ]] || return 0
  done 2>/dev/null <"${RELEASES}"
  return 1
}

# From here on ${CONTAINER} is started again whatever happens, also by a reboot, and ${PREVIOUS} by nothing
# but bring_back_previous. `always`, not `unless-stopped`: a host that loses power while a release is being
# swapped in comes back with the old one, although that was stopped.
settle_restarts() {
  try docker update --restart always "${CONTAINER}" && look_at "${PREVIOUS}" || return 1
  [[ "${STATE}" == absent ]] || try docker update --restart no "${PREVIOUS}"
}

# The way back. It may be called again after any of its steps: once the name is given back, nothing is
# touched any more. What failed is kept, stopped: its log is read when there is time.
bring_back_previous() {
  look_at "${PREVIOUS}" || return 1
  if [[ "${STATE}" != absent ]]; then
    put_failed_aside &&
      stop_at_once "${FAILED}" &&
      stop_at_once "${PREVIOUS}" &&
      try docker update --restart always "${PREVIOUS}" &&
      try docker rename "${PREVIOUS}" "${CONTAINER}" || return 1
  fi
  try docker start "${CONTAINER}"
}

put_failed_aside() {
  look_at "${CONTAINER}" || return 1
  [[ "${STATE}" != absent ]] || return 0
  remove "${FAILED}" &&
    try docker update --restart no "${CONTAINER}" &&
    try docker rename "${CONTAINER}" "${FAILED}"
}

# stop_at_once <container>: the old one too, if it runs: Docker goes on with a stop whose caller was ended (moby
# daemon/stop.go), and what is started meanwhile would be stopped by it.
stop_at_once() {
  look_at "${1}" || return 1
  case "${STATE}" in
    running | restarting | paused) try docker stop -t 0 "${1}" ;;
    *) return 0 ;;
  esac
}

# answers: one request to the health path; what came is in ${ANSWER}.
answers() {
  ANSWER="$(curl --silent --show-error --noproxy '*' --max-time 5 --output /dev/null \
    --write-out '%{http_code}' "http://${ADDRESS}${HEALTH_PATH:?}" 2>&1)" || true
  [[ "${ANSWER}" == 200 ]]
}

# answers_within <seconds>
answers_within() {
  local left
  for ((left = ${1}; left > 0; left--)); do
    if answers; then
      return 0
    fi
    sleep 1
  done
  return 1
}
