"""Renders a review as one comment within a budget: the verdict, then the details, the riskiest first."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from plan_review.counts import counted
from plan_review.difference import between
from plan_review.drift import split_drift
from plan_review.finding import Finding, Severity
from plan_review.iam.permission_change import Kind, PermissionChange
from plan_review.plan import Difference, OutputChange, ResourceChange
from plan_review.render import wording
from plan_review.render.alike import Alike, together
from plan_review.render.budget import Piece, fit
from plan_review.render.detail import Detail, Row, chosen, detail
from plan_review.render.escape import code, coded, cut, fenced, for_terminal, prose
from plan_review.render.excerpt import Hunk, hunks, pair, shortened, summary
from plan_review.render.grouping import Card, cards
from plan_review.render.line_diff import Run, Sign
from plan_review.render.mermaid import diagram
from plan_review.render.tally import LEFT, TOUCHED, as_terraform_counts, not_judged, tally
from plan_review.review import Review, ReviewStatus

MARKER = "<!-- slipway review{key} -->"
"""A mark by which a comment is found and updated in place; key: distinguishes several comments."""
KEY = re.compile(r"(?!.*--)(?![ -])[^<>\[\]\x00-\x1f\x7f-\x9f\u2028\u2029]{1,100}(?<![ -])")
ADDRESS = re.compile(r"https://[\w./?=&%#-]+")
BETWEEN_FENCES = "\n```\n```diff\n"  # cannot occur in foreign text, which has no line breaks
OUTLINE = "```diff\n \n```"  # the outline of a piece that is written only if it fits
LEAST = 2_000  # characters needed for a verdict and its notes
MOST_ROWS = 40
MOST_PLACES = 20  # of findings with the same text
MOST_ROWS_MADE = 12  # of a new resource
MOST_LINES = 150  # of one resource
LONGEST_LINE = 200  # characters of a line of text
LONGEST_VALUE = 300  # characters of a value in one line; of a longer one only the change is shown
LONGEST_CUT = 500

RISKS, PERMISSIONS, DRIFT, CHANGES, OUTPUTS, PICTURE = (
    "Risks",
    "Permission changes",
    "Changed outside Terraform",
    "Changes",
    "Outputs",
    "Picture",
)
SIGNALS = {ReviewStatus.NOTHING_CHANGES: "🟢", ReviewStatus.CHANGES: "🟡", ReviewStatus.BLOCKED: "🔴"}
MARKS = {Severity.BLOCK: "🔴", Severity.HIGH: "🟠", Severity.MEDIUM: "🟡", Severity.LOW: "⚪"}
RISK_OF = {Severity.BLOCK: 90, Severity.HIGH: 85, Severity.MEDIUM: 50, Severity.LOW: 30}
MORE_OF = {Severity.BLOCK: 24, Severity.HIGH: 23, Severity.MEDIUM: 22, Severity.LOW: 21}
"""The entries of a card that are not in its head."""
MOST_ENTRIES = 5  # in a card's head
MOST_SENTENCES = 20  # below the head; of further ones only the resources are listed
MOST_PERMISSIONS, MORE_PERMISSIONS = 40, 20
"""How many sentences may stand in the way of a less severe risk, and what the others weigh."""
RISK_OF_PERMISSION = {
    Kind.GAINED: 60,
    Kind.WIDENED: 60,
    Kind.UNKNOWN: 55,
    Kind.NARROWED: 25,
    Kind.LOST: 25,
}
# A diff's colour for what has a sign of several characters, or none of a diff's own.
COLOURS = {"+": "", "-": ""} | dict.fromkeys(("-/+", "+/-", "~", "+/×"), "! ")
ACKNOWLEDGED, FOLDED_PERMISSIONS = 28, "Lost and narrowed"


def render(review: Review, *, budget: int, whole: str, key: str = "") -> str:
    """The comment. whole: where the full review is, shown if something is left out.

    key: distinguishes it from the comments of other workflows, which review other plans.
    """
    marker = MARKER.format(key=f" {key}" if key else "")
    head = f"{marker}\n## {SIGNALS[review.status]} {prose(review.verdict)}\n"
    stacks, versions = counted(len(review.stacks), "stack"), prose(review.planned_by)
    unknown = f"; {prose(said)}" if (said := not_judged(review)) else ""
    counted_otherwise = f"; {said}" if (said := as_terraform_counts(review)) else ""
    foot = f"<sub>{stacks} planned by {versions}{unknown}{counted_otherwise}</sub>\n"
    pieces = [*_risks(review), *_permissions(review), *_drift(review), *_changes(review), *_pictures(review)]

    def assemble(kept: list[Piece], lost: Counter[str]) -> str:
        return "\n".join([head, *_left_out(lost, budget, whole), *_sections(kept), foot])

    return fit(pieces, budget, assemble)


def _left_out(lost: Counter[str], budget: int, whole: str) -> Iterator[str]:
    """The note on what the budget left out, and where the full review is."""
    if lost:
        parts = ", ".join(counted(number, what) for what, number in lost.items())
        yield f"> **Shortened** to {budget:,} characters, the least risky details first. Not shown: {parts}."
        yield f"> Full review: {whole if ADDRESS.fullmatch(whole) else prose(whole)}\n"


def _sections(kept: list[Piece]) -> Iterator[str]:
    """The sections and their folds, in the order of the pieces."""
    for section, pieces in groupby(kept, lambda piece: piece.section):
        yield f"### {section}\n"
        for fold, within in groupby(pieces, lambda piece: piece.fold):
            text = "\n".join(piece.text for piece in within).replace(BETWEEN_FENCES, "\n").rstrip("\n")
            yield f"<details><summary>{fold}</summary>\n\n{text}\n</details>\n" if fold else f"{text}\n"


def _risks(review: Review) -> Iterator[Piece]:
    """The head of each rule's card, then its further entries, which have a lower priority than any head."""
    known = sum(finding.acknowledged is not None for finding in review.findings)
    for card in cards(review.findings):
        severity, lost = card.first.severity, f"{card.first.severity} risk"
        if card.first.acknowledged:
            title = f"{counted(known, 'risk')} acknowledged"
            yield Piece(RISKS, _card(card, MOST_PLACES), ACKNOWLEDGED, "acknowledged risk", title)
            continue
        yield Piece(RISKS, _card(card, MOST_ENTRIES), RISK_OF[severity], lost)
        more = card.entries[MOST_ENTRIES:]
        title = f"{len(more):,} more of {coded(card.first.rule)}"
        for entry in more:
            text = _entry(entry) if len(more) <= MOST_SENTENCES else f"- {_places(entry)}"
            yield Piece(RISKS, text, MORE_OF[severity], lost, title)


def _card(card: Card, most: int) -> str:
    """A card with at most ``most`` of its entries."""
    first = card.first
    times = f" ({card.times})" if card.times else ""
    lines = [f"{MARKS[first.severity]} **{prose(card.title)}**{times}  "]
    rows: list[str] = []
    if len(card.entries) == 1:
        (alike,) = card.entries
        lines += [f"{_where(finding)}  " for finding in alike[:MOST_PLACES] if finding.address]
        if len(alike) > MOST_PLACES:
            lines.append(f"… and {len(alike) - MOST_PLACES:,} more  ")
        rows += _rows(chosen(first.changes, MOST_ROWS), "")
    else:
        lines += ["", *map(_entry, card.entries[:most])]
        if first.acknowledged and len(card.entries) > most:
            lines.append(f"- … and {len(card.entries) - most:,} more")
        lines.append("")
        for entry in card.entries[:most]:
            if found := list(_rows(chosen(entry[0].changes, MOST_ROWS), "")):
                rows += [f"  # {fenced(entry[0].address)}", *found]
    if rows:
        lines.append(_fence(rows))
    lines.append(f"*Why it matters:* {prose(first.why)}  ")
    lines.append(f"*What to do:* {prose(first.answer)}  ")
    if first.acknowledged:
        until, reason = first.acknowledged.expires, prose(first.acknowledged.reason)
        lines.append(f"*Acknowledged, until {until}:* {reason}  ")
    lines.append(f"<sub>rule {code(first.rule)}</sub>\n")
    return "\n".join(lines)


def _entry(alike: tuple[Finding, ...]) -> str:
    """The text about one resource, or several, in one line."""
    places = _places(alike)
    return f"- {prose(alike[0].what)}{': ' if places else ''}{places}"


def _places(alike: tuple[Finding, ...]) -> str:
    """The resources of an entry, in one line."""
    places = [_where(finding) for finding in alike[:MOST_PLACES] if finding.address]
    return ", ".join(
        [*places, *([f"and {len(alike) - MOST_PLACES:,} more"] if len(alike) > MOST_PLACES else [])]
    )


def _where(finding: Finding) -> str:
    """The construct's path, which begins with the stack, and Terraform's address."""
    if finding.construct:
        return f"{code(finding.construct)} · {code(finding.address)}"
    return f"{code(finding.address)} in {code(finding.stack)}"


def _permissions(review: Review) -> Iterator[Piece]:
    """Gained permissions first; lost ones are folded."""
    risky = {
        (finding.stack, finding.address) for finding in review.findings if finding.severity is Severity.BLOCK
    }
    gone = {Kind.NARROWED, Kind.LOST}
    ordered = sorted(review.permissions, key=lambda permission: (permission.kind in gone, permission.new))
    for number, change in enumerate(ordered):
        risk = (
            RISK_OF_PERMISSION[change.kind] - 10 * change.new + 20 * ((change.stack, change.address) in risky)
        )
        risk = risk if number < MOST_PERMISSIONS else min(risk, MORE_PERMISSIONS)
        fold = FOLDED_PERMISSIONS if change.kind in gone else ""
        yield Piece(PERMISSIONS, "-", risk, "permission", fold, partial(_permission, change))


def _permission(change: PermissionChange) -> str:
    where = code(change.construct or change.address)
    return f"- **{change.kind}**: {prose(change.sentence)} <sub>{where}</sub>"


def _drift(review: Review) -> Iterator[Piece]:
    """Drift that the plan touches; other drift is only counted."""
    for stack in review.stacks:
        touched = split_drift(stack.plan).touched
        title = f"{coded(stack.plan.stack)}: {counted(len(touched), 'resource')} {TOUCHED}"
        for change in touched:
            yield Piece(DRIFT, OUTLINE, 20, "drifted resource", title, partial(_detail, change, MOST_ROWS))
    for stack in review.stacks:
        left = split_drift(stack.plan).left
        if left:
            text = f"- {code(stack.plan.stack)}: {counted(len(left), 'resource')}"
            yield Piece(DRIFT, text, 1, "stack's drift", f"And some {LEFT}")


def _changes(review: Review) -> Iterator[Piece]:
    risky = {(finding.stack, finding.address) for finding in review.findings}
    for stack in review.stacks:
        title = f"{coded(stack.plan.stack)}: {tally(stack)}"
        ordered = sorted(
            stack.changes, key=lambda change: (wording.group(change), change.construct, change.address)
        )
        for part in together(ordered):
            if isinstance(part, Alike):
                yield Piece(CHANGES, OUTLINE, 19, "change", title, partial(_alike, part))
                continue
            most = MOST_ROWS_MADE if part.before is None else MOST_ROWS
            risk = 10 + 5 * part.action.destroys + 10 * ((part.stack, part.address) in risky)
            yield Piece(CHANGES, OUTLINE, risk, "change", title, partial(_detail, part, most))
    for stack in review.stacks:
        title = f"{counted(len(stack.outputs), 'output')} of {coded(stack.plan.stack)}"
        for output in stack.outputs:
            yield Piece(OUTPUTS, _fence(_output(output)), 8, "output", title)


def _pictures(review: Review) -> Iterator[Piece]:
    for stack in review.stacks:
        drawn = diagram(stack.plan)
        if drawn:
            yield Piece(PICTURE, f"```mermaid\n{drawn}\n```", 0, "picture", coded(stack.plan.stack))


def _detail(change: ResourceChange, most: int) -> str:
    """One resource's lines: what is done, to what, and what differs."""
    sign = wording.sign(change)
    where = f"  # {fenced(change.construct)}" if change.construct else ""
    doings = fenced(", ".join(wording.doings(change)))
    # An address ":" without a sign, followed by the colon, would be a command to a runner.
    head = for_terminal(f"{COLOURS.get(sign, '  ')}{sign} {fenced(change.address)}: {doings}{where}")
    return _fence([head, *_rows(detail(change, most), "    ")])


def _alike(alike: Alike) -> str:
    """The shared change of many resources, once, with their addresses."""
    addresses = ", ".join(change.address for change in alike.changes[:MOST_PLACES])
    more = len(alike.changes) - MOST_PLACES
    listed = f"{addresses} and {more:,} more" if more > 0 else addresses
    found = chosen(alike.differences, MOST_ROWS)
    return _fence([f"! ~ {alike.words}", *_rows(found, "    "), f"      in {fenced(listed)}"])


def _output(output: OutputChange) -> Iterator[str]:
    found = between(output.before, output.after, (output.name,))
    yield from _rows(chosen(Difference(path, before, after, False) for path, before, after in found), "")


def _rows(found: Detail, indent: str) -> Iterator[str]:
    lines = 0
    for number, row in enumerate(found.rows):
        if lines >= MOST_LINES:
            found = replace(found, more=found.more + len(found.rows) - number)
            break
        written = list(_row(row, indent, MOST_LINES - lines))
        lines += len(written)
        yield from written
    if found.left_out:
        yield f"  {indent}{found.left_out}"


def _row(row: Row, indent: str, most: int) -> Iterator[str]:
    """The old value and the new one, each behind the sign that a diff gives it."""
    why = "  # forces replacement" if row.forces else ""
    path = fenced(row.path)
    if row.lines:
        note = f" ({row.note})" if row.note else ""
        yield f"! {indent}{path}: {summary(row.lines, row.unit)}{note}{why}"
        yield from _lines(shortened(row.lines, LONGEST_LINE), f"{indent}  ", most)
        return
    before, after = row.before, row.after
    if before is not None and after is not None:
        before, after = pair(before, after, LONGEST_VALUE)
    if before is not None:
        yield f"- {indent}{path} = {fenced(cut(before, LONGEST_CUT))}{why}"
    if after is not None:
        yield f"+ {indent}{path} = {fenced(cut(after, LONGEST_CUT))}{why if row.before is None else ''}"


def _lines(found: Sequence[Run], indent: str, most: int) -> Iterator[str]:
    shown = 0
    rest: Counter[Sign] = Counter()
    for hunk in hunks(found, most):
        shown += len(hunk.lines) if hunk.sign != " " or not hunk.left_out else 1
        if shown > 2 * most and hunk.sign != " ":
            rest[hunk.sign] += len(hunk.lines) + hunk.left_out
        elif shown > 2 * most:
            continue
        elif hunk.sign == " " and hunk.left_out:
            yield f"  {indent}{hunk.unchanged}"
        else:
            # The bar marks a line's beginning, and keeps an unchanged line from being a command to a runner.
            yield from (f"{hunk.sign} {indent}| {fenced(line)}" for line in hunk.lines)
            rest[hunk.sign] += hunk.left_out
    for sign in (mark for mark in ("-", "+") if rest[mark]):
        yield f"{sign} {indent}{Hunk(sign, (), rest[sign]).words}"


def _fence(lines: Iterable[str]) -> str:
    return "\n".join(("```diff", *lines, "```"))
