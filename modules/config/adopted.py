"""Reads adopt.toml: what Terraform imports, moves within a state and gives up, by stack and address."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from modules.config.problems import Path as KeyPath
from modules.config.problems import Problem, SettingsError, Unreadable, key_of, shown

FILE = "adopt.toml"
INDEX = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
"""The key of count or for_each in an address; Terraform escapes quotes in it."""
MODULES = re.compile(rf"(?:module\.[A-Za-z_][\w-]*(?:{INDEX.pattern})?\.)*")
"""What an address begins with: the modules that the resource is in, if any."""
ADDRESS = re.compile(
    rf"{MODULES.pattern}"
    rf"(?!module\.|data\.)(?P<type>[a-z][a-z0-9_]*)\.[A-Za-z_][\w-]*(?:{INDEX.pattern})?"
)
"""The address of a managed resource."""
TEMPLATES = ("${", "%{")
MOVED, DESTROY = "moved_from", "destroy"

Line: TypeAlias = str | Mapping[str, str | bool]
"""What a line has. Text: the id by which Terraform imports the resource. ``{ moved_from = "<address>" }``:
the address at which the state has it. ``{ destroy = false }``: Terraform forgets it, and it stays in AWS."""
Adopted: TypeAlias = Mapping[str, Mapping[str, Line]]
"""The lines of adopt.toml, by stack and Terraform address."""
Block: TypeAlias = Mapping[str, object]


def load(path: Path) -> Adopted:
    """The lines of a file; none if it does not exist. Raises SettingsError, which lists all mistakes."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Unreadable(str(path), f"cannot be read: {error.strerror}") from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise Unreadable(str(path), f"is not TOML: {error}") from None
    except RecursionError:
        raise Unreadable(str(path), "is not readable TOML: it is nested too deeply") from None
    problems = list(_problems(data))
    if problems:
        raise SettingsError(str(path), problems)
    return data


def blocks(adopted: Adopted) -> Mapping[str, Mapping[str, list[Block]]]:
    """Terraform's blocks by stack and kind: ``import``, ``moved``, ``removed``; in the order of addresses."""
    return {stack: dict(_blocks(lines)) for stack, lines in adopted.items()}


def moved_from(line: Line) -> str:
    """The address in the state from which a resource moves; "" if its line is of another kind."""
    return str(line.get(MOVED, "")) if isinstance(line, Mapping) else ""


def forgets(line: Line) -> bool:
    """Whether Terraform forgets the resource without destroying it."""
    return isinstance(line, Mapping) and DESTROY in line


def _blocks(lines: Mapping[str, Line]) -> Iterator[tuple[str, list[Block]]]:
    ordered = sorted(lines.items())
    removed = [address for address, line in ordered if forgets(line)]
    made: Mapping[str, list[Block]] = {
        "import": [{"to": address, "id": line} for address, line in ordered if isinstance(line, str)],
        "moved": [{"from": old, "to": address} for address, line in ordered if (old := moved_from(line))],
        "removed": [{"from": address, "lifecycle": {"destroy": False}} for address in removed],
    }
    yield from ((kind, found) for kind, found in made.items() if found)


def _problems(data: Mapping[str, object]) -> Iterator[Problem]:
    for stack, table in data.items():
        if not isinstance(table, Mapping):
            yield _problem((stack,), table, 'a table of resources is expected: ["<stack>"]')
            continue
        olds: dict[str, str] = {}
        ids: dict[tuple[str, str], str] = {}
        for address, line in table.items():
            path, ours = (stack, address), ADDRESS.fullmatch(address)
            if not ours:
                yield _problem(
                    path, None, "the address of a resource is expected, such as aws_vpc.network_vpc"
                )
            if isinstance(line, Mapping):
                yield from _of_a_table(path, line, olds)
            elif problem := _of_an_id(line):
                yield _problem(path, line, problem)
            elif ours and (other := ids.setdefault((ours["type"], str(line)), address)) != address:
                yield _problem(path, line, f"one resource has one address, and this one has {other}")


def _of_an_id(line: object) -> str:
    """What is wrong with a line that should be an id; "" if nothing is."""
    if not isinstance(line, str) or not line.strip():
        return "the id of the existing resource is expected, as text"
    if any(mark in line for mark in TEMPLATES):
        return "Terraform would read ${ and %{ as expressions"
    if line != line.strip() or not line.isprintable():
        return "an id has no blanks at its ends, and no control characters"
    return ""


def _problem(path: KeyPath, value: object, message: str) -> Problem:
    return Problem(key_of(path, {}), None if value is None else shown(value, within=True), message)


def _of_a_table(path: KeyPath, line: Mapping[str, object], olds: dict[str, str]) -> Iterator[Problem]:
    """Mistakes in a line that is not an id. olds: what the lines before it move, and where to."""
    address = str(path[-1])
    if line == {DESTROY: False}:
        if INDEX.search(address):
            then = "Terraform forgets all instances that do not move: write the address without keys"
            yield _problem(path, None, then)
        return
    old, ours = line.get(MOVED), ADDRESS.fullmatch(address)
    if set(line) != {MOVED} or not isinstance(old, str):
        then = '{ moved_from = "<address in the state>" } or { destroy = false } is expected'
        yield _problem(path, line, then)
        return
    theirs = ADDRESS.fullmatch(old)
    if not theirs:
        yield _problem(path, old, "the address of a resource in the state is expected")
    elif ours and theirs["type"] != ours["type"]:
        yield _problem(path, old, f"what moves keeps its type: an address of type {ours['type']} is expected")
    if old in olds:
        yield _problem(path, old, f"one resource moves to one address, and this one moves to {olds[old]}")
    olds.setdefault(old, address)
