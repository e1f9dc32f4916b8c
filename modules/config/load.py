"""Reads pipeline.toml into frozen settings, or reports all of its mistakes at once."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from modules.config.advice import warnings
from modules.config.checks.compare import compare
from modules.config.draft import draft
from modules.config.plain import message_of, path_of
from modules.config.problems import Finding, SettingsError, Unreadable, find, told
from modules.config.settings import PipelineSettings
from modules.config.values import SLUG

__all__ = ["SettingsError", "load", "parse", "settle", "warnings"]


def load(path: Path) -> PipelineSettings:
    """Return the settings in a file. Raises SettingsError, whose text is the message to print."""
    file = str(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(
            file,
            "does not exist: run the command in the directory of pipeline.toml, or let SLIPWAY_SETTINGS name"
            " the file",
        ) from None
    except IsADirectoryError:
        raise Unreadable(file, "is a directory; a settings file is expected") from None
    except OSError as error:
        raise Unreadable(file, f"cannot be read: {error.strerror}") from None
    return parse(_decode(content, file), file=file)


def parse(text: str, *, file: str = "pipeline.toml") -> PipelineSettings:
    """Return the settings in a TOML text; messages name it ``file``. Raises SettingsError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(file, f"is not TOML: {_syntax(str(error), text)}") from None
    except (ValueError, RecursionError):
        raise Unreadable(
            file, "is not readable TOML: a number is too long, or lists are nested too deeply"
        ) from None
    return settle(data, file=file)


def settle(data: Mapping[str, object], *, file: str = "pipeline.toml") -> PipelineSettings:
    """Return the settings in parsed TOML; messages name it ``file``. Raises SettingsError."""
    try:
        pipeline, findings = PipelineSettings.model_validate(data), list[Finding]()
    except ValidationError as error:
        errors = error.errors(include_url=False)
        findings = [(path_of(error), message_of(error)) for error in errors]
        pipeline = draft(PipelineSettings, data, {path for path, _ in findings})
    findings += compare(pipeline)
    if findings:
        raise SettingsError(file, told(data, findings, _names(data)))
    return pipeline


def _decode(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wrong = f"byte {error.start + 1} (0x{content[error.start]:02x}, in line {line})"
        raise Unreadable(file, f"is not UTF-8: {wrong} is invalid; save the file as UTF-8") from None


def _syntax(message: str, text: str) -> str:
    """Return tomllib's message with the position in front, and a hint at the likely cause."""
    match = re.fullmatch(r"(.+) \(at line (\d+), column (\d+)\)", message)
    if not match:
        return f"at its end: {message.removesuffix(' (at end of document)')}{_hint('', text)}"
    before = text.split("\n")[: int(match[2])]
    found = _twice(match[1], before) or match[1]
    return f"line {match[2]}, column {match[3]}: {found}{_hint(before[-1], text)}"


def _twice(found: str, before: list[str]) -> str | None:
    """Return which key or table is defined twice, if that is what tomllib reports; otherwise None."""
    if found.startswith("Cannot declare"):
        return f"{before[-1].strip()} is defined twice"
    if found.startswith(("Cannot overwrite", "Cannot mutate")):
        key = next((line.partition("=")[0].strip() for line in reversed(before) if "=" in line), "")
        return f"the key {key} is defined twice" if key else None
    return None


def _hint(line: str, text: str) -> str:
    """Return the likely cause of a syntax error, such as a typographic quote; "" if none is found."""
    if re.search(r"\r(?!\n)", text):
        return "; the file has CR line endings: save it with LF"
    if re.search(r"=\s*[+-]?0\d", line):
        return "; a number cannot begin with 0: put it in quotes"
    bare = re.sub(r'"[^"\n]*"|#.*', "", line or text)
    odd = next((character for character in bare if character > "~"), None)
    if odd is None:
        return ""
    name = f"{odd if odd.isprintable() else ''} (U+{ord(odd):04X} {unicodedata.name(odd, 'no character')})"
    what = 'is not a quote: write "' if odd in "“”„‟«»‘’‚‛＂＇′″" else "is not allowed here"
    return f"; {name.strip()} {what}"


def _names(data: Mapping[str, object]) -> dict[int, str]:
    """Return the names of the environments by their index, for those with a valid and unique name."""
    environments = data.get("environments")
    tables = environments if isinstance(environments, list | tuple) else ()
    names = [find(table, ("name",)) for table in tables]
    return {
        n: name
        for n, name in enumerate(names)
        if isinstance(name, str) and re.fullmatch(SLUG, name) and names.count(name) == 1
    }
