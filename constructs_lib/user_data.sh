#!/bin/bash
# Makes a fresh Amazon Linux 2023 host ready for releases; cloud-init runs it once, as root.
# Docker first and the CodeDeploy agent last: a deployment may begin the moment the agent runs.
set -Eeuo pipefail

say() {
  local now
  now="$(date --utc '+%Y-%m-%dT%H:%M:%SZ')"
  printf '%s slipway: %s\n' "${now}" "${1}"
}

trap 'say "failed in line ${LINENO}, so no release can come to this host: ${BASH_COMMAND}"' ERR

# retry <command> <argument>...: five times at most, 5, 10, 20 and 40 seconds apart.
retry() {
  local attempt
  local delay=5
  for attempt in 1 2 3 4; do
    "${@}" && return
    say "attempt ${attempt} of 5 failed: ${*}"
    sleep "${delay}"
    delay=$((delay * 2))
  done
  "${@}"
}

# write <mode> <path>: what comes on standard input is the file.
write() {
  install -D --mode="${1}" /dev/stdin "${2}"
}

start_logging() {
  /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl \
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
  retry curl --fail --silent --show-error --location --max-time 120 --output "${package}" \
    "https://aws-codedeploy-${region}.s3.${region}.amazonaws.com/releases/@agent@"
  retry dnf --assumeyes --quiet install "${package}"
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
}

# The package starts the agent by itself. Until this file exists, systemd skips that start.
start_codedeploy_agent() {
  touch /etc/slipway/ready
  systemctl enable codedeploy-agent
  systemctl restart codedeploy-agent
  systemctl is-active --quiet codedeploy-agent
}

# @files@
# shellcheck source=/dev/null
source /etc/slipway/host.env

say "installing packages"
retry dnf --assumeyes --quiet install @packages@
say "sending logs to CloudWatch"
start_logging
say "starting Docker"
start_docker
say "installing the CodeDeploy agent"
systemctl daemon-reload
install_codedeploy_agent "${REGION:?}"
configure_codedeploy_agent
start_codedeploy_agent
say "ready for releases"
