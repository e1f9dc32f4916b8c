"""The rules are those of scripts/start_server.sh, which has the last word."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from slipway.parameters.rules import LIMIT_BYTES, wrong_name, wrong_value

ROOT = Path(__file__).parents[3]
PATH = "/my-app/staging"
NAMES = [
    "LOG_LEVEL",
    "_x",
    "a1",
    "1a",
    "a-b",
    "a.b",
    "a/b",
    "a b",
    "",
    "PORT",
    "SLIPWAY_COMMIT",
    "SLIPWAY_DIGEST",
    "ä",
    "A\n",
]
VALUES = ["x", " x ", "a=b", '"quoted" $x', "tab\t", "a\nb", "a\r", "nul\0", "ü", "\N{LINE SEPARATOR}"]


def host_takes(directory: Path, name: str, value: str) -> bool:
    """Whether the host's script would start a container with the variable."""
    script = (ROOT / "scripts/start_server.sh").read_text()
    (code,) = re.findall(r"readonly WRITE_ENVIRONMENT='\n(.*?)\n'\n", script, re.DOTALL)
    source, target = directory / "parameters", directory / "environment"
    source.write_text(json.dumps({"Parameters": [{"Name": f"{PATH}/{name}", "Value": value}]}))
    command = [sys.executable, "-I", "-c", code, PATH, str(source), str(target)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_refused_exactly_where_the_host_would_refuse_it(tmp_path: Path, name: str) -> None:
    assert (wrong_name(name) is None) == host_takes(tmp_path, name, "x")


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_refused_exactly_where_the_host_would_refuse_it(tmp_path: Path, value: str) -> None:
    assert (wrong_value(value) is None) == host_takes(tmp_path, "NAME", value)


def test_a_value_is_as_long_as_a_standard_parameter_in_bytes() -> None:
    assert wrong_value("ü" * (LIMIT_BYTES // 2)) is None
    assert (
        wrong_value("ü" * (LIMIT_BYTES // 2) + "x")
        == "the value has 4097 bytes; the limit of a standard parameter is 4096"
    )


def test_an_empty_value_is_refused() -> None:
    assert wrong_value("") == "the value is empty, which Parameter Store does not allow"


def test_what_is_wrong_with_a_value_does_not_repeat_it() -> None:
    assert "hunter2" not in (wrong_value("hunter2\n") or "hunter2")
