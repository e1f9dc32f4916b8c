r"""Translates the patterns of AWS's API models, which are Java's, for Python's ``re``.

Java (java.util.regex.Pattern) writes Unicode's categories as ``\p{L}`` and characters beyond U+FFFF as pairs
of surrogates, takes a hyphen after a class such as ``\w`` literally, and matches only ASCII with ``\w`` and
``\d``. AWS matches the whole value.
"""

import re
import sys
import unicodedata
from functools import cache

PAIRS = r"\uD800\uDC00-\uDBFF\uDFFF"  # how Java writes the range of BEYOND
BEYOND = r"\U00010000-\U0010FFFF"
PROPERTY = re.compile(r"\\p\{(?:Is)?(?P<name>\w+)\}")
HYPHEN_AFTER_CLASS = re.compile(r"(?P<before>\\[wWdDsS])-(?!\])")
POSIX = {
    "ASCII": r"\x00-\x7F",
    "Alnum": "A-Za-z0-9",
    "Alpha": "A-Za-z",
    "Digit": "0-9",
    "Graph": r"\x21-\x7E",
    "Lower": "a-z",
    "Print": r"\x20-\x7E",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r" \t\n\x0B\f\r",
    "Upper": "A-Z",
    "XDigit": "0-9A-Fa-f",
}
"""Java's classes of ASCII characters; every other name is a Unicode category."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for Python; raises re.error or KeyError if it cannot be translated."""
    translated = HYPHEN_AFTER_CLASS.sub(r"\g<before>\\-", pattern.replace(PAIRS, BEYOND))
    return re.compile(_with_properties(translated), re.ASCII)


def _with_properties(pattern: str) -> str:
    """The pattern with each property replaced by its ranges, in brackets outside a character class."""
    parts, end = [], 0
    for found in PROPERTY.finditer(pattern):
        parts.append(pattern[end : found.start()])
        ranges = _ranges(found["name"])
        parts.append(ranges if _inside_a_class(pattern[: found.start()]) else f"[{ranges}]")
        end = found.end()
    return "".join([*parts, pattern[end:]])


def _inside_a_class(before: str) -> bool:
    """Whether a character class is open at the end of this text."""
    plain = re.sub(r"\\.", "", before)
    return plain.rfind("[") > plain.rfind("]")


def _ranges(name: str) -> str:
    """A property's characters, for use in a character class."""
    if name in POSIX:
        return POSIX[name]
    found = [ranges for category, ranges in _categories().items() if category.startswith(name)]
    if not found:
        raise KeyError(name)
    return "".join(found)


@cache
def _categories() -> dict[str, str]:
    """The ranges of each Unicode category. Computing them takes a third of a second, once."""
    found: dict[str, list[str]] = {}
    start, category = 0, unicodedata.category("\0")
    for number in range(1, sys.maxunicode + 2):
        here = unicodedata.category(chr(number)) if number <= sys.maxunicode else ""
        if here != category:
            found.setdefault(category, []).append(f"\\U{start:08X}-\\U{number - 1:08X}")
            start, category = number, here
    return {name: "".join(ranges) for name, ranges in found.items()}
