#!/bin/bash
# Log in to ECR and, if the Dockerfile uses an image from ECR Public, there too. The passwords never appear in an
# argument, a file or a log.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/dockerfile.sh
source scripts/build/dockerfile.sh

readonly PUBLIC=public.ecr.aws
readonly LOG="${STATE}/login.log"

# log_in <registry> <argument of aws>...
log_in() {
  local password
  password="$(aws "${@:2}")" || return
  printf '%s' "${password}" | docker login --username AWS --password-stdin "${1}"
}

explain_login() {
  local next="check that REGISTRY is in this account and region and can be reached from here"
  if throttled "${LOG}"; then
    next="$(throttling_advice)"
  elif ended_with 'AccessDenied|not authorized' "${LOG}"; then
    next="the build's role lacks ecr:GetAuthorizationToken: deploy the delivery stack"
  fi
  fail "cannot log in to ${REGISTRY}$(throttles "${LOG}")" "$(last_lines "${LOG}")" "${next}"
}

# ECR Public allows one pull per second and address without a login, and ten per account with one
# (AmazonECR/latest/public/public-service-quotas.html). Builds mostly succeed without, so a failed login is only a
# warning. The API exists only in us-east-1 (AmazonECR/latest/public/public-registry-auth.html).
log_in_to_public() {
  if patiently quietly "${LOG}" log_in "${PUBLIC}" ecr-public get-login-password --region us-east-1; then
    note "logged in to ${PUBLIC}"
  else
    warn "not logged in to ${PUBLIC}, which limits the rate of anonymous pulls: $(last_lines "${LOG}" | tail --lines=1)"
  fi
}

begin "log in to ECR"
need REGISTRY AWS_REGION
patiently quietly "${LOG}" log_in "${REGISTRY}" ecr get-login-password --region "${AWS_REGION}" || explain_login
note "logged in to ${REGISTRY}"
if stands_on "${PUBLIC}"; then
  log_in_to_public
fi
