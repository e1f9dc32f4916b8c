#!/bin/bash
# Pull the base image once for the whole build: docker build does not look up an image that is present.
# Any other base image of a Dockerfile is left to docker build, whose failures are retried as well.
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
  note "${DOCKERFILE} has no ARG BASE_IMAGE=…: docker build pulls the base image"
elif quietly "${log}" docker image inspect "${base}"; then
  note "${base} is already present"
elif patiently quietly "${log}" docker pull "${base}"; then
  note "pulled ${base}"
else
  next="check that ${base%%/*} can be reached and has the image, or set another image in BASE_IMAGE"
  ! throttled "${log}" || next="$(throttling_advice)"
  fail "the base image ${base} cannot be pulled$(throttles "${log}")" "$(last_lines "${log}")" "${next}"
fi
