"""Reads pipeline.toml into frozen settings, or says in plain words everything that is wrong with it."""

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
    """The settings that a file holds. Raises SettingsError, whose text is the message for people."""
    file = str(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(file, "does not exist: run this where pipeline.toml is, or name it") from None
    except IsADirectoryError:
        raise Unreadable(file, "is a directory, not a file of settings") from None
    except OSError as error:
        raise Unreadable(file, f"cannot be read: {error.strerror}") from None
    return parse(_decode(content, file), file=file)


def parse(text: str, *, file: str = "pipeline.toml") -> PipelineSettings:
    """The settings that a text holds; ``file`` is what messages call it. Raises SettingsError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(file, f"is not TOML: {_syntax(str(error), text)}") from None
    except (ValueError, RecursionError):
        raise Unreadable(
            file, "is not TOML that can be read: a number is too long, or lists too deep"
        ) from None
    return settle(data, file=file)


def settle(data: Mapping[str, object], *, file: str = "pipeline.toml") -> PipelineSettings:
    """The settings that parsed TOML holds. Raises SettingsError."""
    try:
        pipeline, findings = PipelineSettings.model_validate(data), list[Finding]()
    except ValidationError as error:
        errors = error.errors(include_url=False)
        findings = [(path_of(each), message_of(each)) for each in errors]
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
        raise Unreadable(file, f"is not UTF-8: {wrong} is not part of it; save it as UTF-8") from None


def _syntax(message: str, text: str) -> str:
    """What tomllib found, with its place in front, and a hint at what people do not see."""
    match = re.fullmatch(r"(.+) \(at line (\d+), column (\d+)\)", message)
    if not match:
        return f"at its end: {message.removesuffix(' (at end of document)')}{_hint('', text)}"
    before = text.split("\n")[: int(match[2])]
    found = _twice(match[1], before) or match[1]
    return f"line {match[2]}, column {match[3]}: {found}{_hint(before[-1], text)}"


def _twice(found: str, before: list[str]) -> str | None:
    """Which key or table stands there twice, if that is what was found."""
    if found.startswith("Cannot declare"):
        return f"{before[-1].strip()} stands there already"
    if found.startswith(("Cannot overwrite", "Cannot mutate")):
        key = next((line.partition("=")[0].strip() for line in reversed(before) if "=" in line), "")
        return f"the key {key} stands there already" if key else None
    return None


def _hint(line: str, text: str) -> str:
    """What is likely behind it."""
    if re.search(r"\r(?!\n)", text):
        return "; the file has line ends of CR alone: save it with LF"
    if re.search(r"=\s*[+-]?0\d", line):
        return "; a number cannot begin with 0: put it in quotes"
    bare = re.sub(r'"[^"\n]*"|#.*', "", line or text)
    odd = next((each for each in bare if each > "~"), None)
    if odd is None:
        return ""
    name = f"{odd if odd.isprintable() else ''} (U+{ord(odd):04X} {unicodedata.name(odd, 'no character')})"
    what = 'is not a quote: write "' if odd in "“”„‟«»‘’‚‛＂＇′″" else "cannot stand there"
    return f"; {name.strip()} {what}"


def _names(data: Mapping[str, object]) -> dict[int, str]:
    """The environments' names by their place, where they have one that is right and no other's."""
    environments = data.get("environments")
    tables = environments if isinstance(environments, list | tuple) else ()
    names = [find(table, ("name",)) for table in tables]
    return {
        n: name
        for n, name in enumerate(names)
        if isinstance(name, str) and re.fullmatch(SLUG, name) and names.count(name) == 1
    }
