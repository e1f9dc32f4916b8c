#!/bin/bash
# Starts this revision's image on this host in place of what runs: CodeDeploy's ApplicationStart.
#
# All that can fail because of others (registry, Parameter Store, CloudWatch, disk) comes before the running container
# is touched, and the old one is kept until health_check.sh has seen the new one serve.
# docs/decisions/0016-pull-before-stop.md says why.
set -Eeuo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly KEEP_IMAGES=3
readonly PULL_SECONDS=300
readonly LONGEST_STOP=330
readonly OTHERS_MIB=512
PULLED=false
SWAPPING=false

main() {
  read_host_facts
  read_revision
  step "Deploying commit ${COMMIT} to ${CONTAINER}"
  need_able_host
  take_turn
  trap finish EXIT
  open_workspace
  need_docker
  settle_last_run
  pull_image
  if ! fetch_parameters; then
    keep_what_runs_or_fail
    return 0
  fi
  describe_container
  if runs_already; then
    return 0
  fi
  need_free_port
  need_log_stream
  create_next
  swap
  if [[ "${PULLED}" == true ]]; then
    prune_images "${KEEP_IMAGES}" || warn "old images were not deleted: ${SAID}"
  fi
  step "Started ${CONTAINER}; health_check.sh decides whether it stays"
}

# --- Before anything is touched --------------------------------------------------------------------------

# What belongs to a host was decided when it was made: a release that needs another finds out at once.
need_able_host() {
  if [[ -n "${ARCHITECTURE:-}" && "${APP_ARCHITECTURE}" != "${ARCHITECTURE}" ]]; then
    cannot_carry "it is built for ${APP_ARCHITECTURE}, and this host is ${ARCHITECTURE} (app.architecture)"
  fi
  if [[ "${APP_AWS_ACCESS}" == true && "${AWS_ACCESS:?}" != true ]]; then
    cannot_carry "it needs the host's role, which containers on this host cannot reach (app.aws_access)"
  elif [[ "${APP_AWS_ACCESS}" != true && "${AWS_ACCESS:?}" == true ]]; then
    warn "containers on this host can reach its role, although app.aws_access is false: renew this host"
  fi
}

cannot_carry() {
  fail "this host cannot carry commit ${COMMIT}: renew this host; nothing was touched" "${1}" \
    "deploy the environment's stack, renew its hosts, then deploy again"
}

# Secrets and the registry's token lie here, in memory, and only while this script runs.
open_workspace() {
  WORK="${RUN_DIR}/${CONTAINER}.work"
  rm --recursive --force "${WORK}"
  install --directory --mode=0700 "${WORK}" "${WORK}/docker"
  export DOCKER_CONFIG="${WORK}/docker"
}

# What a run that was killed has left: whatever served before serves again before anything new begins.
settle_last_run() {
  remove "${NEXT}" || fail "what an earlier deployment left cannot be removed" "${SAID}" \
    "docker rm --force ${NEXT}; then deploy again"
  see "${PREVIOUS}"
  local previous="${STATE}"
  see "${CONTAINER}"
  if [[ "${previous}" == absent ]]; then
    if [[ "${STATE}" == created || "${STATE}" == exited ]]; then
      note "${CONTAINER} is there but does not run: starting it"
      try docker start "${CONTAINER}" || warn "it cannot be started: ${SAID}"
    fi
  elif [[ "${STATE}" != running ]]; then
    note "an earlier deployment was cut short: bringing back what served before it"
    retry 3 bring_back_previous || warn "it cannot be brought back: ${SAID}"
  fi
  remove "${FAILED}" || warn "what failed earlier was not removed: ${SAID}"
}

pull_image() {
  if try docker image inspect "${IMAGE}"; then
    step "The image is here already: ${DIGEST}"
  else
    step "Pulling ${IMAGE}"
    retry 5 with_room pull_once || fail "the image cannot be pulled; nothing was touched" "${SAID}" \
      "$(advise_on_pull)"
    PULLED=true
  fi
  need_right_architecture
  # Deployed last, deleted last: the tag's time is how prune_images knows the order.
  try docker tag "${IMAGE}" "${REPOSITORY_URI}:${COMMIT}" || warn "the image was not tagged: ${SAID}"
}

# The login is fresh for each attempt: tokens last twelve hours, and the clock may have been wrong.
pull_once() {
  try log_in || return 1
  try within "${PULL_SECONDS}" docker pull --quiet "${IMAGE}" && return 0
  case "${SAID}" in
    *"no space left on device"* | *"manifest unknown"* | *"name unknown"* | *": not found"*) return 2 ;;
    *) return 1 ;;
  esac
}

log_in() {
  aws ecr get-login-password --region "${REGION:?}" |
    docker login --username AWS --password-stdin "${REPOSITORY_URI%%/*}"
}

advise_on_pull() {
  if throttled; then
    echo "the registry throttles: request rate exceeded. Deploy again in a few minutes"
    return 0
  fi
  case "${SAID}" in
    *"no space left on device"*)
      echo "the disk is full even without old images: df --human-readable; docker system df"
      ;;
    *"manifest unknown"* | *"name unknown"* | *": not found"*)
      echo "the registry has no such image. It may have expired (registry.keep_images): deploy a newer commit, or build this one again"
      ;;
    *)
      echo "can this host reach ${REPOSITORY_URI%%/*}, and may its role pull from it? Then deploy again"
      ;;
  esac
}

# with_room <command> <argument>...: a full disk is met by deleting the images that nothing uses, once.
with_room() {
  local status=0
  "${@}" || status="${?}"
  if ((status == 0)) || [[ "${SAID}" != *"no space left on device"* ]]; then
    return "${status}"
  fi
  warn "the disk is full: deleting every image of this service that no container uses"
  prune_images 0 || warn "not all of them could be deleted: ${SAID}"
  "${@}"
}

need_right_architecture() {
  local image engine
  try docker image inspect --format '{{.Architecture}}' "${IMAGE}" && image="${SAID}"
  try docker version --format '{{.Server.Arch}}' && engine="${SAID}"
  [[ "${image:-}" == "${engine:-}" ]] || fail "the image cannot run here; nothing was touched" \
    "it is for ${image:-an unknown architecture}, this host is ${engine:-of an unknown one}" \
    "build and hosts have to agree: app.architecture in pipeline.toml decides for both; renew this host if it is older"
}

# --- Configuration and secrets -----------------------------------------------------------------------------

# Docker's env file is a line a variable, taken to the letter up to its end: quotes and dollars need
# nothing, a line break cannot be written at all.
readonly WRITE_ENVIRONMENT='
import json, os, re, sys
path, source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    parameters = json.load(file)["Parameters"]
lines, problems = [], []
for parameter in sorted(parameters, key=lambda each: each["Name"]):
    name, value = parameter["Name"], parameter["Value"]
    variable = name[len(path) :].lstrip("/")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable):
        problems.append(f"{name}: {variable!r} is not a valid variable name: letters, digits and underscores only")
    elif variable in ("PORT", "SLIPWAY_COMMIT", "SLIPWAY_DIGEST"):
        problems.append(f"{name}: {variable} is set by the deployment itself")
    elif re.search(r"[\r\n\0]", value):
        problems.append(f"{name}: its value has a line break, which a variable of a container cannot hold")
    elif re.search(r"[\ud800-\udfff]", value):
        problems.append(f"{name}: its value has half a character, which no text can hold")
    lines.append(f"{variable}={value}\n")
if problems:
    sys.exit("\n".join(problems))
with open(os.open(target + ".part", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
    file.writelines(lines)
os.replace(target + ".part", target)
print(len(lines))
'

fetch_parameters() {
  step "Reading the configuration below ${PARAMETER_PATH:?}"
  ADVICE=""
  retry 5 get_parameters || return 1
  ADVICE="correct what is named, with slipway config or in Parameter Store; then deploy again"
  try python3 -I -c "${WRITE_ENVIRONMENT}" "${PARAMETER_PATH}" "${WORK}/parameters" "${WORK}/environment" ||
    return 1
  note "${SAID} variables"
}

# The words of `aws` are kept apart from the secrets.
get_parameters() {
  (umask 077 && : >"${WORK}/parameters")
  try_aws ask_parameter_store
}

ask_parameter_store() {
  aws ssm get-parameters-by-path --region "${REGION:?}" \
    --path "${PARAMETER_PATH}" --recursive --with-decryption --output json >"${WORK}/parameters"
}

# Without its configuration nothing new is started. But going back to what runs already, after a
# deployment that failed for this very reason, has to succeed: the load balancer waits for it.
keep_what_runs_or_fail() {
  local why="${SAID}"
  if serves_this_revision && answers_within 30; then
    settle_restarts || warn "the restart policy was not set: ${SAID}"
    warn "the configuration cannot be read, so ${CONTAINER} keeps the one that it has: ${why}"
    step "Commit ${COMMIT} runs already: left as it is"
    return 0
  fi
  SAID="${why}"
  fail "the configuration cannot be read; nothing was touched" "${why}" \
    "${ADVICE:-$(advise_on_aws "Parameter Store" \
      "ssm:GetParametersByPath on ${PARAMETER_PATH}, and kms:Decrypt with the environment's key")}"
}

# --- What the container is made of -------------------------------------------------------------------------

describe_container() {
  need_memory_limit
  ARGUMENTS=(
    --env "PORT=${CONTAINER_PORT}"
    --env "SLIPWAY_COMMIT=${COMMIT}"
    --env "SLIPWAY_DIGEST=${DIGEST}"
    --publish "${PUBLISH}:${CONTAINER_PORT}"
    --read-only
    "${TMPFS[@]/#/--tmpfs=}"
    --cap-drop ALL
    --security-opt no-new-privileges
    --memory "${MEMORY_LIMIT}"
    --memory-swap "${MEMORY_LIMIT}"
    --pids-limit "${PIDS}"
    --stop-timeout "${STOP_SECONDS}"
    --log-driver "${LOG_DRIVER}"
    --label "slipway.service=${SERVICE}"
    --label "slipway.environment=${ENVIRONMENT:?}"
    --label "slipway.commit=${COMMIT}"
    --label "slipway.digest=${DIGEST}"
    --label "slipway.health-path=${HEALTH_PATH}"
  )
  if [[ "${CPUS}" != null ]]; then
    ARGUMENTS+=(--cpus "${CPUS}")
  fi
  if [[ "${LOG_DRIVER}" == awslogs ]]; then
    log_to_cloudwatch
  fi
  if [[ "${APP_AWS_ACCESS}" == true ]]; then
    ARGUMENTS+=(--env "AWS_REGION=${REGION}")
  fi
  WANTED="$({ printf '%s\0' "${ARGUMENTS[@]}" && cat "${WORK}/environment"; } | sha256sum | cut --fields=1 --delimiter=' ')"
}

# Unless app.memory_mib says it, what the others leave, who have a fifth, or 512 MiB if that is more: Docker, the two
# agents and Session Manager's, and the system; on a tiny host half. A leak ends the service then, not the host.
need_memory_limit() {
  local mib others
  try docker info --format '{{.MemTotal}}' || fail "Docker does not say how much memory there is" "${SAID}" \
    "nothing was touched; systemctl status docker, then deploy again"
  mib="$((SAID / 1048576))"
  if [[ "${MEMORY_MIB}" == null ]]; then
    others="$((mib / 5 > OTHERS_MIB ? mib / 5 : OTHERS_MIB))"
    MEMORY_LIMIT="$((others > mib / 2 ? mib / 2 : mib - others))m"
  elif ((MEMORY_MIB > mib)); then
    cannot_carry "it may use ${MEMORY_MIB} MiB (app.memory_mib), and this host has ${mib} (instance_type)"
  else
    MEMORY_LIMIT="${MEMORY_MIB}m"
  fi
}

# Not blocking: while CloudWatch cannot be reached the service loses log lines, and goes on serving.
log_to_cloudwatch() {
  local host
  host="$(cat /var/lib/cloud/data/instance-id 2>/dev/null || echo "${HOSTNAME}")"
  LOG_STREAM="${host}/${COMMIT}"
  ARGUMENTS+=(
    --log-opt "awslogs-region=${REGION}"
    --log-opt "awslogs-group=${APP_LOG_GROUP:?}"
    --log-opt "awslogs-stream=${LOG_STREAM}"
    --log-opt mode=non-blocking
    --log-opt max-buffer-size=4m
  )
}

# The same revision with the same configuration is left alone, unless it has stopped answering.
runs_already() {
  serves_this_revision && [[ "${FINGERPRINT:-}" == "${WANTED}" ]] || return 1
  if ! answers_within 30; then
    note "commit ${COMMIT} runs already, but ${HEALTH_PATH} answers ${ANSWER}: starting it anew"
    return 1
  fi
  settle_restarts || warn "the restart policy was not set: ${SAID}"
  step "Commit ${COMMIT} runs already, with the same configuration: left as it is"
}

# Docker's driver makes the stream when the container starts, if there is none: too late to find out that
# it cannot, and as it does not block, it would not even say so (moby daemon/logger/awslogs/cloudwatchlogs.go).
# What was healthy on this host has logged from it: its stream is there, and asking takes `aws` a second.
need_log_stream() {
  if [[ "${LOG_DRIVER}" != awslogs ]] || was_healthy_here; then
    return 0
  fi
  step "Logging to ${LOG_STREAM} in ${APP_LOG_GROUP}"
  retry 5 create_log_stream || fail "the log stream cannot be made; nothing was touched" \
    "${LOG_STREAM} in ${APP_LOG_GROUP}: ${SAID}" \
    "$(advise_on_aws "CloudWatch Logs" "logs:CreateLogStream on the log group ${APP_LOG_GROUP}")"
}

create_log_stream() {
  local status=0
  try_aws aws logs create-log-stream --region "${REGION}" \
    --log-group-name "${APP_LOG_GROUP}" --log-stream-name "${LOG_STREAM}" || status="${?}"
  [[ "${SAID}" != *ResourceAlreadyExistsException* ]] || return 0
  return "${status}"
}

# --- AWS -----------------------------------------------------------------------------------------------------

# try_aws <command> <argument>...: 2 for what is not there, which AWS will say again. What is not allowed may
# be in a moment: IAM takes its time to tell every service.
try_aws() {
  local status=0
  try "${@}" || status="${?}"
  [[ "${SAID}" != *ResourceNotFoundException* ]] || return 2
  return "${status}"
}

# throttled: whether a service refused because the request rate is exceeded; ${SAID} has its words.
throttled() {
  case "${SAID,,}" in
    *throttl* | *"rate exceeded"* | *toomanyrequests* | *"too many requests"* | *requestlimitexceeded*) return 0 ;;
    *) return 1 ;;
  esac
}

# advise_on_aws <service> <what the role needs>
advise_on_aws() {
  if throttled; then
    echo "${1} throttles: request rate exceeded. Deploy again in a few minutes"
    return 0
  fi
  case "${SAID}" in
    *ResourceNotFoundException*)
      echo "deploy the environment's stack, which makes the log group; then deploy again"
      ;;
    *AccessDenied* | *"not authorized"*)
      echo "the role ${SERVICE}-${ENVIRONMENT}-host has to be allowed ${2}: deploy the environment's stack, then deploy again"
      ;;
    *) echo "can this host reach ${1}, and may its role ${SERVICE}-${ENVIRONMENT}-host do this: ${2}? Then deploy again" ;;
  esac
}

# --- The swap ------------------------------------------------------------------------------------------------

# Whoever else listens there would be found when nothing serves any more.
need_free_port() {
  local port="${PUBLISH##*:}"
  try docker ps --quiet --filter "name=^/${CONTAINER}\$" --filter "publish=${port}" ||
    fail "Docker does not say which ports are taken; nothing was touched" "${SAID}" \
      "systemctl status docker; when it runs again, deploy again"
  if [[ -z "${SAID}" ]] && (exec 3<>"/dev/tcp/${ADDRESS%:*}/${port}") 2>/dev/null; then
    fail "port ${port} is taken; nothing was touched" \
      "a program that is not ${CONTAINER} listens on ${PUBLISH}" "$(advise_on_port "${port}")"
  fi
}

advise_on_port() {
  echo "find it with: ss --listening --tcp --processes 'sport = :${1}'; docker ps --filter publish=${1}. Stop it, and deploy again"
}

# Made now, because that takes time that nobody has once the old one is stopped. It does not start by
# itself, whatever happens, before it has the name.
create_next() {
  with_room try docker create --name "${NEXT}" --restart no --env-file "${WORK}/environment" \
    "${ARGUMENTS[@]}" --label "slipway.fingerprint=${WANTED}" --label "slipway.deployment=${DEPLOYMENT_ID:-by hand}" \
    --label "slipway.built_at=${BUILT_AT}" \
    "${IMAGE}" || fail "the container cannot be made; nothing was touched" "${SAID}" \
    "see docker info and df --human-readable on this host; then deploy again"
  rm --force "${WORK}/environment" "${WORK}/parameters"
}

# From the first rename until the new one runs, whoever ends this script brings the old one back.
swap() {
  SWAPPING=true
  set_aside
  must docker rename "${NEXT}" "${CONTAINER}"
  stop_previous
  step "Starting ${CONTAINER}"
  try docker start "${CONTAINER}" || explain_start
  SWAPPING=false
  settle_restarts || warn "the restart policy was not set: ${SAID}"
}

# What is on probation is not worth keeping: the one before it was healthy, and stays the way back.
set_aside() {
  see "${PREVIOUS}"
  if [[ "${STATE}" != absent ]]; then
    must docker rm --force "${CONTAINER}"
    return 0
  fi
  see "${CONTAINER}"
  if [[ "${STATE}" != absent ]]; then
    must docker rename "${CONTAINER}" "${PREVIOUS}"
  fi
}

stop_previous() {
  see "${PREVIOUS}"
  if [[ "${STATE}" == running || "${STATE}" == restarting || "${STATE}" == paused ]]; then
    step "Stopping what runs, commit ${RUNS_COMMIT:-unknown}"
    must within "${LONGEST_STOP}" docker stop "${PREVIOUS}" # within its own --stop-timeout
  fi
}

must() {
  try "${@}" || fail "Docker refused: ${*}" "${SAID}" "systemctl status docker; then deploy again"
}

explain_start() {
  local port="${PUBLISH##*:}"
  case "${SAID}" in
    *"port is already allocated"* | *"address already in use"*)
      fail "port ${port} is taken, so the new container cannot start" "${SAID}" "$(advise_on_port "${port}")"
      ;;
    *) fail "the new container cannot start" "${SAID}" "repair the image or its start command, and deploy that" ;;
  esac
}

# --- At the end, however it came -----------------------------------------------------------------------------

finish() {
  local status="${?}"
  trap - ERR
  trap '' HUP INT TERM
  set +e
  if [[ "${SWAPPING}" == true ]]; then
    restore
  fi
  if ((status > 128)); then
    warn "ended by signal $((status - 128)); CodeDeploy sends 15 when the time in appspec.yml is up"
  fi
  rm --recursive --force "${WORK:-}"
  exit "${status}"
}

restore() {
  see "${PREVIOUS}"
  if [[ "${STATE}" == absent ]]; then
    restore_without_previous
  elif retry 5 bring_back_previous && see "${CONTAINER}"; then
    step "The container that ran before, commit ${RUNS_COMMIT:-unknown}, runs again"
    remove "${FAILED}" || warn "what failed was not removed, the next deployment does that: ${SAID}"
  else
    complain "nothing runs on this host" "the old container cannot be started either: ${SAID}" \
      "repair what is said here; then deploy again"
  fi
}

# Either the old one has not been renamed yet, or there has never been one.
restore_without_previous() {
  see "${CONTAINER}"
  if [[ "${STATE}" != running && "${FINGERPRINT:-}" == "${WANTED}" ]]; then
    remove "${CONTAINER}"
    note "there was no container before this one, so none runs now"
  fi
}

# prune_images <how many to keep>: those tagged last are kept, and those that a container uses or will.
prune_images() {
  local keep="${1}" ids id
  try image_ids || return 1
  read -r -d '' -a ids <<<"${SAID}" || true
  for id in "${ids[@]:keep}"; do
    if ! is_used "${id}"; then
      delete_image "${id}" || return 1
    fi
  done
}

is_used() {
  try docker image inspect --format '{{.Id}}' "${IMAGE}" && [[ "${SAID}" == "${1}" ]] && return 0
  ! try docker ps --all --quiet --filter "ancestor=${1}" || [[ -n "${SAID}" ]]
}

# By its names, and only by those that this service has given it: an image without names goes. Docker
# takes the digests of a repository away together with its last tag.
delete_image() {
  local references reference why=""
  note "deleting the image ${1}"
  try docker image inspect --format '{{join .RepoTags " "}} {{join .RepoDigests " "}}' "${1}" || return 1
  read -ra references <<<"${SAID}"
  for reference in "${references[@]}"; do
    if [[ "${reference}" == "${REPOSITORY_URI}"[:@]* ]]; then
      try docker image rm "${reference}" || [[ "${SAID,,}" == *"no such image"* ]] || why="${SAID}"
    fi
  done
  if [[ -n "${why}" ]] && ! delete_nameless "${1}"; then
    SAID="${why}"
    return 1
  fi
}

# On a full disk Docker takes the name away, cannot write that down, and leaves the image there.
delete_nameless() {
  try docker image inspect --format '{{join .RepoTags ""}}{{join .RepoDigests ""}}' "${1}" &&
    [[ -z "${SAID}" ]] && try docker image rm "${1}"
}

# The images of this service, the one that was tagged last first.
image_ids() {
  local found ids
  found="$(docker image ls --quiet --no-trunc --filter "reference=${REPOSITORY_URI}" | sort --unique)" || return 1
  read -r -d '' -a ids <<<"${found}" || true
  ((${#ids[@]})) || return 0
  docker image inspect --format '{{json .Metadata.LastTagTime}} {{.Id}}' "${ids[@]}" |
    sort --reverse | cut --fields=2 --delimiter=' '
}

main
