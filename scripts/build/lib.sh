# shellcheck shell=bash
# What every step of a build shares: how it speaks, how it fails, and the names that it goes by.
# Not scripts/lib.sh: that one travels to the hosts with each revision, and a change to how we build
# must not change what runs there.
set -Eeuo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# What the build project and CodeBuild set (modules/delivery.py), or nothing; `need` says what has to be.
: "${REGISTRY:=}" "${IMAGE_REPOSITORY:=}" "${CACHE_REPOSITORY:=}" "${REVISIONS:=}"
: "${ARCHITECTURE:=}" "${FAIL_ON_CRITICAL:=}" "${AWS_REGION:=}"

# What one step leaves for the next; CodeBuild takes the artifact from ${STATE}/revision.
readonly STATE=build
# What the image is made of: sbom.sh writes it, package.sh keeps it.
# shellcheck disable=SC2034 # used there
readonly SBOM="${STATE}/sbom.json"

# Why the build failed.
readonly CAUSE="${STATE}/revision/build-failed.txt"

STEP="start"
# How a substitution ends whose failure has been told.
readonly TOLD=99

# begin <step>: says which step this is. CodeBuild runs post_build after a failed build, too: the cause is
# then said again, so that it stands last.
begin() {
  STEP="${1}"
  printf '\n==> %s\n' "${STEP}"
  if [[ "${CODEBUILD_BUILD_SUCCEEDING:-1}" == 0 ]]; then
    note "not run, for the build has failed"
    if [[ -s "${CAUSE}" ]]; then
      printf '\n' >&2
      cat "${CAUSE}" >&2
      leave
    fi
    fail "this step was not run" "an earlier phase of the build failed" "read its message, further up in this log"
  fi
  mkdir -p "${STATE}"
}

note() {
  printf '    %s\n' "${1}"
}

warn() {
  printf '  ! %s\n' "${1}"
}

# fail <what> <why> <next>: one message, and the build is over. Lines that go on are indented.
# CodeBuild takes the artifact of a failed build, too, and where there is none its last words are about that
# (github.com/aws/copilot-cli issue 2780). So there is one, which says what happened; nothing deploys it.
fail() {
  local indent=$'\n        '
  rm -rf "${STATE}/revision"
  mkdir -p "${STATE}/revision"
  cat >"${CAUSE}" <<MESSAGE
build failed at: ${STEP}
  what: ${1//$'\n'/${indent}}
  why:  ${2//$'\n'/${indent}}
  next: ${3//$'\n'/${indent}}
MESSAGE
  printf '\n' >&2
  cat "${CAUSE}" >&2
  leave
}

# leave: ends the build; out of a substitution, so that whoever wanted its value tells nothing again.
leave() {
  exit "$((BASH_SUBSHELL ? TOLD : 1))"
}

# unexpected <status> <line> <command>: what no step foresaw still says where it happened.
unexpected() {
  trap - ERR
  ((${1} != TOLD)) || leave
  fail "a command ended with status ${1}" "line ${2} of ${0}: ${3}" \
    "read what it printed above; if that names nothing to mend, start the build again"
}
trap 'unexpected "${?}" "${LINENO}" "${BASH_COMMAND}"' ERR

# need <variable>...: all that are missing are named at once.
need() {
  local name
  local missing=()
  for name in "${@}"; do
    [[ -n "${!name:-}" ]] || missing+=("${name}")
  done
  if ((${#missing[@]})); then
    fail "not set: ${missing[*]}" "the build project sets these variables; this build got none" \
      "deploy the delivery stack again, or set them in the environment"
  fi
}

# The tag of this build's image: the commit or, where the source has none, the build's id.
image_tag() {
  local id="${CODEBUILD_BUILD_ID:-}"
  local tag="${COMMIT:-${id//[^A-Za-z0-9_.-]/-}}"
  if [[ -z "${tag}" ]]; then
    fail "neither COMMIT nor CODEBUILD_BUILD_ID is set" "an image is tagged with one of them" \
      "start the build through its pipeline, or set COMMIT"
  fi
  if [[ ! "${tag}" =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ || "${tag}" == latest ]]; then
    fail "an image cannot be tagged with ${tag@Q}" \
      "a tag has at most 128 letters, digits, dots, hyphens and underscores, and latest is not a commit" \
      "start the build through its pipeline, which sets COMMIT to the commit's hash"
  fi
  printf '%s' "${tag}"
}

# last_lines <file>: what a program said in the end, for the message about it.
last_lines() {
  grep --invert-match '^[[:space:]]*$' "${1}" | tail --lines=5 || true
}
