#!/bin/bash
# Wait for ECR's scan of what was pushed, by digest, and print what it found. A basic scan ends
# COMPLETE, an enhanced one shows ACTIVE, and either may come before its findings: both are waited for.
# docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
# SCAN_TIMEOUT and SCAN_INTERVAL are seconds: how long to wait, and how often to look.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/registry.sh
source scripts/build/registry.sh

readonly SEVERITIES=(CRITICAL HIGH MEDIUM LOW INFORMATIONAL UNDEFINED UNTRIAGED)
readonly ANSWER="${STATE}/scan.txt"
readonly LOG="${STATE}/scan.log"

# describe <JMESPath>...: asks AWS about the image.
describe() {
  aws ecr describe-image-scan-findings --region "${AWS_REGION}" \
    --repository-name "${IMAGE_REPOSITORY#*/}" --image-id "imageDigest=${digest}" \
    --output text --query "${@}"
}

# look: one line of status, whether there are findings, the number of each severity, and a reason.
look() {
  local counts=imageScanFindings.findingSeverityCounts
  local severities
  severities="$(printf "${counts}.%s, " "${SEVERITIES[@]}")"
  describe "[imageScanStatus.status, type(not_null(${counts}, imageScanFindings.imageScanCompletedAt)),
    ${severities} imageScanStatus.description]" --no-paginate >"${ANSWER}" 2>"${LOG}"
}

# await: 0 once there are findings; 1, with ${reason}, if there will be none or they take too long.
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
      # A scan that has not begun is not found; a refusal will not change by waiting.
      ! grep --quiet AccessDenied "${LOG}" || return 1
    fi
    ((SECONDS < deadline)) || return 1
    sleep "${SCAN_INTERVAL:-5}"
  done
}

# report: prints the findings; sets ${critical} to the number of critical ones.
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
      sed --regexp-extended 's/\tNone$//; s/^/      /' || warn "the critical ones cannot be listed: see the console of ECR"
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
      "update the base image or the packages named above and push a new commit; latest has not moved"
  fi
elif [[ "${FAIL_ON_CRITICAL}" == true ]]; then
  fail "there is no scan of ${digest}" "${reason}" \
    "registry.fail_on_critical asks for one: switch on scanning of the repository (scan on push, or Inspector),
then start the build again: it finds this image and does not build anew; latest has not moved"
else
  warn "there is no scan of ${digest}: ${reason}"
  note "going on, for registry.fail_on_critical is off in pipeline.toml"
fi
