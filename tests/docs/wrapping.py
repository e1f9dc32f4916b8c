"""Wraps the prose of generated pages at the width of the others."""

import re
import textwrap
from collections.abc import Iterator

COLUMNS = 100
UNWRAPPABLE = re.compile(r"\s*(\||#|!\[|<|\[[^\]]+\]: |$)")
"""Tables, headings, images, HTML, link definitions and blank lines stay as they are."""
ITEM = re.compile(r"(\s*)([-*+]|\d+\.) +")
CODE = re.compile(r"`[^`]+`")
HELD = "\0"
"""Stands for a space within a code span while lines are filled."""


def wrapped(text: str) -> str:
    """The same Markdown, its paragraphs and list items wrapped at COLUMNS; code spans stay on one line."""
    return "\n".join(_wrapped(text.split("\n")))


def _wrapped(lines: list[str]) -> Iterator[str]:
    block: list[str] = []
    code = False
    for line in lines:
        fence = line.lstrip().startswith("```")
        if code or fence or UNWRAPPABLE.match(line) or ITEM.match(line):
            yield from _filled(block)
            block = []
        if code or fence or UNWRAPPABLE.match(line):
            yield line
            code ^= fence
        else:
            block.append(line)
    yield from _filled(block)


def _filled(block: list[str]) -> list[str]:
    if not block:
        return []
    first = block[0]
    item = ITEM.match(first)
    indent = item[0] if item else first[: len(first) - len(first.lstrip())]
    words = " ".join([first[len(indent) :], *(line.strip() for line in block[1:])])
    filled = textwrap.wrap(
        CODE.sub(lambda span: span[0].replace(" ", HELD), words),
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(HELD, " ") for line in filled]
