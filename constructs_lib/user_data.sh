#!/bin/bash
# Makes a fresh Amazon Linux 2023 host ready for releases; cloud-init runs it once, as root.
# Docker first and the CodeDeploy agent last: a deployment may begin the moment the agent runs.
# The end is to complete the launch hook. If that does not come, Auto Scaling ends the host when the hook's time
# is up, and starts another: nothing here ends it sooner, or hosts that fail at once would come in a fast loop.
set -Eeuo pipefail

readonly OUTPUT=/var/log/cloud-init-output.log
WARNED=""

say() {
  local now
  now="$(date --utc '+%Y-%m-%dT%H:%M:%SZ')"
  printf '%s slipway: %s\n' "${now}" "${1}"
}

warn() {
  say "warning: ${1}"
  WARNED=yes
}

# However the script ends. The agent that sends logs may be what failed, or may not be there yet.
finish() {
  if ((${?} != 0)) || [[ -n "${WARNED}" ]]; then
    ship_log || say "warning: this log could not be sent to CloudWatch"
  fi
}

trap 'say "failed in line ${LINENO}, so no release can come to this host: ${BASH_COMMAND}" >&2' ERR
trap finish EXIT

# retry <times> <command> <argument>...: 5, 10, 20 and 40 seconds apart.
retry() {
  local times="${1}" attempt delay=5
  shift
  for ((attempt = 1; attempt < times; attempt++)); do
    "${@}" && return 0 # said, since a bare return in a trap is of what came before
    say "attempt ${attempt} of ${times} failed: ${*}"
    sleep "${delay}"
    delay=$((delay * 2))
  done
  "${@}"
}

install_packages() {
  timeout --foreground --kill-after=5 180 dnf --assumeyes --quiet install "${@}"
}

instance_id() {
  cat /var/lib/cloud/data/instance-id
}

readonly AS_EVENT='
import json, sys, time
said = sys.stdin.buffer.read().decode(errors="replace")
json.dump([{"timestamp": int(time.time() * 1000), "message": said}], sys.stdout)
'

# The end of what this boot has printed, to a stream of its own.
ship_log() {
  local stream event
  stream="$(instance_id)/first-boot"
  event="$(tail --bytes=16384 "${OUTPUT}" | python3 -I -c "${AS_EVENT}")"
  in_log create-log-stream "${stream}" || true
  retry 3 in_log put-log-events "${stream}" --log-events "${event}"
}

# in_log <operation> <stream> <argument>...
in_log() {
  timeout --foreground --kill-after=5 20 aws logs "${1}" --region "${REGION:?}" \
    --log-group-name "${AGENT_LOG_GROUP:?}" --log-stream-name "${2}" "${@:3}" >/dev/null
}

# write <mode> <path>: what comes on standard input is the file.
write() {
  install -D --mode="${1}" /dev/stdin "${2}"
}

start_logging() {
  retry 2 install_packages amazon-cloudwatch-agent &&
    timeout --foreground --kill-after=5 60 /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl \
      -a fetch-config -m ec2 -s -c file:/etc/slipway/cloudwatch-agent.json
}

start_docker() {
  systemctl enable --now docker
  timeout --foreground --kill-after=5 60 docker info >/dev/null
}

# A certain version, and no installer: that would take whatever is the latest today.
install_codedeploy_agent() {
  local region="${1}"
  local package=/tmp/@agent@
  retry 5 curl --fail --silent --show-error --location --max-time 120 --output "${package}" \
    "https://aws-codedeploy-${region}.s3.${region}.amazonaws.com/releases/@agent@"
  retry 5 install_packages "${package}"
  rm --force "${package}"
}

# 1.x brings this file, 2.x reads it if it is there.
configure_codedeploy_agent() {
  local settings=/etc/codedeploy-agent/conf/codedeployagent.yml
  if [[ ! -f "${settings}" ]]; then
    write 0644 "${settings}" </dev/null
  fi
  sed --in-place '/^:disable_imds_v1:/d' "${settings}"
  printf '\n:disable_imds_v1: true\n' >>"${settings}"
  # @agent settings@
}

# The package starts the agent by itself. Until this file exists, systemd skips that start.
start_codedeploy_agent() {
  touch /etc/slipway/ready
  systemctl enable codedeploy-agent
  systemctl restart codedeploy-agent
  systemctl is-active --quiet codedeploy-agent
}

# A host that was launched before its group had the hook waits for nothing. Which of several hooks comes first
# AWS does not say, CodeDeploy's or this one: so it is tried for as long as the host waits, 20 minutes at most.
complete_launch() {
  local group state attempt
  for ((attempt = 1; attempt <= 80; attempt++)); do
    read -r group state < <(lifecycle || true) || true
    case "${state}" in
      Pending*) complete_hook "${group}" && return 0 ;;
      "") say "Auto Scaling does not say what it waits for" ;;
      *) return 0 ;;
    esac
    sleep 15
  done
  return 1
}

# Prints the group and where the host is between launch and end.
lifecycle() {
  timeout --foreground --kill-after=5 20 aws autoscaling describe-auto-scaling-instances \
    --region "${REGION:?}" --instance-ids "$(instance_id)" --output text \
    --query 'AutoScalingInstances[0].[AutoScalingGroupName,LifecycleState]'
}

complete_hook() {
  timeout --foreground --kill-after=5 20 aws autoscaling complete-lifecycle-action \
    --region "${REGION:?}" --auto-scaling-group-name "${1}" --lifecycle-hook-name "${LAUNCH_HOOK:?}" \
    --instance-id "$(instance_id)" --lifecycle-action-result CONTINUE
}

# @files@
# shellcheck source=/dev/null
source /etc/slipway/host.env

say "installing packages"
retry 5 install_packages @packages@
say "sending logs to CloudWatch"
start_logging || warn "the CloudWatch agent does not run: logs of agents and deployments stay on this host"
say "starting Docker"
start_docker
say "installing the CodeDeploy agent"
systemctl daemon-reload
install_codedeploy_agent "${REGION:?}"
configure_codedeploy_agent
start_codedeploy_agent
say "ready for releases"
complete_launch
