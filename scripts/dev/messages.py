"""Lists the messages of packages for review: every text in their code that is not a docstring.

    python scripts/dev/messages.py scripts/slipway/status constructs_lib

A text with at least three words counts as a message. Placeholders are shown as {…}.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

THREE_WORDS = re.compile(r"[A-Za-z']{2,}[,:;]? [A-Za-z'{…}]+[,:;]? [A-Za-z'{…}]+")


@dataclass(frozen=True)
class Message:
    """A text that a program can print. line: of its start in the file."""

    file: Path
    line: int
    text: str


def messages(package: Path) -> Iterator[Message]:
    """The messages of a file, or of all Python files below a directory, in source order."""
    for file in sorted(package.rglob("*.py")) if package.is_dir() else [package]:
        tree = ast.parse(file.read_text("utf-8"))
        passed_over = _docstrings(tree)
        for node in ast.walk(tree):
            if node in passed_over or not isinstance(node, (ast.Constant, ast.JoinedStr)):
                continue
            if isinstance(node, ast.JoinedStr):
                passed_over.update(ast.walk(node))
            text = _text(node)
            if THREE_WORDS.search(text):
                yield Message(file, node.lineno, text)


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    """The docstrings, also of attributes: texts that are statements."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(
        part.value if isinstance(part.value, str) else ""
        for part in (part if isinstance(part, ast.Constant) else ast.Constant("{…}") for part in parts)
    )


def main() -> None:
    """Prints the messages of the given packages, one per line."""
    for package in sys.argv[1:]:
        for message in messages(Path(package)):
            print(f"{message.file}:{message.line}: {' '.join(message.text.split())}")


if __name__ == "__main__":
    main()
