#!/bin/bash
# Log in to ECR and, if the Dockerfile stands on an image from there, to ECR Public. The passwords are in no
# argument, no file and no log.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/dockerfile.sh
source scripts/build/dockerfile.sh

readonly PUBLIC=public.ecr.aws
readonly LOG="${STATE}/login.log"

# log_in <registry> <words of aws>...
log_in() {
  local password
  password="$(aws "${@:2}")" || return
  printf '%s' "${password}" | docker login --username AWS --password-stdin "${1}"
}

explain_login() {
  local next="see whether REGISTRY is of this account and region, and can be reached from here"
  if throttled "${LOG}"; then
    next="$(throttling_advice)"
  elif ended_with 'AccessDenied|not authorized' "${LOG}"; then
    next="the build's role lacks ecr:GetAuthorizationToken: deploy the delivery stack"
  fi
  fail "cannot log in to ${REGISTRY}$(throttles "${LOG}")" "$(last_lines "${LOG}")" "${next}"
}

# Without a login ECR Public serves an address one pull a second, with one ten to an account
# (AmazonECR/latest/public/public-service-quotas.html). It mostly does without, so that does not fail.
# Its API is in us-east-1 alone (AmazonECR/latest/public/public-registry-auth.html).
log_in_to_public() {
  if patiently quietly "${LOG}" log_in "${PUBLIC}" ecr-public get-login-password --region us-east-1; then
    note "logged in to ${PUBLIC}"
  else
    warn "not logged in to ${PUBLIC}, which lets anonymous pulls wait: $(last_lines "${LOG}" | tail --lines=1)"
  fi
}

begin "log in to ECR"
need REGISTRY AWS_REGION
patiently quietly "${LOG}" log_in "${REGISTRY}" ecr get-login-password --region "${AWS_REGION}" || explain_login
note "logged in to ${REGISTRY}"
if stands_on "${PUBLIC}"; then
  log_in_to_public
fi
