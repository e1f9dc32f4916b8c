"""Turns text into JSON whose shape can be relied on, or says in one sentence what is wrong with it."""

import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeAlias, TypeVar

from plan_review.errors import ExplainedError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
T = TypeVar("T", str, bool, list[Json], dict[str, Json])

LARGEST = 256 * 1024 * 1024  # characters; reading takes about six times as much memory
DEEPEST = 100  # levels; the deepest block that a provider has is a firewall's statement, some 30
WORDS = {str: "a text", bool: "true or false", list: "a list", dict: "an object"}
TOO_DEEP = f"it is nested more than {DEEPEST} levels deep"
TWO_WRITERS = "only `terraform show -json` writes such files; make it again"
ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
GZIP, GZIP_FORMAT = b"\x1f\x8b", 31  # how gzip's content begins, and zlib's name for it
COMPRESSED = {b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7z"}
LONE = re.compile(r"[\ud800-\udfff]")


SHOW = "run `terraform show -json PLAN > plan.json`"
OTHER_OUTPUT = (
    (
        re.compile(r'\{"@level"'),
        "it is the log of `terraform plan -json`, not a plan",
        "run `terraform plan -out=FILE`, then `terraform show -json FILE`",
    ),
    (
        re.compile(r"(?i)<(?:!doctype|html)"),
        "it is a page for a browser, not a plan",
        "look at it: a server may have answered with an error, or asked to sign in",
    ),
    (
        re.compile(
            r"(?s).{0,4000}(?:Terraform|OpenTofu) (?:used the selected providers|will perform the following)"
            r"|(?s:.{0,4000})(?:No changes\. Your infrastructure|Plan: \d+ to add)"
        ),
        "it is a plan as text, for people",
        SHOW,
    ),
    (
        re.compile(r"(?:\x1b\[\d*m)*(?:╷|│|Error:)"),
        "it is an error message, not a plan",
        "read it, and plan again",
    ),
)
"""What is in a file instead of a plan: how it begins, what it is, and what to do."""


class InvalidInput(Exception):
    """What is wrong with an input; ``explained`` makes of it the error that a person sees."""

    def __init__(self, why: str, then: str = "") -> None:
        super().__init__(why)
        self.why, self.then = why, then


@contextmanager
def explained(name: str, *, then: str) -> Iterator[None]:
    """Say of any problem inside which input it is of, and what to do next."""
    try:
        yield
    except InvalidInput as problem:
        raise ExplainedError(f"cannot read {name}", why=problem.why, then=problem.then or then) from None
    except RecursionError:
        raise ExplainedError(f"cannot read {name}", why=TOO_DEEP, then=TWO_WRITERS) from None


def decode(content: bytes) -> str:
    """The text of a file, unzipped. PowerShell writes what is redirected as UTF-16: that is read too."""
    if content.startswith(GZIP):
        content = _unzipped(content)
    if content.startswith(b"PK\x03\x04"):
        raise InvalidInput(
            "it is a plan file, which only Terraform can read", "run `terraform show -json` on it"
        )
    for begins, program in COMPRESSED.items():
        if content.startswith(begins):
            raise InvalidInput(f"it is compressed by {program}", f"unpack it with {program}; gzip is read")
    try:
        return content.decode(ENCODINGS.get(content[:2], ENCODINGS.get(content[:3], "utf-8")))
    except UnicodeDecodeError as error:
        raise InvalidInput(f"it is not text: {error.reason} at byte {error.start}") from None


def _unzipped(content: bytes) -> bytes:
    unzip = zlib.decompressobj(GZIP_FORMAT)
    try:
        found = unzip.decompress(content, LARGEST + 1)
    except zlib.error:
        raise InvalidInput("it is compressed by gzip, and damaged", "write it again") from None
    if not unzip.eof and len(found) <= LARGEST:
        raise InvalidInput("it is compressed by gzip, and ends too early", "write it again, to its end")
    return found


def parse(text: str) -> Json:
    """The JSON in a text, strictly: nothing twice, no NaN, no number beyond all bounds."""
    if len(text) > LARGEST:
        raise InvalidInput(
            f"it has {len(text):,} characters; more than {LARGEST:,} are not read",
            "review the stacks one by one, or split the stack",
        )
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InvalidInput("it is empty", "look whether the command that wrote it failed")
    try:
        value: Json = _STRICT.decode(text)
    except RecursionError:
        raise InvalidInput(TOO_DEEP, TWO_WRITERS) from None
    except ValueError as error:
        raise _not_json(text, error) from None
    return value


def json_in(text: str) -> Json:
    """The object or list that a text is the JSON of; None if it is none."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        return parse(text)
    except InvalidInput:
        return None


def get(holder: dict[str, Json], key: str, kind: type[T], where: str) -> T:
    """A member of an object, empty if it is not there. Raises Problem if it is something else."""
    value = holder.get(key)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        wrong_type(f"{where}.{key}" if where else key, value, kind)
    return value


def objects(values: list[Json], where: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """The objects in a list, each with where it is."""
    for number, value in enumerate(values):
        if not isinstance(value, dict):
            wrong_type(f"{where}[{number}]", value, dict)
        yield f"{where}[{number}]", value


def wrong_type(where: str, value: Json, wanted: type) -> NoReturn:
    """Say what stands where something else belongs; never the value itself, which may be a secret."""
    found = "a number" if type(value) in {int, float} else WORDS.get(type(value), "null")
    raise InvalidInput(f"{where} is {found}, not {WORDS[wanted]}", TWO_WRITERS)


def short(text: str) -> str:
    """A version as it can be shown, whatever else it may be."""
    return text if re.fullmatch(r"[\w.+-]{1,20}", text) else "none that is known"


def whole_characters(text: str) -> str:
    """The text without halves of characters, which JSON can hold and no output can."""
    return text if text.isascii() else LONE.sub("\ufffd", text)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidInput("an object in it has the same key twice", TWO_WRITERS)
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    if value in {float("inf"), float("-inf")}:
        raise InvalidInput("a number in it is too large", TWO_WRITERS)
    return value


def _no_constant(name: str) -> NoReturn:
    raise InvalidInput(f"it holds {name}, which is not JSON", TWO_WRITERS)


def _line_of_json(text: str) -> int:
    """The line in which a document begins that stands behind other output; 0 if there is none."""
    found = re.search(r"^\s*\{\s*\"", text, re.MULTILINE)
    return (
        text.count("\n", 0, text.index("{", found.start())) + 1
        if found and text[: found.start()].strip()
        else 0
    )


def _not_json(text: str, error: ValueError) -> InvalidInput:
    """Tell apart the usual mistakes: a log, half a file, something else altogether."""
    if found := _other_output(text):
        return found
    if not isinstance(error, json.JSONDecodeError):
        return InvalidInput("a number in it is too long", TWO_WRITERS)
    if not text.lstrip().startswith(("{", "[")):
        return InvalidInput("it is not JSON")
    if error.msg == "Extra data":
        return InvalidInput(
            f"more follows the JSON, in line {error.lineno}",
            "write one document into one file, without what a wrapper or a tool around Terraform says",
        )
    if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated"):
        return InvalidInput(
            f"it ends too early, after {len(text):,} characters", "write it again, to its end"
        )
    return InvalidInput(f"it is not JSON: {error.msg} in line {error.lineno}, column {error.colno}")


def _other_output(text: str) -> InvalidInput | None:
    """What a program wrote into the file instead of JSON, or before it; None if it looks like JSON."""
    begins = text.lstrip()
    found = next((entry for entry in OTHER_OUTPUT if entry[0].match(begins)), None)
    if found:
        return InvalidInput(*found[1:])
    if not begins.startswith(("{", "[")) and (line := _line_of_json(text)):
        return InvalidInput(
            f"other output stands before the JSON, which begins in line {line}",
            "keep what a wrapper or a tool around Terraform says out of the file",
        )
    return None


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
