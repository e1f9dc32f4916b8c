# shellcheck shell=bash
# Functions that all build steps share: output, errors, and the names of files and tags.
# Separate from scripts/lib.sh, which is part of every revision: a change to the build must not change the code
# on the hosts.
set -Eeuo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Set by the build project and CodeBuild (modules/delivery.py), otherwise empty; `need` checks what a step requires.
: "${REGISTRY:=}" "${IMAGE_REPOSITORY:=}" "${CACHE_REPOSITORY:=}" "${REVISIONS:=}"
: "${ARCHITECTURE:=}" "${FAIL_ON_CRITICAL:=}" "${AWS_REGION:=}"

# Files that one step leaves for the next; CodeBuild takes the artifact from ${STATE}/revision.
readonly STATE=build
# The image's list of contents: sbom.sh writes it, package.sh uploads it.
# shellcheck disable=SC2034 # used there
readonly SBOM="${STATE}/sbom.json"

# Why the build failed.
readonly CAUSE="${STATE}/revision/build-failed.txt"

STEP="start"
# The exit status of a command substitution whose error message has been printed.
readonly TOLD=99

# begin <step>: prints the name of the step. CodeBuild also runs post_build after a failed build: the cause is then
# printed again, so that it is the last message.
begin() {
  STEP="${1}"
  printf '\n==> %s\n' "${STEP}"
  if [[ "${CODEBUILD_BUILD_SUCCEEDING:-1}" == 0 ]]; then
    note "skipped, because the build has failed"
    if [[ -s "${CAUSE}" ]]; then
      printf '\n' >&2
      cat "${CAUSE}" >&2
      leave
    fi
    fail "this step was not run" "an earlier phase of the build failed" "see its message above in this log"
  fi
  mkdir -p "${STATE}"
}

note() {
  printf '    %s\n' "${1}"
}

warn() {
  printf '  ! %s\n' "${1}"
}

# fail <what> <why> <next>: prints one message and ends the build. Continuation lines are indented.
# CodeBuild also uploads the artifact of a failed build, and reports a missing one as the last error
# (github.com/aws/copilot-cli issue 2780). So this writes one that contains the message; nothing deploys it.
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

# leave: ends the build; in a command substitution with a status that tells the caller not to print a second message.
leave() {
  exit "$((BASH_SUBSHELL ? TOLD : 1))"
}

# unexpected <status> <line> <command>: reports where a command failed that no step handles.
unexpected() {
  trap - ERR
  ((${1} != TOLD)) || leave
  fail "a command ended with status ${1}" "line ${2} of ${0}: ${3}" \
    "see its output above; if it names no cause, start the build again"
}
trap 'unexpected "${?}" "${LINENO}" "${BASH_COMMAND}"' ERR

# need <variable>...: fails with a list of all variables that are missing.
need() {
  local name
  local missing=()
  for name in "${@}"; do
    [[ -n "${!name:-}" ]] || missing+=("${name}")
  done
  if ((${#missing[@]})); then
    fail "not set: ${missing[*]}" "the build project sets these variables, but this build did not get them" \
      "deploy the delivery stack again, or set them in the environment"
  fi
}

# The tag of this build's image: the commit, or the build's id if the source has no commit.
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

# last_lines <file>: prints the last lines of a program's output, for an error message.
last_lines() {
  grep --invert-match '^[[:space:]]*$' "${1}" | tail --lines=5 || true
}
