"""Parses JSON whose shape the caller can rely on; any problem becomes an error in one sentence."""

import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeAlias, TypeVar

from plan_review.errors import ExplainedError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
T = TypeVar("T", str, bool, list[Json], dict[str, Json])

LARGEST = 256 * 1024 * 1024  # characters; reading needs about six times as much memory
DEEPEST = 100  # levels; the deepest block of a provider, a firewall's statement, has about 30
WORDS = {str: "a text", bool: "true or false", list: "a list", dict: "an object"}
TOO_DEEP = f"it is nested more than {DEEPEST} levels deep"
TWO_WRITERS = "write it again with `terraform show -json`"
ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
GZIP, GZIP_FORMAT = b"\x1f\x8b", 31  # the first bytes of gzip data, and zlib's code for the format
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
        "it is an HTML page, not a plan",
        "open it: a server may have returned an error or a sign-in page",
    ),
    (
        re.compile(
            r"(?s).{0,4000}(?:Terraform|OpenTofu) (?:used the selected providers|will perform the following)"
            r"|(?s:.{0,4000})(?:No changes\. Your infrastructure|Plan: \d+ to add)"
        ),
        "it is a plan as text, not as JSON",
        SHOW,
    ),
    (
        re.compile(r"(?:\x1b\[\d*m)*(?:╷|│|Error:)"),
        "it is an error message, not a plan",
        "fix the error, and plan again",
    ),
)
"""What a file may contain in place of a plan: how it begins, what it is, and what to do."""


class InvalidInput(Exception):
    """A problem of an input; ``explained`` turns it into the error that is shown."""

    def __init__(self, why: str, then: str = "") -> None:
        super().__init__(why)
        self.why, self.then = why, then


@contextmanager
def explained(name: str, *, then: str) -> Iterator[None]:
    """Turns problems inside the block into ExplainedError. name: of the input; then: what to do next."""
    try:
        yield
    except InvalidInput as problem:
        raise ExplainedError(f"cannot read {name}", why=problem.why, then=problem.then or then) from None
    except RecursionError:
        raise ExplainedError(f"cannot read {name}", why=TOO_DEEP, then=TWO_WRITERS) from None


def decode(content: bytes) -> str:
    """The text of a file, decompressed. PowerShell redirects output as UTF-16, which is read too."""
    if content.startswith(GZIP):
        content = _unzipped(content)
    if content.startswith(b"PK\x03\x04"):
        raise InvalidInput(
            "it is a plan file, which only Terraform can read", "run `terraform show -json` on it"
        )
    for begins, program in COMPRESSED.items():
        if content.startswith(begins):
            raise InvalidInput(
                f"it is compressed with {program}", f"decompress it with {program}; only gzip is supported"
            )
    try:
        return content.decode(ENCODINGS.get(content[:2], ENCODINGS.get(content[:3], "utf-8")))
    except UnicodeDecodeError as error:
        raise InvalidInput(f"it is not text: {error.reason} at byte {error.start}") from None


def _unzipped(content: bytes) -> bytes:
    unzip = zlib.decompressobj(GZIP_FORMAT)
    try:
        found = unzip.decompress(content, LARGEST + 1)
    except zlib.error:
        raise InvalidInput("it is a damaged gzip file", "write it again") from None
    if not unzip.eof and len(found) <= LARGEST:
        raise InvalidInput("it is a truncated gzip file", "write it again")
    return found


def parse(text: str) -> Json:
    """Parses JSON strictly: no duplicate keys, no NaN, no number out of range."""
    if len(text) > LARGEST:
        raise InvalidInput(
            f"it has {len(text):,} characters; the limit is {LARGEST:,}",
            "review the stacks one by one, or split the stack",
        )
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InvalidInput("it is empty", "check whether the command that wrote it failed")
    try:
        value: Json = _STRICT.decode(text)
    except RecursionError:
        raise InvalidInput(TOO_DEEP, TWO_WRITERS) from None
    except ValueError as error:
        raise _not_json(text, error) from None
    return value


def json_in(text: str) -> Json:
    """The object or list that a text contains as JSON; None if it is not JSON."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        return parse(text)
    except InvalidInput:
        return None


def get(holder: dict[str, Json], key: str, kind: type[T], where: str) -> T:
    """A member of an object, empty if it is missing. Raises InvalidInput if it has another type."""
    value = holder.get(key)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        wrong_type(f"{where}.{key}" if where else key, value, kind)
    return value


def objects(values: list[Json], where: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """The objects in a list, each with its location."""
    for number, value in enumerate(values):
        if not isinstance(value, dict):
            wrong_type(f"{where}[{number}]", value, dict)
        yield f"{where}[{number}]", value


def wrong_type(where: str, value: Json, wanted: type) -> NoReturn:
    """Reports a value of the wrong type; never the value itself, which may be a secret."""
    found = "a number" if type(value) in {int, float} else WORDS.get(type(value), "null")
    raise InvalidInput(f"{where} is {found}, not {WORDS[wanted]}", TWO_WRITERS)


def short(text: str) -> str:
    """A version number for a message; other text is replaced."""
    return text if re.fullmatch(r"[\w.+-]{1,20}", text) else "not a version number"


def whole_characters(text: str) -> str:
    """The text without unpaired surrogates, which JSON can contain but no output can."""
    return text if text.isascii() else LONE.sub("\ufffd", text)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidInput("an object contains the same key twice", TWO_WRITERS)
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    if value in {float("inf"), float("-inf")}:
        raise InvalidInput("it contains a number that is too large", TWO_WRITERS)
    return value


def _no_constant(name: str) -> NoReturn:
    raise InvalidInput(f"it contains {name}, which is not JSON", TWO_WRITERS)


def _line_of_json(text: str) -> int:
    """The line in which a JSON document begins after other output; 0 if there is none."""
    found = re.search(r"^\s*\{\s*\"", text, re.MULTILINE)
    return (
        text.count("\n", 0, text.index("{", found.start())) + 1
        if found and text[: found.start()].strip()
        else 0
    )


def _not_json(text: str, error: ValueError) -> InvalidInput:
    """The error for the usual mistakes: a log, a truncated file, something else."""
    if found := _other_output(text):
        return found
    if not isinstance(error, json.JSONDecodeError):
        return InvalidInput("it contains a number with too many digits", TWO_WRITERS)
    if not text.lstrip().startswith(("{", "[")):
        return InvalidInput("it is not JSON")
    if error.msg == "Extra data":
        return InvalidInput(
            f"other text follows the JSON, in line {error.lineno}",
            "write only the JSON document into the file, without the output of a wrapper or another tool",
        )
    if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated"):
        return InvalidInput(f"it is truncated after {len(text):,} characters", "write it again")
    return InvalidInput(f"it is not JSON: {error.msg} in line {error.lineno}, column {error.colno}")


def _other_output(text: str) -> InvalidInput | None:
    """What a program wrote into the file in place of JSON or before it; None if it looks like JSON."""
    begins = text.lstrip()
    found = next((entry for entry in OTHER_OUTPUT if entry[0].match(begins)), None)
    if found:
        return InvalidInput(*found[1:])
    if not begins.startswith(("{", "[")) and (line := _line_of_json(text)):
        return InvalidInput(
            f"other text precedes the JSON, which begins in line {line}",
            "write only the JSON document into the file, without the output of a wrapper or another tool",
        )
    return None


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
