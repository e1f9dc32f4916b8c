#!/bin/bash
# Watches a release under traffic on this host: CodeDeploy's AfterAllowTraffic.
#
# Meanwhile it publishes a metric, without which the alarms that stop a release stay OK, and reads the
# environment's alarms. Exits 0 if no alarm went off, and 1 as soon as one does, which fails the deployment.
# Rollbacks are not watched. docs/decisions/0007-alarms-that-may-stop-a-release.md says why.
set -Eeuo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly PAUSE=10 # seconds between two checks
readonly LOOK_SECONDS=20 # timeout of a call to CloudWatch
LOOKED=0 # how often the alarms were read

main() {
  read_host_facts
  if ! is_to_be_watched; then
    return 0
  fi
  read_revision
  readonly ALARMS=("${SERVICE}-${ENVIRONMENT:?}"-{release-5xx,release-latency,target-5xx,latency})
  if read_alarms && was_on_before; then
    return 0
  fi
  step "Watching commit ${COMMIT} for ${WATCH_SECONDS} s: the alarms ${ALARMS[*]}"
  keep_watch
  if ((LOOKED == 0)); then
    warn "the alarms could never be read: this release was not watched on this host"
  fi
  step "Finished watching commit ${COMMIT}"
}

# health_check.sh has recorded what this deployment replaced on this host.
is_to_be_watched() {
  local deployment="" replaced=""
  WATCH_SECONDS="${WATCH_SECONDS:-$(seconds_to_watch)}"
  if ((WATCH_SECONDS == 0)); then
    note "releases into ${ENVIRONMENT} are not watched (watch_minutes in pipeline.toml)"
    return 1
  fi
  read -r deployment replaced 2>/dev/null <"${REPLACED}" || true
  [[ "${deployment}" == "${DEPLOYMENT_ID:-by hand}" ]] || replaced=nothing
  case "${replaced}" in
    older) return 0 ;;
    newer) note "not watched: this is a rollback to a commit that was built before the one that ran" ;;
    same) note "not watched: the same revision ran before" ;;
    *) note "not watched: this deployment replaced nothing on this host" ;;
  esac
  return 1
}

# watch_minutes of this environment in the revision's pipeline.toml; older revisions do not have it.
readonly READ_MINUTES='
import json, sys
try:
    with open(sys.argv[1], encoding="utf-8") as file:
        minutes = json.load(file)["watch_minutes"][sys.argv[2]]
except (OSError, ValueError, KeyError, TypeError):
    minutes = 0
print(min(minutes, 50) * 60 if type(minutes) is int and minutes > 0 else 0)
'

seconds_to_watch() {
  python3 -I -c "${READ_MINUTES}" "${BUNDLE}/app.json" "${ENVIRONMENT:?}"
}

# Limited by count and by time: slow answers make every round longer.
keep_watch() {
  local deadline="$((SECONDS + WATCH_SECONDS))" left told=""
  for ((left = WATCH_SECONDS; left > 0 && SECONDS < deadline; left -= PAUSE)); do
    publish || told="$(tell_once "${told}" "the metric Watching cannot be published, so the alarms that stop a release stay OK: ${SAID}")"
    if read_alarms; then
      [[ -z "${ON}" ]] || stop_the_release
    else
      told="$(tell_once "${told}" "the alarms cannot be read: ${SAID}")"
    fi
    sleep "$((left < PAUSE ? left : PAUSE))"
  done
}

# tell_once <what was printed before> <warning>: prints a warning only the first time.
tell_once() {
  [[ -n "${1}" ]] || warn "${2}"
  echo told
}

publish() {
  try within "${LOOK_SECONDS}" aws cloudwatch put-metric-data --region "${REGION:?}" \
    --namespace "${SERVICE}/${ENVIRONMENT}" --metric-name Watching --value 1
}

# read_alarms: sets ${ON} to the alarms in state ALARM, one per line, with the time of the change.
read_alarms() {
  local query="MetricAlarms[?StateValue=='ALARM'].[AlarmName,StateTransitionedTimestamp||StateUpdatedTimestamp]"
  try within "${LOOK_SECONDS}" aws cloudwatch describe-alarms --region "${REGION:?}" \
    --alarm-names "${ALARMS[@]}" --query "${query}" --output text || return 1
  ON="${SAID}"
  LOOKED=$((LOOKED + 1))
}

# An alarm from before this commit was built is not caused by it; the commit may even be the fix. Times are UTC in
# one format, so they can be compared as text.
was_on_before() {
  local name since
  while read -r name since; do
    # Some versions of the AWS CLI print seconds since 1970.
    if [[ "${since}" =~ ^[0-9]+([.][0-9]+)?$ ]]; then
      TZ=UTC printf -v since '%(%Y-%m-%dT%H:%M:%S)T' "${since%%.*}"
    fi
    if [[ -n "${name}" && -n "${BUILT_AT}" && "${since:0:19}" < "${BUILT_AT:0:19}" ]]; then
      warn "not watched: ${name} has been in ALARM since ${since:0:19}, before this commit was built, so this commit may be the fix"
      return 0
    fi
  done <<<"${ON}"
  return 1
}

stop_the_release() {
  fail "an alarm went off while commit ${COMMIT} was watched" "${ON}" \
    "see the alarm's runbook, and ${APP_LOG_GROUP:?} in CloudWatch Logs; CodeDeploy deploys the last good revision again"
}

main
