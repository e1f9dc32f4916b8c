#!/bin/bash
# Starts this revision's image on this host in place of the running container: CodeDeploy's ApplicationStart.
#
# Every step that depends on other systems (registry, Parameter Store, CloudWatch, disk) comes before the running
# container is stopped, and the old container is kept until health_check.sh has accepted the new one.
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

# --- Before anything is changed --------------------------------------------------------------------------

# Architecture and role access are fixed when a host starts: a release that needs others fails at once.
need_able_host() {
  if [[ -n "${ARCHITECTURE:-}" && "${APP_ARCHITECTURE}" != "${ARCHITECTURE}" ]]; then
    cannot_carry "the image is built for ${APP_ARCHITECTURE}, but this host is ${ARCHITECTURE} (app.architecture)"
  fi
  if [[ "${APP_AWS_ACCESS}" == true && "${AWS_ACCESS:?}" != true ]]; then
    cannot_carry "the service needs the host's role, which containers on this host cannot reach (app.aws_access)"
  elif [[ "${APP_AWS_ACCESS}" != true && "${AWS_ACCESS:?}" == true ]]; then
    warn "containers on this host can reach its role, although app.aws_access is false: renew this host"
  fi
}

cannot_carry() {
  fail "this host cannot run commit ${COMMIT}: renew this host; nothing was changed" "${1}" \
    "deploy the environment's stack, renew its hosts, then deploy again"
}

# Holds secrets and the registry's token, in memory, and only while this script runs.
open_workspace() {
  WORK="${RUN_DIR}/${CONTAINER}.work"
  rm --recursive --force "${WORK}"
  install --directory --mode=0700 "${WORK}" "${WORK}/docker"
  export DOCKER_CONFIG="${WORK}/docker"
}

# Cleans up after a run that was killed: the previous container serves again before anything new begins.
settle_last_run() {
  remove "${NEXT}" || fail "the unused container of an earlier deployment cannot be removed" "${SAID}" \
    "docker rm --force ${NEXT}; then deploy again"
  see "${PREVIOUS}"
  local previous="${STATE}"
  see "${CONTAINER}"
  if [[ "${previous}" == absent ]]; then
    if [[ "${STATE}" == created || "${STATE}" == exited ]]; then
      note "${CONTAINER} exists but is not running: starting it"
      try docker start "${CONTAINER}" || warn "it cannot be started: ${SAID}"
    fi
  elif [[ "${STATE}" != running ]]; then
    note "an earlier deployment was interrupted: restoring the previous container"
    retry 3 bring_back_previous || warn "it cannot be restored: ${SAID}"
  fi
  remove "${FAILED}" || warn "the failed container of an earlier deployment was not removed: ${SAID}"
}

pull_image() {
  if try docker image inspect "${IMAGE}"; then
    step "The image is already on this host: ${DIGEST}"
  else
    step "Pulling ${IMAGE}"
    retry 5 with_room pull_once || fail "the image cannot be pulled; nothing was changed" "${SAID}" \
      "$(advise_on_pull)"
    PULLED=true
  fi
  need_right_architecture
  # prune_images keeps the images that were tagged last.
  try docker tag "${IMAGE}" "${REPOSITORY_URI}:${COMMIT}" || warn "the image was not tagged: ${SAID}"
}

# Every attempt logs in again: tokens last twelve hours, and the clock may have been wrong.
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
      echo "the disk is full even after old images were deleted; check df --human-readable and docker system df"
      ;;
    *"manifest unknown"* | *"name unknown"* | *": not found"*)
      echo "the registry has no such image. It may have expired (registry.keep_images): deploy a newer commit, or build this one again"
      ;;
    *)
      echo "check that this host can reach ${REPOSITORY_URI%%/*} and that its role may pull from it; then deploy again"
      ;;
  esac
}

# with_room <command> <argument>...: if the disk is full, deletes unused images and tries once more.
with_room() {
  local status=0
  "${@}" || status="${?}"
  if ((status == 0)) || [[ "${SAID}" != *"no space left on device"* ]]; then
    return "${status}"
  fi
  warn "the disk is full: deleting every image of this service that no container uses"
  prune_images 0 || warn "not all images could be deleted: ${SAID}"
  "${@}"
}

need_right_architecture() {
  local image engine
  try docker image inspect --format '{{.Architecture}}' "${IMAGE}" && image="${SAID}"
  try docker version --format '{{.Server.Arch}}' && engine="${SAID}"
  [[ "${image:-}" == "${engine:-}" ]] || fail "the image cannot run on this host; nothing was changed" \
    "it is for ${image:-an unknown architecture}, this host is ${engine:-of an unknown one}" \
    "image and hosts must have the same architecture: app.architecture in pipeline.toml sets both; renew this host if it is older"
}

# --- Configuration and secrets -----------------------------------------------------------------------------

# Docker's env file has one variable per line and is read literally: quotes and dollar signs need no escaping, and
# a line break cannot be written.
readonly WRITE_ENVIRONMENT='
import json, os, re, sys
path, source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    parameters = json.load(file)["Parameters"]
lines, problems = [], []
for parameter in sorted(parameters, key=lambda parameter: parameter["Name"]):
    name, value = parameter["Name"], parameter["Value"]
    variable = name[len(path) :].lstrip("/")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", variable):
        problems.append(f"{name}: {variable!r} is not a valid variable name: letters, digits and underscores only")
    elif variable in ("PORT", "SLIPWAY_COMMIT", "SLIPWAY_DIGEST"):
        problems.append(f"{name}: {variable} is set by the deployment itself")
    elif re.search(r"[\r\n\0]", value):
        problems.append(f"{name}: its value has a line break (not supported)")
    elif re.search(r"[\ud800-\udfff]", value):
        problems.append(f"{name}: its value is not valid Unicode")
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
  ADVICE="correct these parameters with slipway config or in Parameter Store; then deploy again"
  try python3 -I -c "${WRITE_ENVIRONMENT}" "${PARAMETER_PATH}" "${WORK}/parameters" "${WORK}/environment" ||
    return 1
  note "${SAID} variables"
}

# Keeps the messages of `aws` apart from the secrets.
get_parameters() {
  (umask 077 && : >"${WORK}/parameters")
  try_aws ask_parameter_store
}

ask_parameter_store() {
  aws ssm get-parameters-by-path --region "${REGION:?}" \
    --path "${PARAMETER_PATH}" --recursive --with-decryption --output json >"${WORK}/parameters"
}

# Without configuration no new container is started. But a rollback to the running revision, after a deployment
# that failed for this reason, must succeed: until then the host is out of the load balancer.
keep_what_runs_or_fail() {
  local why="${SAID}"
  if serves_this_revision && answers_within 30; then
    settle_restarts || warn "the restart policy was not set: ${SAID}"
    warn "the configuration cannot be read, so ${CONTAINER} keeps the one that it has: ${why}"
    step "Commit ${COMMIT} is already running: left unchanged"
    return 0
  fi
  SAID="${why}"
  fail "the configuration cannot be read; nothing was changed" "${why}" \
    "${ADVICE:-$(advise_on_aws "Parameter Store" \
      "ssm:GetParametersByPath on ${PARAMETER_PATH}, and kms:Decrypt with the environment's key")}"
}

# --- The container's settings ------------------------------------------------------------------------------

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

# Without app.memory_mib, a fifth of the memory or 512 MiB, whichever is more, is left to Docker, the agents and the
# system; on a tiny host half. So a memory leak stops the service, not the host.
need_memory_limit() {
  local mib others
  try docker info --format '{{.MemTotal}}' || fail "Docker does not report the memory of this host" "${SAID}" \
    "nothing was changed; check systemctl status docker, then deploy again"
  mib="$((SAID / 1048576))"
  if [[ "${MEMORY_MIB}" == null ]]; then
    others="$((mib / 5 > OTHERS_MIB ? mib / 5 : OTHERS_MIB))"
    MEMORY_LIMIT="$((others > mib / 2 ? mib / 2 : mib - others))m"
  elif ((MEMORY_MIB > mib)); then
    cannot_carry "app.memory_mib is ${MEMORY_MIB}, but this host has ${mib} MiB (instance_type)"
  else
    MEMORY_LIMIT="${MEMORY_MIB}m"
  fi
}

# Non-blocking: while CloudWatch cannot be reached, the service loses log lines but continues to serve.
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

# The same revision with the same configuration is left unchanged, unless it does not answer any more.
runs_already() {
  serves_this_revision && [[ "${FINGERPRINT:-}" == "${WANTED}" ]] || return 1
  if ! answers_within 30; then
    note "commit ${COMMIT} is already running, but ${HEALTH_PATH} answers ${ANSWER}: replacing it"
    return 1
  fi
  settle_restarts || warn "the restart policy was not set: ${SAID}"
  step "Commit ${COMMIT} is already running with the same configuration: left unchanged"
}

# Docker's driver creates the stream only when the container starts, which is too late to find out that it cannot,
# and in non-blocking mode it would not report it (moby daemon/logger/awslogs/cloudwatchlogs.go). A revision that was
# healthy on this host already has its stream; checking would take `aws` a second.
need_log_stream() {
  if [[ "${LOG_DRIVER}" != awslogs ]] || was_healthy_here; then
    return 0
  fi
  step "Logging to ${LOG_STREAM} in ${APP_LOG_GROUP}"
  retry 5 create_log_stream || fail "the log stream cannot be created; nothing was changed" \
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

# try_aws <command> <argument>...: 2 if the resource does not exist, which another attempt cannot change. A denied
# call may be retried: IAM changes take time to reach every service.
try_aws() {
  local status=0
  try "${@}" || status="${?}"
  [[ "${SAID}" != *ResourceNotFoundException* ]] || return 2
  return "${status}"
}

# throttled: whether a service refused because the request rate is exceeded, by the message in ${SAID}.
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
      echo "deploy the environment's stack, which creates the log group; then deploy again"
      ;;
    *AccessDenied* | *"not authorized"*)
      echo "the role ${SERVICE}-${ENVIRONMENT}-host needs permission for ${2}: deploy the environment's stack, then deploy again"
      ;;
    *) echo "check that this host can reach ${1} and that the role ${SERVICE}-${ENVIRONMENT}-host has permission for ${2}; then deploy again" ;;
  esac
}

# --- The swap ------------------------------------------------------------------------------------------------

# Otherwise a port that is in use would be found only after the old container has stopped.
need_free_port() {
  local port="${PUBLISH##*:}"
  try docker ps --quiet --filter "name=^/${CONTAINER}\$" --filter "publish=${port}" ||
    fail "Docker does not report which ports are in use; nothing was changed" "${SAID}" \
      "check systemctl status docker; when Docker runs again, deploy again"
  if [[ -z "${SAID}" ]] && (exec 3<>"/dev/tcp/${ADDRESS%:*}/${port}") 2>/dev/null; then
    fail "port ${port} is in use; nothing was changed" \
      "a program that is not ${CONTAINER} listens on ${PUBLISH}" "$(advise_on_port "${port}")"
  fi
}

advise_on_port() {
  echo "find it with: ss --listening --tcp --processes 'sport = :${1}'; docker ps --filter publish=${1}. Stop it, and deploy again"
}

# Created before the old container stops, to keep the interruption short. Docker does not start it before it has
# its final name.
create_next() {
  with_room try docker create --name "${NEXT}" --restart no --env-file "${WORK}/environment" \
    "${ARGUMENTS[@]}" --label "slipway.fingerprint=${WANTED}" --label "slipway.deployment=${DEPLOYMENT_ID:-by hand}" \
    --label "slipway.built_at=${BUILT_AT}" \
    "${IMAGE}" || fail "the container cannot be created; nothing was changed" "${SAID}" \
    "check docker info and df --human-readable on this host; then deploy again"
  rm --force "${WORK}/environment" "${WORK}/parameters"
}

# If this script ends between the first rename and the start of the new container, `finish` restores the old one.
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

# A container on probation is removed: the one before it was healthy and stays the rollback target.
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
    step "Stopping the running container, commit ${RUNS_COMMIT:-unknown}"
    must within "${LONGEST_STOP}" docker stop "${PREVIOUS}" # within its own --stop-timeout
  fi
}

must() {
  try "${@}" || fail "Docker could not run: ${*}" "${SAID}" "check systemctl status docker; then deploy again"
}

explain_start() {
  local port="${PUBLISH##*:}"
  case "${SAID}" in
    *"port is already allocated"* | *"address already in use"*)
      fail "port ${port} is in use, so the new container cannot start" "${SAID}" "$(advise_on_port "${port}")"
      ;;
    *) fail "the new container cannot start" "${SAID}" "fix the image or its start command, and deploy the new commit" ;;
  esac
}

# --- On exit -------------------------------------------------------------------------------------------------

finish() {
  local status="${?}"
  trap - ERR
  trap '' HUP INT TERM
  set +e
  if [[ "${SWAPPING}" == true ]]; then
    restore
  fi
  if ((status > 128)); then
    warn "terminated by signal $((status - 128)); CodeDeploy sends signal 15 after the timeout in appspec.yml"
  fi
  rm --recursive --force "${WORK:-}"
  exit "${status}"
}

restore() {
  see "${PREVIOUS}"
  if [[ "${STATE}" == absent ]]; then
    restore_without_previous
  elif retry 5 bring_back_previous && see "${CONTAINER}"; then
    step "The previous container, commit ${RUNS_COMMIT:-unknown}, runs again"
    remove "${FAILED}" || warn "the failed container was not removed; the next deployment removes it: ${SAID}"
  else
    complain "no container runs on this host" "the previous container cannot be started either: ${SAID}" \
      "fix the cause that is given here; then deploy again"
  fi
}

# Either the old container has not been renamed yet, or there was none.
restore_without_previous() {
  see "${CONTAINER}"
  if [[ "${STATE}" != running && "${FINGERPRINT:-}" == "${WANTED}" ]]; then
    remove "${CONTAINER}"
    note "there was no previous container, so none runs now"
  fi
}

# prune_images <how many to keep>: keeps the images tagged last, those in use, and this revision's.
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

# Removes only this service's names of the image; Docker deletes an image without names, and removes the digests of
# a repository together with its last tag.
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

# On a full disk Docker removes the name, fails to record that, and leaves the image.
delete_nameless() {
  try docker image inspect --format '{{join .RepoTags ""}}{{join .RepoDigests ""}}' "${1}" &&
    [[ -z "${SAID}" ]] && try docker image rm "${1}"
}

# The ids of this service's images, newest tag first.
image_ids() {
  local found ids
  found="$(docker image ls --quiet --no-trunc --filter "reference=${REPOSITORY_URI}" | sort --unique)" || return 1
  read -r -d '' -a ids <<<"${found}" || true
  ((${#ids[@]})) || return 0
  docker image inspect --format '{{json .Metadata.LastTagTime}} {{.Id}}' "${ids[@]}" |
    sort --reverse | cut --fields=2 --delimiter=' '
}

main
