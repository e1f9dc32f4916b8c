#!/bin/bash
# Check what the build needs, before it spends minutes.
# The service's own dependencies are locked, and installed into the image by its Dockerfile.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/dockerfile.sh
source scripts/build/dockerfile.sh
# shellcheck source=scripts/build/builder.sh
source scripts/build/builder.sh

check_programs() {
  local program
  local missing=()
  for program in aws docker python3; do
    command -v "${program}" >/dev/null || missing+=("${program}")
  done
  if ((${#missing[@]})); then
    fail "not installed: ${missing[*]}" "the image of the build project must contain them" \
      "use one of AWS's images (amazonlinux-…-standard), or install them in buildspec.yml before this step"
  fi
}

# CodeBuild starts Docker in parallel with the build, so it may not be ready yet.
wait_for_docker() {
  local patience="${DOCKER_TIMEOUT:-30}"
  local deadline=$((SECONDS + patience))
  until docker version >"${STATE}/docker.log" 2>&1; do
    ((SECONDS < deadline)) || no_docker "${patience}"
    sleep 1
  done
}

no_docker() {
  fail "Docker does not answer within ${1} seconds" "$(last_lines "${STATE}/docker.log")" \
    "the build project needs privileged_mode; elsewhere, start Docker or set DOCKER_HOST"
}

begin "install dependencies"
need SERVICE REGISTRY IMAGE_REPOSITORY CACHE_REPOSITORY REVISIONS ARCHITECTURE FAIL_ON_CRITICAL AWS_REGION
rm -rf "${STATE}"
mkdir -p "${STATE}"
tag="$(image_tag)"
note "this build's image is tagged ${tag}"
check_programs
wait_for_docker
choose_builder
