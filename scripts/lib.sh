# shellcheck shell=bash
# Functions that the host scripts share; sourced by them, never run directly.
#
# A host has one container that serves requests, ${CONTAINER}. The names of containers record how far a release
# has come, so that the next script can continue after a killed script or a power failure:
#   ${CONTAINER}-next       created, not started yet
#   ${CONTAINER}            serves requests
#   ${CONTAINER}-previous   served before. While it exists, ${CONTAINER} is on probation until
#                           health_check.sh accepts it or restores the previous one
#   ${CONTAINER}-failed     was not healthy; stopped, and kept until its log has been read
set -Eeuo pipefail

# CodeDeploy's agent closes our output when a hook times out: output may then be lost, but the clean-up must
# still run. The agent may also stop reading long before that: see "Output".
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
SAID="" # the output of the last command that was run with `try`

# --- Output --------------------------------------------------------------------------------------------
#
# The agent stops reading at a byte that is not UTF-8: 1.8.1 loses the diagnosis and leaves a pipe of 64 KiB that
# is no longer read; 2.x closes it (aws/aws-codedeploy-agent: hook_executor.rb, log_script;
# src/lifecycle_event/script.rs, stream_to_log). So all output is made printable, and its total size fits into that
# pipe: no write can block.

readonly LONGEST_MESSAGE=1500
readonly MOST_WORDS=48000
SPOKEN=0

readonly MAKE_PRINTABLE='
import sys
text = sys.stdin.buffer.read().decode("utf-8", "backslashreplace")
shown = (c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
sys.stdout.buffer.write("".join(shown).encode())
'

# printable <text>: sets ${PRINTABLE} to the text with everything else escaped. Python runs only if it is needed.
printable() {
  local LC_ALL=C plain=$'[:print:]\n\t'
  PRINTABLE="${1:0:LONGEST_MESSAGE}"
  [[ "${PRINTABLE}" == *[^${plain}]* ]] || return 0
  PRINTABLE="$(printf '%s' "${PRINTABLE}" | within 5 python3 -I -c "${MAKE_PRINTABLE}" 2>/dev/null)" ||
    PRINTABLE="${1//[^${plain}]/?}"
}

# tell <1 for stdout, 2 for stderr> <text>
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

# complain <what happened> <why> <what to do next>: prints an error, even if the limit of output is reached.
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
    "exit status ${1}; the lines above may say more" \
    "deploy again: the next deployment first cleans up after this one. If it fails again, run the script on this host with bash -x"
}

# --- Commands ------------------------------------------------------------------------------------------
#
# Every return names its status: in a trap, a bare return has the status from before the trap.

# within <seconds> <command> <argument>...: 124 if it timed out, 137 if it then had to be killed.
within() {
  timeout --foreground --kill-after=5 "${@}"
}

# Every call has a timeout. A call that may take longer, or must be shorter, uses `within` itself.
docker() {
  within "${DOCKER_SECONDS}" docker "${@}"
}

aws() {
  within "${AWS_SECONDS}" aws "${@}"
}

curl() {
  within "${CURL_SECONDS}" curl "${@}"
}

# try <command> <argument>...: runs it and sets ${SAID} to its output, only the end of it if it failed.
# Callers must always check the status.
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

# retry <attempts> <command> <argument>...: tries again after 2, 4, 8 … seconds. Status 2 of the command means
# that another attempt cannot succeed.
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

# --- Settings of this host and this revision --------------------------------------------------------------

# host.env is written at the host's first boot and never changes; what changes with a release is in the revision.
# The variables in the lower half are for tests and rehearsals; nothing sets them on EC2.
read_host_facts() {
  local file="${SLIPWAY_HOST_ENV:-/etc/slipway/host.env}" name
  unset CONTAINER PUBLISH LOG_DRIVER RUN_DIR STOP_SECONDS HEALTH_SECONDS LOCK_SECONDS WATCH_SECONDS
  unset HOST_PORT CONTAINER_PORT HEALTH_PATH ARCHITECTURE
  [[ -r "${file}" ]] || fail "the settings of this host cannot be read" \
    "${file} is not readable; cloud-init writes it at the first boot" \
    "see /var/log/cloud-init-output.log; if the first boot did not finish, replace this host"
  # shellcheck source=/dev/null # written on the host
  source "${file}"
  # Hosts from before revisions had an app.json have one port for both, and a health path.
  HOST_PORT="${HOST_PORT:-${CONTAINER_PORT:-}}"
  HEALTH_PATH_BEFORE="${HEALTH_PATH:-}"
  for name in SERVICE ENVIRONMENT REGION HOST_PORT PARAMETER_PATH APP_LOG_GROUP AWS_ACCESS; do
    [[ -n "${!name:-}" ]] || fail "this host has no ${name}" "${file} does not set it" \
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

# image.json names the image, app.json how to run it: the settings below [app] in pipeline.toml at that commit.
# Python reads both, because every Amazon Linux 2023 has it: dnf is written in Python.
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
                sys.exit(f"{file}: {name} must match {pattern}, received {ascii(value)[:200]}")
            print(value)
        if file == "image.json":
            built = found.get("built_at") # older revisions do not have it
            print(built if isinstance(built, str) and re.fullmatch(r"[0-9T:Z+-]{19,25}", built) else "")
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        sys.exit(f"{file}: {error}")
'

# shellcheck disable=SC2034 # start_server.sh uses what is not used here
read_revision() {
  local health_seconds stop_seconds
  try python3 -I -c "${READ_REVISION}" "${BUNDLE}" ||
    fail "the image.json or app.json of this revision is invalid" "${SAID}" \
      "nothing was changed; build the commit again, and deploy the new revision"
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

# Two deployments on one host would stop each other's containers. The lock is released when the process ends,
# however it ends. Programs that a killed script left running keep it until they end, which is intended.
take_turn() {
  local lock="${RUN_DIR}/${CONTAINER}.lock" holder
  install --directory --mode=0700 "${RUN_DIR}"
  exec 9>>"${lock}"
  if ! flock --nonblock 9; then
    holder="$(<"${lock}")"
    note "waiting at most ${LOCK_SECONDS} s: this host is busy with ${holder:-another deployment}"
    flock --timeout "${LOCK_SECONDS}" 9 || fail "this host is busy with another deployment" \
      "${holder:-it} has not ended within ${LOCK_SECONDS} s; nothing was changed" \
      "wait until it ends, or stop it; then deploy again"
  fi
  printf '%s of deployment %s, process %s\n' "${0##*/}" "${DEPLOYMENT_ID:-by hand}" "${$}" >"${lock}"
}

# --- Containers ------------------------------------------------------------------------------------------

# Docker may be restarting; without an answer, a container must not be taken for missing.
docker_answers() {
  try docker version --format '{{.Server.Version}}'
}

need_docker() {
  retry 6 docker_answers || fail "Docker does not answer on this host" "${SAID}" \
    "check systemctl status docker; when Docker runs again, deploy again"
}

# look_at <container>: sets ${STATE} (absent if there is no such container), ${RESTARTS}, ${EXIT_CODE}, and from its
# labels ${RUNS_COMMIT}, ${RUNS_DIGEST}, ${FINGERPRINT} and ${RUNS_HEALTH_PATH}.
look_at() {
  local format='{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}'
  format+=' {{index .Config.Labels "slipway.commit"}} {{index .Config.Labels "slipway.digest"}}'
  format+=' {{index .Config.Labels "slipway.fingerprint"}} {{index .Config.Labels "slipway.health-path"}}'
  if ! try docker container inspect --format "${format}" "${1}"; then
    [[ "${SAID,,}" == *"no such container"* ]] || return 1
    SAID="absent 0 0"
  fi
  # shellcheck disable=SC2034 # the caller reads them
  read -r STATE RESTARTS EXIT_CODE RUNS_COMMIT RUNS_DIGEST FINGERPRINT RUNS_HEALTH_PATH <<<"${SAID}"
}

# see <container>: look_at that fails the deployment if Docker does not answer.
see() {
  retry 5 look_at "${1}" || fail "Docker does not report the state of ${1}" "${SAID}" \
    "check systemctl status docker; when Docker runs again, deploy again"
}

remove() {
  look_at "${1}" || return 1
  [[ "${STATE}" == absent ]] || try docker rm --force "${1}"
}

# serves_this_revision: whether the running container was created from this revision's image.
serves_this_revision() {
  see "${CONTAINER}"
  [[ "${STATE}" == running && "${RUNS_COMMIT:-}" == "${COMMIT}" && "${RUNS_DIGEST:-}" == "${DIGEST}" ]]
}

# was_healthy_here: whether health_check.sh accepted this revision on this host before, as it did the target of a
# rollback. Such a revision is checked faster, so that a rollback is not delayed.
was_healthy_here() {
  local known
  while read -r known; do
    [[ "${known}" != "${COMMIT} ${DIGEST}" ]] || return 0
  done 2>/dev/null <"${RELEASES}"
  return 1
}

# From now on Docker restarts ${CONTAINER}, also after a reboot; ${PREVIOUS} is started only by
# bring_back_previous. The policy is `always`, not `unless-stopped`: after a power failure during the swap, the old
# container must start again, although it was stopped.
settle_restarts() {
  try docker update --restart always "${CONTAINER}" && look_at "${PREVIOUS}" || return 1
  [[ "${STATE}" == absent ]] || try docker update --restart no "${PREVIOUS}"
}

# Restores the previous container. It can be called again after any of its steps: once the container has its name
# back, nothing changes any more. The failed container is kept, stopped, so that its log can be read.
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

# stop_at_once <container>: also for the old one if it is running: Docker continues a stop whose caller was killed
# (moby daemon/stop.go), which would stop the container after it is started again.
stop_at_once() {
  look_at "${1}" || return 1
  case "${STATE}" in
    running | restarting | paused) try docker stop -t 0 "${1}" ;;
    *) return 0 ;;
  esac
}

# answers: sends one request to the health path; sets ${ANSWER} to the status code or curl's error.
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
