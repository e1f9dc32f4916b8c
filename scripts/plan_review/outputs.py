"""Writes a review in the requested formats, and exits with its status."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from plan_review import expectation
from plan_review.errors import ExplainedError
from plan_review.gc_pause import gc_paused
from plan_review.inputs import read_expected, read_settings
from plan_review.plan import Plan
from plan_review.render import json, markdown
from plan_review.render.escape import for_terminal
from plan_review.review import Review, ReviewStatus, review

FORMATS = ("md", "html", "json")
HERE = "slipway review --format html"


@dataclass(frozen=True)
class ReviewOutput:
    """What to write of a review, and where. expect: the review that the plans must match.

    comment_key: distinguishes its comment from those of other workflows on the same pull request. Raises
    ExplainedError for invalid options, before anything is done.
    """

    formats: list[str]
    out: Path | None
    settings: Path | None
    budget: int
    whole: str
    expect: Path | None
    comment_key: str = ""

    def __post_init__(self) -> None:
        unknown = sorted(set(self.formats) - set(FORMATS))
        if unknown:
            raise ExplainedError(f"unknown format {unknown[0]!r}", then=f"use one of: {', '.join(FORMATS)}")
        if self.out is None and len(set(self.formats)) > 1:
            raise ExplainedError("several formats need an output directory", then="add --out DIR")
        if self.comment_key and not markdown.KEY.fullmatch(self.comment_key):
            raise ExplainedError(
                f"invalid --comment-key {self.comment_key!r}",
                then="use 1 to 100 characters without < > [ ] and --, with no space or - at either end",
            )
        if self.budget < markdown.LEAST:
            raise ExplainedError(
                f"--budget {self.budget} is too small", then=f"use at least {markdown.LEAST}"
            )

    def finish(self, plans: tuple[Plan, ...]) -> None:
        """Reviews the plans and exits with the review's status; with 3 if they differ from ``expect``."""
        _, status = self.write(plans)
        if status:
            sys.exit(int(status))

    def write(self, plans: tuple[Plan, ...]) -> tuple[Review, ReviewStatus]:
        """Reviews the plans and writes the review; its status, BLOCKED if they differ from ``expect``."""
        expected = None if self.expect is None else read_expected(self.expect)
        with gc_paused():
            found = review(plans, read_settings(self.settings), datetime.now(UTC).date())
            texts = {name: self._rendered(found, name) for name in dict.fromkeys(self.formats)}
        if self.out is None:
            sys.stdout.writelines(texts.values())
        else:
            _write(texts, self.out)
        _say(found.verdict)
        status = found.status
        if self.expect and not _is_expected(plans, expected, self.expect):
            status = ReviewStatus.BLOCKED
        return found, status

    def _rendered(self, found: Review, name: str) -> str:
        match name:
            case "md":
                beside = "review.html, beside this" if self.out and "html" in self.formats else HERE
                whole = self.whole or beside
                return markdown.render(found, budget=self.budget, whole=whole, key=self.comment_key)
            case "html":
                from plan_review.render import html  # noqa: PLC0415  # Jinja takes 50 ms to load

                return html.render(found)
            case _:
                return json.render(found)


def _write(texts: dict[str, str], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        file = out / f"review.{name}"
        file.write_text(text, encoding="utf-8")
        _say(f"wrote {file}")


def _is_expected(plans: tuple[Plan, ...], expected: object, file: Path) -> bool:
    """Whether the plans do exactly what was reviewed; prints the differences."""
    different = expectation.deviations(expected, plans)
    if not different:
        _say(f"the plans are exactly as reviewed in {file}")
        return True
    _say(f"refused: the plans differ from the review in {file}")
    for line in different:
        _say(f"  {line}")
    _say("review the plans again, and approve that review")
    return False


def _say(line: str) -> None:
    """Prints a line to stderr, escaped for logs."""
    sys.stderr.write(f"{for_terminal(line)}\n")
    sys.stderr.flush()
