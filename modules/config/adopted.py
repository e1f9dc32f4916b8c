"""Reads adopt.toml: which existing resources Terraform imports, by stack and address."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from modules.config.problems import Problem, SettingsError, Unreadable

FILE = "adopt.toml"
ADDRESS = re.compile(r'[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*(\[(\d+|"[^"]*")\])?')
TEMPLATES = ("${", "%{")

Imports: TypeAlias = Mapping[str, Mapping[str, str]]
"""By stack and Terraform address, the id by which Terraform imports the resource."""


def load(path: Path) -> Imports:
    """The imports in a file; none if it does not exist. Raises SettingsError, which lists all mistakes."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Unreadable(str(path), f"cannot be read: {error.strerror}") from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise Unreadable(str(path), f"is not TOML: {error}") from None
    problems = list(_problems(data))
    if problems:
        raise SettingsError(str(path), problems)
    return data


def _problems(data: Mapping[str, object]) -> Iterator[Problem]:
    for stack, table in data.items():
        if not isinstance(table, Mapping):
            yield Problem(stack, str(table), 'a table of imports is expected: ["<stack>"]')
            continue
        for address, existing in table.items():
            key = f"{stack}.{address}"
            if not ADDRESS.fullmatch(address):
                yield Problem(key, None, "the address of a resource is expected, such as aws_vpc.network_vpc")
            if not isinstance(existing, str) or not existing.strip():
                yield Problem(key, str(existing), "the id of the existing resource is expected, as text")
            elif any(mark in existing for mark in TEMPLATES):
                yield Problem(key, existing, "Terraform would read ${ and %{ as expressions")
