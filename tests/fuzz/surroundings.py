"""Surroundings that nobody prepared, made up from a seed, and what may never come of them."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[2]
BASE = {
    "PATH": os.defpath,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "HOME": "/nonexistent",
}
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
NOBODY = "http://127.0.0.1:9"
COMMANDS = (
    "--help",
    "validate",
    "validate --help",
    "status",
    "status --json",
    "status --watch",
    "status --nonsense",
    "status --env nowhere",
    "releases",
    "releases --all",
    "doctor",
    "doctor --json",
    "watch",
    "watch d-X",
    "logs",
    "logs app --since 1h",
    "logs --since nonsense",
    "config",
    "config list --env prod",
    "config get X --env prod",
    "config set X y --env prod",
    "config set X --env prod",
    "config delete X --env prod",
    "config delete X --env prod --yes",
    "rollback --env prod",
    "rollback --env prod --yes",
    "deploy --env prod --to 0123456789ab --yes",
    "resume --env prod",
    "approve --env prod",
    "reject --env prod --yes",
    "bootstrap",
    "bootstrap --dry-run",
    "destroy",
    "destroy --yes my-app",
    "plan",
    "review",
    "review /nowhere",
    "review pipeline.toml",
    "demo --stop",
    "nonsense",
)
VALUES = (
    *("", "x", "localhost:4566", NOBODY, "http://", "/nowhere", "/dev/null", "/", "0", "-1", "1", "9" * 11),
    *("true", "ünïcödé", "\udcff", " ", "a\nb", "*", "$HOME", "%s%n", "a" * 5000, "../..", "eu-central-1"),
)
VARIABLES = [
    "AWS_PROFILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_MAX_ATTEMPTS",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_RETRY_MODE",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_DEFAULTS_MODE",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_METADATA_SERVICE_TIMEOUT",
    "AWS_DATA_PATH",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_SDK_UA_APP_ID",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "SLIPWAY_SETTINGS",
    "SLIPWAY_EAGER_BINDINGS",
    "HOME",
    "PATH",
    "TMPDIR",
    "COLUMNS",
    "LINES",
    "TERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "LANG",
    "LC_ALL",
    "TZ",
    "PAGER",
    "USER",
    "LOGNAME",
    "TF_CLI_CONFIG_FILE",
    "TF_PLUGIN_CACHE_DIR",
    "CI",
    "GITHUB_ACTIONS",
    "JSII_NODE",
    "_TYPER_COMPLETE_ARGS",
]
SIZES = ("0", "1", "2", "20", "40", "80", "100000", "-5", "x", "")
ENCODINGS = ("utf-8", "ascii", "latin-1", "cp1252", "utf-16")
STREAMS = ("pipe", "pipe", "pipe", "closed", "full", "broken")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DOCUMENTED = {0, 1, 2, 3, 130}


def case(seed: int) -> dict[str, Any]:
    """The surroundings of a seed: always the same."""
    made = random.Random(seed)
    command = made.choice(COMMANDS)
    environment = {**BASE, **(KEYS | {"AWS_ENDPOINT_URL": NOBODY} if made.random() < 0.6 else {})}
    for _ in range(made.choice((0, 1, 1, 2, 4))):
        environment[made.choice(VARIABLES)] = made.choice(VALUES)
    if made.random() < 0.4:
        environment["COLUMNS"] = made.choice(SIZES)
        environment["LINES"] = made.choice(SIZES)
    arguments = command.split()
    if made.random() < 0.15:
        arguments.insert(made.randrange(len(arguments) + 1), made.choice(VALUES))
    interrupted = made.random() < 0.1
    return {
        "arguments": arguments,
        "environment": {name: value.replace("\0", "") for name, value in environment.items()},
        "streams": [made.choice(STREAMS) for _ in range(3)],
        "encoding": made.choice(ENCODINGS) if made.random() < 0.5 else "utf-8",
        "directory": str(ROOT),
        **({"signal": made.choice(SIGNALS), "after": made.random() * 0.05} if interrupted else {}),
    }


def wrong(case: dict[str, Any], answer: dict[str, Any]) -> str:
    """What may not be of an answer; "" if all is well."""
    code, said = answer["code"], answer["err"]
    if case["encoding"] == "utf-16":
        said = said.replace("\0", "")
    for trace in ("Traceback", "Exception ignored", 'File "'):
        if trace in said or trace in answer["out"].replace("\0", ""):
            return trace
    if code not in DOCUMENTED and not (case.get("signal") and code == -case["signal"]):
        return f"exit code {code}"
    if code in (1, 2, 3) and case["streams"][2] == "pipe" and not case.get("signal"):
        messages = len(re.findall(r"^(?:error: |Usage: |Error: |Aborted)", said, re.MULTILINE))
        if not messages and not answer["out"] and case["streams"][1] == "pipe":
            return "no message"
        if len(re.findall(r"^error: ", said, re.MULTILINE)) > 1:
            return "several messages"
    return ""


class Server:
    """The process that runs cases."""

    def __enter__(self) -> "Server":
        self._process = subprocess.Popen(
            [sys.executable, ROOT / "tests" / "fuzz" / "surroundings_server.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
            text=True,
        )
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.communicate()

    def run(self, case: dict[str, Any]) -> dict[str, Any]:
        """What comes of a case."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer
