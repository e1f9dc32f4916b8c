#!/bin/bash
# Package the revision: what a host needs to run this image, as the build's artifact and, for going
# back, as revisions/<commit>.zip, with what is in the image beside it. The same commit gives the same bytes.
# shellcheck source=scripts/build/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/build/retry.sh
source scripts/build/retry.sh
# shellcheck source=scripts/build/registry.sh
source scripts/build/registry.sh

readonly PARTS="${STATE}/parts"
readonly ZIP="${STATE}/revision.zip"
readonly LOG="${STATE}/keep.log"

# The time is the image's own, so that building the same commit again changes nothing.
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

# How the service is run changes with its commits, and back with a rollback.
write_app_json() {
  local said
  if ! said="$(python3 scripts/build/app_json.py pipeline.toml "${PARTS}/app.json" 2>&1)"; then
    fail "pipeline.toml does not say how the service is run" "${said}" \
      "run slipway validate, mend what it names, and push that"
  fi
}

collect() {
  rm -rf "${PARTS}"
  mkdir -p "${PARTS}/scripts"
  if [[ ! -f appspec.yml ]] || ! compgen -G 'scripts/*.sh' >/dev/null; then
    fail "appspec.yml or scripts/*.sh is missing" "a revision is made of them" "restore them from the repository"
  fi
  install --mode=0644 appspec.yml "${PARTS}/appspec.yml"
  install --mode=0755 scripts/*.sh "${PARTS}/scripts/"
  write_image_json
  write_app_json
  chmod 0644 "${PARTS}/image.json" "${PARTS}/app.json"
}

# keep <what> <file> <suffix> <type>: only ever writes a new object. The build may not list the bucket,
# so S3 is asked to refuse.
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
      "start the build again: it finds its image and does not build anew; if it is refused, deploy the delivery stack"
  fi
}

# compare <what> <file> <bucket> <key>: what was kept for a commit is what goes on being deployed for it.
compare() {
  local kept="${STATE}/kept"
  if ! patiently quietly "${LOG}" aws s3api get-object --region "${AWS_REGION}" --bucket "${3}" --key "${4}" "${kept}"; then
    fail "s3://${3}/${4} is there, but cannot be read$(throttles "${LOG}")" "$(last_lines "${LOG}")" \
      "deploy the delivery stack, which lets the build read what it kept, and start the build again"
  fi
  if ! cmp --quiet "${2}" "${kept}"; then
    fail "s3://${3}/${4} holds another ${1} of this commit" \
      "its image was deleted and built anew, or the object was written by hand" \
      "push a new commit; or, if nobody is to go back to the old one, delete that object and start the build again"
  fi
  note "kept already as s3://${3}/${4}"
}

begin "package the revision"
need IMAGE_REPOSITORY REVISIONS AWS_REGION
tag="$(image_tag)"
if [[ ! -s "${SBOM}" ]]; then
  fail "it is not known what is in the image" "${SBOM} is not there" "run the steps in the order of buildspec.yml"
fi
collect
python3 scripts/build/pack.py "${PARTS}" "${ZIP}"
# First, so that a revision that can be deployed has it.
keep "list of contents" "${SBOM}" .sbom.json application/vnd.cyclonedx+json
keep revision "${ZIP}" .zip application/zip
# Last, and in one go: an artifact that is there is whole.
rm -rf "${STATE}/revision"
mv "${PARTS}" "${STATE}/revision"
note "revision of ${tag}: $(cd "${STATE}/revision" && echo app.json appspec.yml image.json scripts/*)"
