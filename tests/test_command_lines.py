"""What is printed for pasting is put together by one function, which quotes it, and by no f-string."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from slipway.console.shell import command_line, export

ROOT = Path(__file__).parents[1]
PROGRAMS = (
    "aws|apt-get|cd|cdktf|cp|docker|env|export|git|kill|make|npm|npx|python|rm|slipway|sudo|terraform|unset"
)
COMMAND = re.compile(rf"(?:^|[\s:;,(`])(?:(?:{PROGRAMS})[ =]|--[a-z-]+ )[^.;:,()`]*\{{", re.MULTILINE)
"""A program or an option, and a value with nothing but words between them."""

NO_COMMANDS = {
    '--require "{}"',  # NODE_OPTIONS, which has a quoting of its own
    "--budget {} is too small",
    "--since {} is before 1970",
    "--since {} is in the future",
    "--since {} is not a valid time",
    '--yes is "{}", but the service is "{}"',
    "Use another: make setup PYTHON=python{}",  # a version
    "docker {} {} failed",
    "invalid --comment-key {}",
    "environments: with source and build, these {} make {} stages",
    "export {}={}",  # the quoting function itself
    "slipway rehearse needs {}, deployments do not",
    "slipway {} --json",
    "slipway {} --yes succeeds",
    "slipway {} to {} by {}{}",
}
"""Sentences and titles that look like one."""


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """Every text that is put together in a file: each value that is put into it is {}."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.JoinedStr():
                parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
                yield node.lineno, "".join(map(str, parts))
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
                yield node.lineno, re.sub(r"\{\w*\}", "{}", text)
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add() | ast.Mod()):
                yield node.lineno, re.sub(r"%[sdr]", "{}", text) + "{}"


def unquoted(file: Path) -> list[str]:
    return [
        f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}:{line}: {text}"
        for line, text in texts(file)
        if COMMAND.search(text) and not any(no_command in text for no_command in NO_COMMANDS)
    ]


def product() -> list[Path]:
    places = ("scripts", "modules", "constructs_lib")
    return [ROOT / "main.py", *(file for place in places for file in sorted((ROOT / place).rglob("*.py")))]


def test_no_text_puts_a_value_into_a_command_unquoted() -> None:
    found = [each for file in product() for each in unquoted(file)]
    assert not found, "use slipway.console.shell.command_line:\n" + "\n".join(found)


def test_every_exception_is_still_there() -> None:
    said = [text for file in product() for _, text in texts(file)]
    assert [no_command for no_command in NO_COMMANDS if not any(no_command in text for text in said)] == []


@pytest.mark.parametrize(
    "code",
    [
        'f"terraform -chdir={path} plan"',
        'f"stop it: kill -9 {pid}"',
        'f"then `cd {path}`"',
        'f"aws s3api delete-object --bucket {bucket} --key {key}"',
        '"aws s3 rm {}".format(path)',
        '"git -C %s log" % path',
        '"slipway watch " + id',
        'f"if it is meant: --yes {service}"',
    ],
)
def test_a_command_that_is_not_quoted_is_found(tmp_path: Path, code: str) -> None:
    (tmp_path / "a.py").write_text(f"said = {code}\n")
    assert len(unquoted(tmp_path / "a.py")) == 1


@pytest.mark.parametrize("word", ["a b", "it's", '"', "$HOME", "`id`", "a;b", "*", "~", "", "\n", "#", "ü"])
def test_every_word_of_a_command_stays_one(word: str) -> None:
    assert shlex.split(command_line("aws", word, "--key", word)) == ["aws", word, "--key", word]
    assert shlex.split(export("NAME", word)) == ["export", f"NAME={word}"]
