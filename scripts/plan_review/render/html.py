"""Renders a review as one self-contained HTML page with every change, folded by stack and construct."""

from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from plan_review.counts import counted
from plan_review.difference import between
from plan_review.drift import split_drift
from plan_review.plan import Difference, ResourceChange
from plan_review.render import wording
from plan_review.render.alike import Alike, together
from plan_review.render.detail import Detail, Row, chosen, detail
from plan_review.render.escape import cut, in_html, visible
from plan_review.render.excerpt import Hunk, hunks, pair, summary
from plan_review.render.grouping import cards
from plan_review.render.tally import LEFT, TOUCHED, as_terraform_counts, not_judged, tally
from plan_review.review import Review, ReviewStatus, StackReview

LARGEST = 256 * 1024  # the limit of one value, in characters; a longer one is cut, with a note
LONGEST_VALUE, LONGEST_CUT = 300, 500  # characters of a value that are shown unfolded

STATES = {
    ReviewStatus.NOTHING_CHANGES: ("nothing", "Nothing changes"),
    ReviewStatus.CHANGES: ("changes", "Changes"),
    ReviewStatus.BLOCKED: ("blocked", "Blocked"),
}


def render(review: Review) -> str:
    """The HTML page of a review, complete in one file."""
    state, words = STATES[review.status]
    drifts = [(stack.plan.stack, split_drift(stack.plan)) for stack in review.stacks]
    return TEMPLATES.get_template("review.html").render(
        review=review,
        stacks=[_shown_stack(reviewed) for reviewed in review.stacks],
        state=state,
        state_words=words,
        drifts=drifts,
        touched=TOUCHED,
        left=LEFT,
    )


def _shown(value: object) -> str:
    """Escapes every value in the template, so that none is interpreted as markup or hides text."""
    if isinstance(value, Markup):
        return value
    text = visible(str(value))
    if "::" in text or "##[" in text:  # otherwise Jinja escapes, in half the time
        return Markup(in_html(text))  # noqa: S704  # in_html escapes
    return text


@dataclass(frozen=True)
class ShownStack:
    """A stack's changes by construct. alike: changes that many of its resources share, shown separately."""

    stack: StackReview
    alike: tuple[Alike, ...]
    groups: tuple[tuple[str, tuple[ResourceChange, ...]], ...]


def _shown_stack(stack: StackReview) -> ShownStack:
    ordered = sorted(
        stack.changes, key=lambda change: (wording.group(change), change.construct, change.address)
    )
    parts = together(ordered)
    changes = (part for part in parts if isinstance(part, ResourceChange))
    groups = tuple((name, tuple(members)) for name, members in groupby(changes, wording.group))
    return ShownStack(stack, tuple(part for part in parts if isinstance(part, Alike)), groups)


def _outputs(stack: StackReview) -> Detail:
    found = [
        Difference(*difference, False)
        for output in stack.outputs
        for difference in between(output.before, output.after, (output.name,))
    ]
    return chosen(found)


def _values(row: Row) -> tuple[tuple[str | None, str | None], bool]:
    """The old and the new value as shown unfolded, and whether they are cut."""
    before, after = row.before, row.after
    if before is not None and after is not None:
        before, after = pair(before, after, LONGEST_VALUE)
    short = tuple(None if value is None else cut(value, LONGEST_CUT) for value in (before, after))
    return (short[0], short[1]), short != (row.before, row.after)


def _hunks(row: Row) -> list[Hunk]:
    """The lines of a text, unchanged ones folded; beyond the limit, only what changes, and then not all."""
    found, room = list(hunks(row.lines, LARGEST)), LARGEST
    if sum(len(line) for hunk in found for line in hunk.lines) > LARGEST:
        found = [replace(hunk, lines=()) if hunk.sign == " " and hunk.left_out else hunk for hunk in found]
    for number, hunk in enumerate(found):
        size = sum(map(len, hunk.lines))
        if size > room:
            found[number] = _fitting(hunk, room)
        room = max(0, room - size)
    return found


def _fitting(hunk: Hunk, room: int) -> Hunk:
    """As many of the lines as fit; of a line that is too long, its beginning."""
    shown: list[str] = []
    for line in hunk.lines:
        if len(line) > room:
            shown += [cut(line, room)] if not shown and room else []
            break
        shown.append(line)
        room -= len(line)
    left = hunk.left_out + len(hunk.lines) - len(shown)
    return replace(hunk, lines=tuple(shown), left_out=left)


def _tone(change: ResourceChange) -> str:
    if change.action.destroys:
        return "gone"
    return "still" if change.after is None else "made" if change.before is None else "changed"


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    finalize=_shown,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals["MOST_ENTRIES"] = 10  # of a card, unfolded
TEMPLATES.globals["sides"] = {"-": "old", "+": "new", " ": ""}
TEMPLATES.filters |= {
    "counted": lambda items, one="resource": counted(len(items), one),
    "whole": lambda text: cut(text, LARGEST),
    "values": _values,
    "hunks": _hunks,
    "summary": summary,
    "detail": detail,
    "chosen": chosen,
    "doings": wording.doings,
    "as_terraform_counts": as_terraform_counts,
    "cards": cards,
    "outputs": _outputs,
    "sign": wording.sign,
    "not_judged": not_judged,
    "tally": tally,
    "tone": _tone,
}
