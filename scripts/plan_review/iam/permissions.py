"""Who may do what after a plan is applied that may not now, and the other way round."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from plan_review.iam.accounts import accounts, other_accounts
from plan_review.iam.attachments import ATTACHMENT_TYPES, attachments
from plan_review.iam.compare import StatementChange, TooLargeError, compare
from plan_review.iam.grants_without_policy import GRANT_TYPES
from plan_review.iam.permission_change import Kind, PermissionChange, PolicyKind
from plan_review.iam.policies import HeldPolicy, held_policies
from plan_review.iam.policy_attributes import POLICY_ATTRIBUTES
from plan_review.iam.policy_owners import PolicyOwner, PolicyOwners, field
from plan_review.iam.sentence import sentences
from plan_review.iam.statement import PolicyStatement
from plan_review.plan import Plan, ResourceChange

_ORDER = list(Kind)
_TAKES = (Kind.NARROWED, Kind.LOST)


def permissions(plan: Plan) -> tuple[PermissionChange, ...]:
    """Every change of a permission, who gains first; policies that stay, or say the same, say nothing."""
    relevant = [
        change
        for change in plan.changes
        if change.mode == "managed"
        and (
            change.type in POLICY_ATTRIBUTES or change.type in ATTACHMENT_TYPES or change.type in GRANT_TYPES
        )
    ]
    if all(change.nothing for change in relevant):
        return ()
    owners = PolicyOwners(plan)
    home = accounts(plan)
    documents = [_with_foreign(each, home) for each in _documents(relevant, owners)]
    found = [*documents, *attachments(relevant, owners)]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.kind), each.sentence, each.address)))


def _with_foreign(change: PermissionChange, home: frozenset[str]) -> PermissionChange:
    others = other_accounts(change.statement, home) if change.statement else ()
    return replace(change, foreign=others) if others else change


def _documents(changes: list[ResourceChange], owners: PolicyOwners) -> Iterator[PermissionChange]:
    groups: dict[tuple[str, PolicyKind], list[HeldPolicy]] = defaultdict(list)
    for change in changes:
        for holding in held_policies(change, owners):
            groups[holding.who.key, holding.style].append(holding)
    for (_, style), held in groups.items():
        if all(each.change.nothing for each in held):
            continue
        if held[-1].who.gone and not any(each.after for each in held):
            yield from _gone(held, style)
        else:
            yield from _compared(held, style)


def _gone(held: list[HeldPolicy], style: PolicyKind) -> Iterator[PermissionChange]:
    if style is PolicyKind.IDENTITY:
        sentence = f"{held[-1].who} is gone, and with it all that it may do"
        yield _change(Kind.LOST, held[-1], held[-1].who, sentence, style=style)


def _compared(held: list[HeldPolicy], style: PolicyKind) -> Iterator[PermissionChange]:
    who = next((each.who for each in held if each.after), held[0].who)
    unclear = {id(each.change) for each in held if each.problem and each.after}
    for each in held:
        if each.problem and each.after and not each.change.nothing:
            yield _change(
                Kind.UNKNOWN,
                each,
                who,
                f"{who}: its policy{_called(each)} {each.problem}",
                style=style,
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
        for one in sentences(mine, style, new=who.new):
            if who.new and one.kind in _TAKES:
                continue  # what is new takes nothing away from anybody
            sentence = f"{_subject(who, style)}{', which is new,' if who.new else ''} {one.text}"
            yield _change(
                one.kind, source, who, sentence, style=style, statement=one.statement, before=one.before
            )


def _called(holding: HeldPolicy) -> str:
    name = field(holding.change.after, "name")
    return f" {name}" if isinstance(name, str) and holding.who.key != holding.change.address else ""


def _subject(who: PolicyOwner, style: PolicyKind) -> str:
    return (
        f"whoever holds {who}" if style is PolicyKind.IDENTITY and who.noun.endswith("policy") else str(who)
    )


def _statements(held: list[HeldPolicy]) -> tuple[PolicyStatement, ...]:
    return tuple(statement for each in held for statement in each.statements)


def _by_source(
    changes: tuple[StatementChange, ...], before: list[HeldPolicy], after: list[HeldPolicy]
) -> dict[str, tuple[HeldPolicy, list[StatementChange]]]:
    """The changes by the resource in which what changed stands, or stood."""
    found: dict[str, tuple[HeldPolicy, list[StatementChange]]] = {}
    for each in changes:
        places = after if each.kind.gives is each.part.allows else before
        source = _source(each, places) or (places or before or after)[0]
        found.setdefault(source.change.address, (source, []))[1].append(each)
    return found


def _source(change: StatementChange, places: list[HeldPolicy]) -> HeldPolicy | None:
    changed = sorted(places, key=lambda each: each.change.nothing)
    return next((each for each in changed if any(one.covers(change.part) for one in each.statements)), None)


def _change(
    kind: Kind,
    holding: HeldPolicy,
    who: PolicyOwner,
    sentence: str,
    *,
    style: PolicyKind,
    statement: PolicyStatement | None = None,
    before: tuple[PolicyStatement, ...] = (),
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
