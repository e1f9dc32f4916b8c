"""A review as one HTML page that needs nothing else: every change is in it, folded by stack and construct."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from plan_review.drift import split_drift
from plan_review.finding import Finding
from plan_review.iam.permission_change import PermissionChange
from plan_review.plan import OutputChange, ResourceChange
from plan_review.render import wording
from plan_review.render.detail import Detail, chosen, detail
from plan_review.render.escape import counted, cut, in_html
from plan_review.render.grouping import grouped
from plan_review.render.tally import LEFT, TOUCHED, tally
from plan_review.review import Review, ReviewStatus, StackReview

TEMPLATE = Path(__file__).with_name("review.html")
PLACE = re.compile(r"<!--(\w+)-->")
LONGEST = 2_000  # characters of one value
MOST_ROWS = 60
OPEN = 12  # changes of a stack that are shown unfolded
STATES = {
    ReviewStatus.NOTHING_CHANGES: ("nothing", "Nothing changes"),
    ReviewStatus.CHANGES: ("changes", "Changes"),
    ReviewStatus.BLOCKED: ("blocked", "Blocked"),
}


def render(review: Review) -> str:
    """The whole page."""
    state, words = STATES[review.status]
    stacks, versions = counted(len(review.stacks), "stack"), in_html(review.terraform_versions)
    sections = [(anchor, title, body) for anchor, title, body in _sections(review) if body]
    parts = {
        "title": f"Plan review: {in_html(words.lower())}",
        "state": state,
        "state_words": in_html(words),
        "verdict": in_html(review.verdict),
        "nav": "".join(f'<a href="#{anchor}">{title}</a>' for anchor, title, _ in sections),
        "tiles": _tiles(review),
        "body": "\n".join(f'<h2 id="{anchor}">{title}</h2>\n{body}' for anchor, title, body in sections),
        "foot": f"{stacks} planned by Terraform {versions}. Secrets are hidden.",
    }
    # One pass: what was put in is not looked into again.
    return PLACE.sub(lambda place: parts[place[1]], TEMPLATE.read_text(encoding="utf-8"))


def _sections(review: Review) -> Iterator[tuple[str, str, str]]:
    known = [each for each in review.findings if each.acknowledged]
    new = [each for each in review.findings if not each.acknowledged]
    yield "risks", f"Risks <small>{len(new)}</small>", "\n".join(map(_finding, grouped(new)))
    yield "known", f"Acknowledged <small>{len(known)}</small>", "\n".join(map(_finding, grouped(known)))
    yield "permissions", "Who may do what, newly", _sentences(review.permissions)
    yield "drift", "Changed outside Terraform", _drift(review)
    yield "changes", "Changes", "\n".join(filter(None, map(_stack, review.stacks)))


def _tiles(review: Review) -> str:
    """Each stack and its numbers."""
    tiles = [
        f'<div class="tile"><b>{in_html(each.plan.stack)}</b><span>{in_html(tally(each))}</span></div>'
        for each in review.stacks
    ]
    return f'<div class="tiles">{"".join(tiles)}</div>' if len(tiles) > 1 else ""


def _finding(alike: tuple[Finding, ...]) -> str:
    """Findings that say the same, with every place where they say it."""
    first = alike[0]
    severity, known = first.severity.value, first.acknowledged
    said = f"<dt>Acknowledged until {known.expires}</dt><dd>{in_html(known.reason)}</dd>" if known else ""
    return (
        f'<article class="card {severity}"><h3><span class="tag">{severity}</span>{in_html(first.what)}</h3>'
        f"{''.join(map(_place, alike))}"
        f"{_table(chosen(first.changes, MOST_ROWS))}"
        f'<dl class="why"><dt>Why it matters</dt><dd>{in_html(first.why)}</dd>'
        f"<dt>What to do</dt><dd>{in_html(first.answer)}</dd>{said}</dl>"
        f'<p class="where">rule {_code(first.rule)}</p></article>'
    )


def _place(finding: Finding) -> str:
    where = " · ".join(_code(each) for each in (finding.construct, finding.address) if each)
    return f'<p class="where">{where or _code(finding.stack)}</p>'


def _sentences(permissions: tuple[PermissionChange, ...]) -> str:
    items = [
        f'<li class="{each.kind.value}"><span class="tag">{each.kind.value}</span>{in_html(each.sentence)}'
        f"<small>{_code(each.construct or each.address)}</small></li>"
        for each in permissions
    ]
    return f'<ul class="sentences">{"".join(items)}</ul>' if items else ""


def _drift(review: Review) -> str:
    """What applying has to do with, then what it leaves as it is: no news, most of the time."""
    parts = [(stack, split_drift(stack.plan)) for stack in review.stacks]
    touched = [_drifted(stack, each.touched, TOUCHED) for stack, each in parts]
    left = "".join(_drifted(stack, each.left, "") for stack, each in parts)
    number = sum(len(each.left) for _, each in parts)
    title = f"{counted(number, 'resource')} {in_html(LEFT)}"
    return "".join(touched) + (_fold(title, left) if left else "")


def _drifted(stack: StackReview, drifted: tuple[ResourceChange, ...], words: str) -> str:
    if not drifted:
        return ""
    inner = "".join(_resource(each, opened=False) for each in drifted)
    title = f"{_code(stack.plan.stack)}<small>{counted(len(drifted), 'resource')} {in_html(words)}</small>"
    return _fold(title, inner)


def _stack(stack: StackReview) -> str:
    """A stack's changes by construct, then its outputs."""
    changes = sorted(stack.changes, key=lambda each: (wording.group(each), each.construct, each.address))
    if not changes and not stack.outputs:
        return ""
    few = len(changes) <= OPEN
    groups = [_group(name, list(each), few=few) for name, each in groupby(changes, wording.group)]
    title = f"{_code(stack.plan.stack)}<small>{in_html(tally(stack))}</small>"
    return _fold(title, "".join((*groups, _outputs(stack.outputs))), opened=few)


def _group(name: str, changes: list[ResourceChange], *, few: bool) -> str:
    inner = "".join(_resource(each, opened=few and each.before is not None) for each in changes)
    title = f"{in_html(name)}<small>{counted(len(changes), 'resource')}</small>"
    return _fold(title, inner, opened=few)


def _resource(change: ResourceChange, *, opened: bool) -> str:
    head = (
        f'<span class="sign {_tone(change)}">{in_html(wording.sign(change))}</span>{_code(change.address)}'
        f"<small>{in_html(', '.join(wording.doings(change)))}</small>"
    )
    path = f'<p class="where">{_code(change.construct)}</p>' if change.construct else ""
    body = f'<div class="inside">{path}{_table(detail(change, MOST_ROWS))}</div>'
    return _fold(head, body, opened=opened)


def _tone(change: ResourceChange) -> str:
    if change.action.destroys:
        return "gone"
    return "still" if change.after is None else "made" if change.before is None else "changed"


def _table(found: Detail) -> str:
    rows = "".join(
        _row(_code(row.path) + ("<em>forces replacement</em>" if row.forces else ""), row.before, row.after)
        for row in found.rows
    )
    rest = f'<p class="rest">{in_html(found.left_out)}</p>' if found.left_out else ""
    return f'<table class="rows">{rows}</table>{rest}' if rows else rest


def _outputs(outputs: tuple[OutputChange, ...]) -> str:
    rows = [_row(_code(each.name), *wording.both(each.before, each.after)) for each in outputs]
    table = f'<div class="inside"><table class="rows">{"".join(rows)}</table></div>'
    return _fold("outputs", table) if rows else ""


def _row(name: str, before: str | None, after: str | None) -> str:
    old, new = ("" if side is None else _code(cut(side, LONGEST)) for side in (before, after))
    return f'<tr><td>{name}</td><td class="old">{old}</td><td class="new">{new}</td></tr>'


def _fold(title: str, inner: str, *, opened: bool = False) -> str:
    return f"<details{' open' if opened else ''}><summary>{title}</summary>{inner}</details>"


def _code(text: str) -> str:
    return f"<code>{in_html(text)}</code>"
