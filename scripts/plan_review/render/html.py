"""A review as one HTML page that needs nothing else: every change is in it, folded by stack and construct."""

from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from plan_review.counts import counted
from plan_review.drift import split_drift
from plan_review.plan import ResourceChange
from plan_review.render import wording
from plan_review.render.detail import Detail, Row, chosen, detail
from plan_review.render.escape import cut, in_html, visible
from plan_review.render.grouping import grouped
from plan_review.render.tally import LEFT, TOUCHED, not_judged, tally
from plan_review.review import Review, ReviewStatus, StackReview

STATES = {
    ReviewStatus.NOTHING_CHANGES: ("nothing", "Nothing changes"),
    ReviewStatus.CHANGES: ("changes", "Changes"),
    ReviewStatus.BLOCKED: ("blocked", "Blocked"),
}


def render(review: Review) -> str:
    """The whole page."""
    state, words = STATES[review.status]
    drifts = [(stack.plan.stack, split_drift(stack.plan)) for stack in review.stacks]
    return TEMPLATES.get_template("review.html").render(
        review=review, state=state, state_words=words, drifts=drifts, touched=TOUCHED, left=LEFT
    )


def _shown(value: object) -> str:
    """Whatever the template shows: what is no markup of its own can neither become any, nor hide anything."""
    if isinstance(value, Markup):
        return value
    text = visible(str(value))
    if "::" in text or "##[" in text:  # the rest is left to Jinja, which escapes in half the time
        return Markup(in_html(text))  # noqa: S704  # in_html escapes
    return text


def _groups(stack: StackReview) -> list[tuple[str, list[ResourceChange]]]:
    """A stack's changes by construct."""
    changes = sorted(stack.changes, key=lambda each: (wording.group(each), each.construct, each.address))
    return [(name, list(each)) for name, each in groupby(changes, wording.group)]


def _outputs(stack: StackReview) -> Detail:
    rows = (Row(each.name, *wording.both(each.before, each.after), False) for each in stack.outputs)
    return Detail(tuple(rows), 0, 0)


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
TEMPLATES.filters |= {
    "counted": lambda items, one="resource": counted(len(items), one),
    "cut": cut,
    "detail": detail,
    "chosen": chosen,
    "doings": wording.doings,
    "grouped": grouped,
    "groups": _groups,
    "outputs": _outputs,
    "sign": wording.sign,
    "not_judged": not_judged,
    "tally": tally,
    "tone": _tone,
}
