"""What scanners find that is meant to be so: suppressions.toml, read, and held against what they found."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("suppressions.toml")


@dataclass(frozen=True, order=True)
class Finding:
    """One complaint: whose, by which check, about which construct, and what it said."""

    tool: str
    check: str
    path: str
    said: str

    def __str__(self) -> str:
        return f"{self.tool} {self.check} at {self.path}: {self.said}"


@dataclass(frozen=True)
class Suppression:
    """Findings that are meant to be so: of one check, at the constructs whose path matches, for a reason.

    path: a pattern for the construct's path, which begins with the stack; ``*`` stands for anything.
    said: a pattern for the finding's text. Default: any text.
    """

    tool: str
    check: str
    path: str
    reason: str
    said: str = "*"

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is one of these."""
        return (
            (self.tool, self.check) == (finding.tool, finding.check)
            and _matches(finding.path, self.path)
            and _matches(finding.said, self.said)
        )


def suppressions(tool: str, file: Path = FILE) -> list[Suppression]:
    """What the file says of one tool's findings."""
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["suppression"]
    return [each for entry in entries if (each := Suppression(**entry)).tool == tool]


def unsuppressed(findings: Iterable[Finding], known: Sequence[Suppression]) -> list[str]:
    """The findings that nothing covers."""
    return sorted({str(finding) for finding in findings if not any(one.covers(finding) for one in known)})


def unused(findings: Sequence[Finding], known: Iterable[Suppression]) -> list[str]:
    """The suppressions that cover nothing any more: each would hide the next finding of its kind."""
    return [f"{one.check} at {one.path}" for one in known if not any(map(one.covers, findings))]


def _matches(text: str, pattern: str) -> bool:
    """Whether a text is a pattern's, in which ``*`` is all that is special: findings are full of brackets."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None
