"""Every command that a document names exists, with its options: of make, of slipway, of the AWS CLI."""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from slipway.cli.app import app
from tests.docs.pages import ROOT, each_document, name, snippets


@each_document
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z/-]*):", makefile, re.MULTILINE))
    for snippet in snippets(document):
        for target in re.findall(r"(?:^|&& |\$ )make +([a-z][a-z/-]*)", snippet, re.MULTILINE):
            assert target in targets, f"{name(document)}: make {target}"


@each_document
def test_every_slipway_command_and_option_that_is_named_exists(document: Path) -> None:
    for snippet in snippets(document):
        for line in re.findall(r"(?:^|&& |\$ |bin/)slipway +([a-z-][^#`|>\n]*)", snippet, re.MULTILINE):
            command, words = typer.main.get_command(app), line.replace("[", " ").replace("]", " ").split()
            while isinstance(command, TyperGroup) and words and words[0] != "--help":
                found = command.get_command(None, words.pop(0))  # type: ignore[arg-type]  # no context is needed
                assert found, f"{name(document)}: slipway {line}"
                command = found
            options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            unknown = {word for word in words if word.startswith("--")} - options
            assert not unknown, f"{name(document)}: slipway {line}: {unknown}"


@cache
def aws_cli() -> dict[str, Any]:
    """The AWS CLI's own table of its commands."""
    driver = importlib.import_module("awscli.clidriver").create_clidriver()
    return dict(driver.create_help_command().command_table)


def aws_lines(document: Path) -> Iterator[list[str]]:
    """Each command of the AWS CLI in the document, as words; one within another's ``$(…)`` by itself."""
    for snippet in snippets(document):
        plain = re.sub(r"'[^'\n]*'", "QUOTED", snippet.replace("\\\n", " ")).replace('"', "")
        plain = re.sub(r"\$\(\(.*?\)\)", "NUMBER", plain)
        while inner := re.search(r"\$\(([^()]*)\)", plain):
            yield from aws_words(inner[1])
            plain = plain.replace(inner[0], "ANSWER")
        for line in plain.splitlines():
            yield from aws_words(line)


def aws_words(line: str) -> Iterator[list[str]]:
    """A line's words after ``aws``, up to a pipe, if that is the command that it runs."""
    command = re.match(r" *aws +([a-z0-9-]+ +[a-z][^|]*)", line)
    if command:
        yield command[1].split()


@each_document
def test_every_aws_command_and_option_that_is_named_exists(document: Path) -> None:
    everywhere = {"--query", "--output", "--region", "--profile"}
    for service, operation, *rest in aws_lines(document):
        where = f"{name(document)}: aws {service} {operation}"
        assert service in aws_cli(), where
        commands = aws_cli()[service].create_help_command().command_table
        assert operation in commands, where
        command = commands[operation]
        if operation == "wait":
            command = command.create_help_command().command_table[rest[0]]
        known = {f"--{each}" for each in command.create_help_command().arg_table} | everywhere
        unknown = {word for word in rest if word.startswith("--")} - known
        assert not unknown, f"{where} {unknown}"
