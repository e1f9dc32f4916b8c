#!/bin/bash
# Wait for ECR's scan of the pushed image, by digest, and print the findings. A basic scan becomes COMPLETE, an
# enhanced one ACTIVE, and either may come before its findings, so this waits for both.
# docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
# SCAN_TIMEOUT: how long to wait, in seconds. Default: 300. SCAN_INTERVAL: the pause between checks. Default: 5.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/registry.sh
source scripts/build/registry.sh

readonly SEVERITIES=(CRITICAL HIGH MEDIUM LOW INFORMATIONAL UNDEFINED UNTRIAGED)
readonly ANSWER="${STATE}/scan.txt"
readonly LOG="${STATE}/scan.log"

# describe <JMESPath>...: prints the result of a query on the image's scan.
describe() {
  aws ecr describe-image-scan-findings --region "${AWS_REGION}" \
    --repository-name "${IMAGE_REPOSITORY#*/}" --image-id "imageDigest=${digest}" \
    --output text --query "${@}"
}

# look: writes one line to ${ANSWER}: status, whether there are findings, the number per severity, and a reason.
look() {
  local counts=imageScanFindings.findingSeverityCounts
  local severities
  severities="$(printf "${counts}.%s, " "${SEVERITIES[@]}")"
  describe "[imageScanStatus.status, type(not_null(${counts}, imageScanFindings.imageScanCompletedAt)),
    ${severities} imageScanStatus.description]" --no-paginate >"${ANSWER}" 2>"${LOG}"
}

# await: returns 0 once there are findings; 1 if there will be none, or after a timeout, and sets ${reason}.
await() {
  local deadline=$((SECONDS + ${SCAN_TIMEOUT:-300}))
  local status findings rest
  while true; do
    if look; then
      IFS=$'\t' read -r status findings rest <"${ANSWER}"
      reason="its status is ${status}"
      case "${status}" in
        COMPLETE | ACTIVE)
          [[ "${findings}" == null ]] || return 0
          reason="its status is ${status}, but there are no findings yet"
          ;;
        PENDING | IN_PROGRESS) ;;
        *)
          rest="${rest##*$'\t'}"
          rest="${rest%None}"
          reason="its status is ${status}${rest:+: ${rest}}"
          return 1
          ;;
      esac
    else
      reason="$(last_lines "${LOG}")"
      # A scan that has not begun is reported as not found; waiting does not help if access is denied.
      ! grep --quiet AccessDenied "${LOG}" || return 1
    fi
    ((SECONDS < deadline)) || return 1
    sleep "${SCAN_INTERVAL:-5}"
  done
}

# report: prints the findings and sets ${critical} to the number of critical ones.
report() {
  local fields index number
  local line=()
  IFS=$'\t' read -r -a fields <"${ANSWER}"
  for index in "${!SEVERITIES[@]}"; do
    number="${fields[index + 2]}"
    [[ "${number}" == None ]] || line+=("${SEVERITIES[index]} ${number}")
  done
  critical="${fields[2]/None/0}"
  note "findings: ${line[*]:-none}"
  if ((critical)); then
    describe "not_null(imageScanFindings.enhancedFindings, imageScanFindings.findings)[?severity=='CRITICAL'].[not_null(title, name), uri]" |
      sed --regexp-extended 's/\tNone$//; s/^/      /' || warn "the critical ones cannot be listed: see the ECR console"
  fi
}

begin "wait for the scan"
need IMAGE_REPOSITORY AWS_REGION FAIL_ON_CRITICAL
digest="$(pushed_digest)"
reason=""
critical=0
if await; then
  report
  if ((critical)) && [[ "${FAIL_ON_CRITICAL}" == true ]]; then
    fail "the image has critical vulnerabilities: ${critical}" "registry.fail_on_critical is set in pipeline.toml" \
      "update the base image or the packages named above and push a new commit; latest was not moved"
  fi
elif [[ "${FAIL_ON_CRITICAL}" == true ]]; then
  fail "there is no scan of ${digest}" "${reason}" \
    "registry.fail_on_critical requires one: enable scanning of the repository (scan on push, or Inspector),
then start the build again, which uses this image; latest was not moved"
else
  warn "there is no scan of ${digest}: ${reason}"
  note "continuing, because registry.fail_on_critical is off in pipeline.toml"
fi
