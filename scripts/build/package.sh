#!/bin/bash
# Package the revision, which contains what a host needs to run this image: as the build's artifact and, for
# rollbacks, as revisions/<commit>.zip beside the image's list of contents. The same commit gives the same bytes.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/registry.sh
source scripts/build/registry.sh

readonly PARTS="${STATE}/parts"
readonly ZIP="${STATE}/revision.zip"
readonly LOG="${STATE}/keep.log"

# Uses the time of the image, so that building the same commit again gives the same bytes.
write_image_json() {
  local digest made_at
  digest="$(pushed_digest)"
  made_at="$(built_at "${IMAGE_REPOSITORY}:${tag}")"
  cat >"${PARTS}/image.json" <<JSON
{
  "repository": "${IMAGE_REPOSITORY}",
  "commit": "${tag}",
  "digest": "${digest}",
  "built_at": "${made_at}"
}
JSON
}

# How the service is run is part of the revision, so a rollback also rolls back these settings.
write_app_json() {
  local said
  if ! said="$(python3 scripts/build/app_json.py pipeline.toml "${PARTS}/app.json" 2>&1)"; then
    fail "the settings below [app] in pipeline.toml are invalid" "${said}" \
      "run slipway validate, correct what it names, and push a new commit"
  fi
}

collect() {
  rm -rf "${PARTS}"
  mkdir -p "${PARTS}/scripts"
  if [[ ! -f appspec.yml ]] || ! compgen -G 'scripts/*.sh' >/dev/null; then
    fail "appspec.yml or scripts/*.sh is missing" "a revision consists of them" "restore them from the repository"
  fi
  install --mode=0644 appspec.yml "${PARTS}/appspec.yml"
  install --mode=0755 scripts/*.sh "${PARTS}/scripts/"
  write_image_json
  write_app_json
  chmod 0644 "${PARTS}/image.json" "${PARTS}/app.json"
}

# keep <what> <file> <suffix> <type>: never overwrites an object. The build may not list the bucket, so the write is
# conditional.
keep() {
  local bucket="${REVISIONS#s3://}"
  local key="${bucket#*/}${tag}${3}"
  bucket="${bucket%%/*}"
  if patiently quietly "${LOG}" aws s3api put-object --region "${AWS_REGION}" --bucket "${bucket}" \
    --key "${key}" --body "${2}" --content-type "${4}" --if-none-match '*'; then
    note "kept as s3://${bucket}/${key}"
  elif grep --quiet --extended-regexp 'PreconditionFailed|\b412\b' "${LOG}"; then
    compare "${1}" "${2}" "${bucket}" "${key}"
  else
    fail "cannot keep the ${1} as s3://${bucket}/${key}$(throttles "${LOG}")" "$(last_lines "${LOG}")" \
      "start the build again, which uses the existing image; if access is denied, deploy the delivery stack"
  fi
}

# compare <what> <file> <bucket> <key>: fails if the object that was kept for this commit differs.
compare() {
  local kept="${STATE}/kept"
  if ! patiently quietly "${LOG}" aws s3api get-object --region "${AWS_REGION}" --bucket "${3}" --key "${4}" "${kept}"; then
    fail "s3://${3}/${4} exists, but cannot be read$(throttles "${LOG}")" "$(last_lines "${LOG}")" \
      "deploy the delivery stack, which lets the build read what it kept, and start the build again"
  fi
  if ! cmp --quiet "${2}" "${kept}"; then
    fail "s3://${3}/${4} holds a different ${1} of this commit" \
      "its image was deleted and built again, or the object was written by hand" \
      "push a new commit; or, if no rollback to the old revision is needed, delete that object and start the build again"
  fi
  note "already kept as s3://${3}/${4}"
}

begin "package the revision"
need IMAGE_REPOSITORY REVISIONS AWS_REGION
tag="$(image_tag)"
if [[ ! -s "${SBOM}" ]]; then
  fail "the list of contents of the image is missing" "${SBOM} does not exist" "run the steps in the order of buildspec.yml"
fi
collect
python3 scripts/build/pack.py "${PARTS}" "${ZIP}"
# First, so that every revision that can be deployed has its list of contents.
keep "list of contents" "${SBOM}" .sbom.json application/vnd.cyclonedx+json
keep revision "${ZIP}" .zip application/zip
# Last, and with one rename, so that the artifact is always complete.
rm -rf "${STATE}/revision"
mv "${PARTS}" "${STATE}/revision"
note "revision of ${tag}: $(cd "${STATE}/revision" && echo app.json appspec.yml image.json scripts/*)"
