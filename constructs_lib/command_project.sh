#!/bin/bash
# Runs COMMAND, a JSON list of words, in an image: IMAGE, or else what the revision's image.json names.
# CodeBuild runs this text as one command of its buildspec; its exit code is the run's.
set -euo pipefail
: "${PARAMETER_PATH:?}"
WORK="$(mktemp --directory)"
trap 'rm --recursive --force "${WORK}"' EXIT
export DOCKER_CONFIG="${WORK}/docker"
if [[ -z "${IMAGE:-}" ]]; then
  IMAGE="$(python3 -c 'import json; it = json.load(open("image.json")); print(it["repository"] + "@" + it["digest"])')"
fi
if [[ -z "${COMMAND:-}" ]]; then
  echo "there is no command to run: release.command in pipeline.toml, or slipway run" >&2
  exit 2
fi
timeout 60 aws ecr get-login-password |
  timeout 60 docker login --username AWS --password-stdin "${IMAGE%%/*}" >/dev/null
timeout 60 aws ssm get-parameters-by-path --path "${PARAMETER_PATH}" --recursive --with-decryption \
  --output json >"${WORK}/parameters"
python3 - "${WORK}" "${PARAMETER_PATH}" <<'END'
import json, os, re, sys
work, path = sys.argv[1:]
with open(f"{work}/parameters", encoding="utf-8") as file:
    found = {each["Name"][len(path) :].lstrip("/"): each["Value"] for each in json.load(file)["Parameters"]}
for name, value in found.items():
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or re.search(r"[\r\n\0]", value):
        sys.exit(f"{path}/{name}: its name or its value is none that a variable of a container can have")
with open(os.open(f"{work}/environment", os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
    file.writelines(f"{name}={value}\n" for name, value in sorted(found.items()))
with open(f"{work}/command", "wb") as file:
    file.write("\0".join(json.loads(os.environ["COMMAND"])).encode() + b"\0")
END
mapfile -d '' -t words <"${WORK}/command"
timeout 900 docker pull --quiet "${IMAGE}"
echo "-----> ${IMAGE}: ${words[*]}"
status=0
docker run --rm --env-file "${WORK}/environment" --read-only --tmpfs /tmp --cap-drop ALL \
  --security-opt no-new-privileges "${IMAGE}" "${words[@]}" || status="${?}"
echo "-----> it ended with exit code ${status}"
exit "${status}"
