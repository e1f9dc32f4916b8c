#!/bin/bash
# Log in to ECR. The password is in no argument, no file and no log.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

begin "log in to ECR"
need REGISTRY AWS_REGION
log="${STATE}/login.log"
if ! password="$(aws ecr get-login-password --region "${AWS_REGION}" 2>"${log}")"; then
  fail "AWS gives no password for the registry" "$(last_lines "${log}")" \
    "if it is refused, the build's role lacks ecr:GetAuthorizationToken: deploy the delivery stack"
fi
if ! printf '%s' "${password}" | docker login --username AWS --password-stdin "${REGISTRY}" >"${log}" 2>&1; then
  fail "cannot log in to ${REGISTRY}" "$(last_lines "${log}")" \
    "see whether REGISTRY is of this account and region, and can be reached from here"
fi
note "logged in to ${REGISTRY}"
