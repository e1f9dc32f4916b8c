#!/bin/bash
# Watches a release that takes requests on this host: CodeDeploy's AfterAllowTraffic.
#
# While it waits it publishes a metric, without which the alarms that stop a release are quiet, and reads the
# environment's alarms. 0 if they were quiet to the end; 1 as soon as one is on, which fails the release here.
# What is a way back is not watched. docs/decisions/0007-alarms-that-may-stop-a-release.md says why.
set -Eeuo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly PAUSE=10 # seconds between two looks
readonly LOOK_SECONDS=20 # that CloudWatch has for an answer
LOOKED=0 # how often the alarms could be read

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
    warn "the alarms could not be read once: nothing on this host watched this release"
  fi
  step "Commit ${COMMIT} has been watched to the end"
}

# health_check.sh has written down what this deployment replaced here.
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
    newer) note "not watched: this is a way back, to a commit that was built before the one that ran" ;;
    same) note "not watched: the same revision ran before" ;;
    *) note "not watched: this deployment has replaced nothing on this host" ;;
  esac
  return 1
}

# What the revision's pipeline.toml says of this environment; revisions of old say nothing.
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

# Counted as well as timed: an answer that is late counts for longer than one that comes at once.
keep_watch() {
  local deadline="$((SECONDS + WATCH_SECONDS))" left told=""
  for ((left = WATCH_SECONDS; left > 0 && SECONDS < deadline; left -= PAUSE)); do
    publish || told="$(tell_once "${told}" "the metric Watching is not published, so the alarms that stop a release stay quiet: ${SAID}")"
    if read_alarms; then
      [[ -z "${ON}" ]] || stop_the_release
    else
      told="$(tell_once "${told}" "the alarms cannot be read: ${SAID}")"
    fi
    sleep "$((left < PAUSE ? left : PAUSE))"
  done
}

# tell_once <what was told before> <what is to be told>: a wait of many minutes would say it many times.
tell_once() {
  [[ -n "${1}" ]] || warn "${2}"
  echo told
}

publish() {
  try within "${LOOK_SECONDS}" aws cloudwatch put-metric-data --region "${REGION:?}" \
    --namespace "${SERVICE}/${ENVIRONMENT}" --metric-name Watching --value 1
}

# read_alarms: the alarms that are on, each with the time since when, in ${ON}.
read_alarms() {
  local query="MetricAlarms[?StateValue=='ALARM'].[AlarmName,StateTransitionedTimestamp||StateUpdatedTimestamp]"
  try within "${LOOK_SECONDS}" aws cloudwatch describe-alarms --region "${REGION:?}" \
    --alarm-names "${ALARMS[@]}" --query "${query}" --output text || return 1
  ON="${SAID}"
  LOOKED=$((LOOKED + 1))
}

# An alarm that was on before this commit was built is not of its doing; it may be what it repairs. Times are
# UTC and begin alike, so that they compare as words.
was_on_before() {
  local name since
  while read -r name since; do
    # Versions of the AWS CLI differ: some say seconds since 1970.
    if [[ "${since}" =~ ^[0-9]+([.][0-9]+)?$ ]]; then
      TZ=UTC printf -v since '%(%Y-%m-%dT%H:%M:%S)T' "${since%%.*}"
    fi
    if [[ -n "${name}" && -n "${BUILT_AT}" && "${since:0:19}" < "${BUILT_AT:0:19}" ]]; then
      warn "not watched: ${name} is on since ${since:0:19}, before this commit was built, which may be what repairs it"
      return 0
    fi
  done <<<"${ON}"
  return 1
}

stop_the_release() {
  fail "an alarm is on while commit ${COMMIT} is watched" "${ON}" \
    "see the alarm's runbook, and ${APP_LOG_GROUP:?} in CloudWatch Logs; the last good revision follows by itself"
}

main
