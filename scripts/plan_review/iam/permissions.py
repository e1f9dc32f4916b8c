"""Who may do what after a plan is applied that may not now, and the other way round."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from plan_review.iam.accounts import accounts, foreign
from plan_review.iam.change import Kind, PermissionChange, Style
from plan_review.iam.compare import Change, TooLargeError, compare
from plan_review.iam.holdings import Holding, holdings
from plan_review.iam.links import LINKS, attachments
from plan_review.iam.other_grants import GRANTS
from plan_review.iam.owners import Owners, Who, field
from plan_review.iam.places import PLACES
from plan_review.iam.sentence import told
from plan_review.iam.statement import Statement
from plan_review.plan import Plan, ResourceChange

_ORDER = list(Kind)
_TAKES = (Kind.NARROWED, Kind.LOST)


def permissions(plan: Plan) -> tuple[PermissionChange, ...]:
    """Every change of a permission, who gains first; policies that stay, or say the same, say nothing."""
    relevant = [
        change
        for change in plan.changes
        if change.mode == "managed"
        and (change.type in PLACES or change.type in LINKS or change.type in GRANTS)
    ]
    if all(change.nothing for change in relevant):
        return ()
    owners = Owners(plan)
    home = accounts(plan)
    documents = [_with_foreign(each, home) for each in _documents(relevant, owners)]
    found = [*documents, *attachments(relevant, owners)]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.kind), each.sentence, each.address)))


def _with_foreign(change: PermissionChange, home: frozenset[str]) -> PermissionChange:
    others = foreign(change.statement, home) if change.statement else ()
    return replace(change, foreign=others) if others else change


def _documents(changes: list[ResourceChange], owners: Owners) -> Iterator[PermissionChange]:
    groups: dict[tuple[str, Style], list[Holding]] = defaultdict(list)
    for change in changes:
        for holding in holdings(change, owners):
            groups[holding.who.key, holding.style].append(holding)
    for (_, style), held in groups.items():
        if all(each.change.nothing for each in held):
            continue
        if held[-1].who.gone and not any(each.after for each in held):
            yield from _gone(held, style)
        else:
            yield from _compared(held, style)


def _gone(held: list[Holding], style: Style) -> Iterator[PermissionChange]:
    if style is Style.IDENTITY:
        sentence = f"{held[-1].who} is gone, and with it all that it may do"
        yield _change(Kind.LOST, held[-1], held[-1].who, sentence, style=style)


def _compared(held: list[Holding], style: Style) -> Iterator[PermissionChange]:
    who = next((each.who for each in held if each.after), held[0].who)
    unclear = {id(each.change) for each in held if each.problem and each.after}
    for each in held:
        if each.problem and each.after and not each.change.nothing:
            yield _change(
                Kind.UNKNOWN, each, who, f"{who}: its policy{_called(each)} {each.problem}", style=style
            )
    before = [each for each in held if not each.after]
    after = [each for each in held if each.after or id(each.change) in unclear]
    try:
        changes = compare(_statements(before), _statements(after))
    except TooLargeError:
        yield _change(
            Kind.UNKNOWN, held[0], who, f"{who}: its policies are too large to compare", style=style
        )
        return
    for source, mine in _by_source(changes, before, after).values():
        for one in told(mine, style, new=who.new):
            if who.new and one.kind in _TAKES:
                continue  # what is new takes nothing away from anybody
            sentence = f"{_subject(who, style)}{', which is new,' if who.new else ''} {one.text}"
            yield _change(
                one.kind, source, who, sentence, style=style, statement=one.statement, before=one.before
            )


def _called(holding: Holding) -> str:
    name = field(holding.change.after, "name")
    return f" {name}" if isinstance(name, str) and holding.who.key != holding.change.address else ""


def _subject(who: Who, style: Style) -> str:
    return f"whoever holds {who}" if style is Style.IDENTITY and who.noun.endswith("policy") else str(who)


def _statements(held: list[Holding]) -> tuple[Statement, ...]:
    return tuple(statement for each in held for statement in each.statements)


def _by_source(
    changes: tuple[Change, ...], before: list[Holding], after: list[Holding]
) -> dict[str, tuple[Holding, list[Change]]]:
    """The changes by the resource in which what changed stands, or stood."""
    found: dict[str, tuple[Holding, list[Change]]] = {}
    for each in changes:
        places = after if each.kind.gives is each.part.allows else before
        source = _source(each, places) or (places or before or after)[0]
        found.setdefault(source.change.address, (source, []))[1].append(each)
    return found


def _source(change: Change, places: list[Holding]) -> Holding | None:
    changed = sorted(places, key=lambda each: each.change.nothing)
    return next((each for each in changed if any(one.covers(change.part) for one in each.statements)), None)


def _change(
    kind: Kind,
    holding: Holding,
    who: Who,
    sentence: str,
    *,
    style: Style,
    statement: Statement | None = None,
    before: tuple[Statement, ...] = (),
) -> PermissionChange:
    return PermissionChange(
        kind=kind,
        stack=holding.change.stack,
        address=holding.change.address,
        construct=holding.change.construct,
        who=str(who),
        sentence=sentence,
        style=style,
        statement=statement,
        before=before,
        new=who.new,
    )
