"""Reads the repository's documents, for tests that hold them against the code."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
CODE = re.compile(r"`([^`\n]+)`")


def documents() -> list[Path]:
    """Every Markdown file that is committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", ":!tests/*/golden/*"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


each_document = pytest.mark.parametrize("document", documents(), ids=name)


def prose(document: Path) -> str:
    """The text without its code, where brackets are not links."""
    return CODE.sub("", FENCE.sub("", document.read_text(encoding="utf-8")))


def snippets(document: Path) -> Iterator[str]:
    """Each piece of code, whether a block or within a line."""
    text = document.read_text(encoding="utf-8")
    yield from (match["text"] for match in FENCE.finditer(text))
    yield from (match[1] for match in CODE.finditer(FENCE.sub("", text)))


def anchors(document: Path) -> set[str]:
    """The anchors that hosts of Git repositories make of the headings."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
