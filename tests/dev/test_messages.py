"""Every message of every package is read, and refused if a reader would have to read it twice."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from lint import PHRASES
from messages import messages

from tests.settings import DEMO

ROOT = DEMO.parent
PACKAGES = (
    *("constructs_lib", "modules", "main.py", "scripts/plan_review", "scripts/build"),
    *sorted(str(path.parent.relative_to(ROOT)) for path in ROOT.glob("scripts/slipway/*/__init__.py")),
    *sorted(str(path.parent.relative_to(ROOT)) for path in ROOT.glob("scripts/local/*/__init__.py")),
)
FINDINGS = tuple(ROOT / "scripts" / "plan_review" / name for name in ("iam", "render", "rules"))
"""Where the words of the review's findings are, which its own tests hold."""
OF_RESOURCES = {"Open a session on a host of {…}: whoever does reads its configuration."}
"""Descriptions in IAM: AWS cannot change one, so another text would replace the policy."""
LONGEST = 45
"""Words in a sentence of a message."""

HARD_TO_READ = {
    re.compile(phrase, re.IGNORECASE): better
    for phrase, better in tomllib.loads(PHRASES.read_text("utf-8"))["messages"].items()
}


def faults(text: str) -> list[str]:
    """What is wrong with a message, and what to write."""
    found = [
        f"{match[0]!r}: {better}" for phrase, better in HARD_TO_READ.items() if (match := phrase.search(text))
    ]
    if max(len(sentence.split()) for sentence in re.split(r"[.;:!?](?:\s|$)|\n", text)) > LONGEST:
        found.append(f"a sentence of more than {LONGEST} words: make two of it")
    if text.count("(") != len(re.findall(r"(?<!\b\d)\)", text)) or text.count("“") != text.count("”"):
        found.append("a bracket or quotation mark without the other one")
    if re.search(r"\b(the|and|that|with|from) \1\b", text):
        found.append("a word twice")
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_every_message_of_a_package_can_be_read_at_once(package: str) -> None:
    read = [
        message for message in messages(ROOT / package) if not any(map(message.file.is_relative_to, FINDINGS))
    ]
    wrong = [
        f"{message.file.relative_to(ROOT)}:{message.line}: {' '.join(message.text.split())}\n    {fault}"
        for message in read
        if message.text not in OF_RESOURCES
        for fault in faults(message.text)
    ]
    assert not wrong, "\n".join(wrong)


def test_messages_are_found_and_docstrings_are_not(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(
        '"""What a module does here."""\n'
        'LIMIT = 3\n"""How many there may be."""\n\n\n'
        "def fail(name: str) -> None:\n"
        '    """Raise an error with words."""\n'
        '    raise ValueError(f"{name} was not found:" " choose another name")\n'
    )

    (only,) = messages(tmp_path)

    assert (only.line, only.text) == (8, "{…} was not found: choose another name")


@pytest.mark.parametrize(
    "text",
    [
        "nobody has applied the stack",
        "the stack is not applied (see the README",
        "the the stack is not applied",
        f"the stack {'is not applied and ' * 12}waits",
    ],
)
def test_a_message_that_is_hard_to_read_is_refused(text: str) -> None:
    assert faults(text)


def test_variables_are_named_after_what_they_hold() -> None:
    """The commonest name that says nothing."""
    product = [
        ROOT / "main.py",
        *(
            file
            for part in ("constructs_lib", "modules", "scripts", "app")
            for file in (ROOT / part).rglob("*.py")
        ),
    ]
    unnamed = sorted(
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in product
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Name) and node.id == "each" and isinstance(node.ctx, ast.Store)
    )

    assert not unnamed, f"name what is walked: {', '.join(unnamed)}"
