#!/bin/bash
# Pull the base image, once for the whole build: what is here already is not looked up again by docker build.
# What a Dockerfile begins with otherwise is left to docker build, which also waits out a throttle.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/dockerfile.sh
source scripts/build/dockerfile.sh

begin "pull the base image"
log="${STATE}/base.log"
base="$(base_image)"
if [[ -z "${base}" || "${base}" == scratch ]]; then
  note "${DOCKERFILE} names none in ARG BASE_IMAGE=…: docker build pulls what it begins with"
elif quietly "${log}" docker image inspect "${base}"; then
  note "${base} is here"
elif patiently quietly "${log}" docker pull "${base}"; then
  note "pulled ${base}"
else
  next="see whether ${base%%/*} can be reached and has it; another can be named in BASE_IMAGE"
  ! throttled "${log}" || next="$(throttling_advice)"
  fail "the base image ${base} cannot be pulled$(throttles "${log}")" "$(last_lines "${log}")" "${next}"
fi
