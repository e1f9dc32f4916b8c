"""Finds the permission changes of a plan: who may do more or less after it is applied."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from plan_review.iam.accounts import accounts, other_accounts
from plan_review.iam.attachments import ATTACHMENT_TYPES, attachments
from plan_review.iam.compare import StatementChange, TooLargeError, compare
from plan_review.iam.grants_without_policy import is_grant
from plan_review.iam.permission_change import Kind, PermissionChange, PolicyKind
from plan_review.iam.policies import HeldPolicy, held_policies
from plan_review.iam.policy_attributes import POLICY_ATTRIBUTES
from plan_review.iam.policy_owners import PolicyOwner, PolicyOwners, field, permission
from plan_review.iam.sentence import sentences
from plan_review.iam.statement import PolicyStatement
from plan_review.iam.statement_index import StatementIndex
from plan_review.plan import Plan, ResourceChange

_TAKES = (Kind.NARROWED, Kind.LOST)
_TYPES = POLICY_ATTRIBUTES.keys() | ATTACHMENT_TYPES.keys()


def permissions(plan: Plan) -> tuple[PermissionChange, ...]:
    """Every permission change, gained ones first; policies with the same meaning are not listed."""
    managed = [change for change in plan.changes if change.mode == "managed"]
    relevant = [change for change in managed if change.type in _TYPES or is_grant(change.type)]
    if all(change.nothing for change in relevant):
        return ()
    owners, home = PolicyOwners(plan), accounts(plan)
    documents = [_with_accounts(document, home) for document in _documents(relevant, owners)]
    found = [*documents, *attachments(relevant, owners)]
    return tuple(sorted(found, key=lambda change: change.rank))


def _with_accounts(change: PermissionChange, home: frozenset[str]) -> PermissionChange:
    """The change with the other accounts to which it gives access."""
    foreign = other_accounts(change.statement, home)
    return replace(change, foreign=foreign, home_known=bool(home)) if foreign else change


def _documents(changes: list[ResourceChange], owners: PolicyOwners) -> Iterator[PermissionChange]:
    groups: dict[tuple[str, PolicyKind], list[HeldPolicy]] = defaultdict(list)
    for change in changes:
        for policy in held_policies(change, owners):
            groups[policy.who.key, policy.policy_kind].append(policy)
    for (_, policy_kind), held in groups.items():
        if all(policy.change.nothing for policy in held):
            continue
        who = held[-1].who
        if not who.gone or any(policy.after for policy in held):
            yield from _compared(held, policy_kind)
        elif policy_kind is PolicyKind.IDENTITY:
            sentence = f"{who} is gone, and with it all that it may do"
            yield permission(held[-1].change, who, Kind.LOST, policy_kind, sentence)


def _compared(held: list[HeldPolicy], policy_kind: PolicyKind) -> Iterator[PermissionChange]:
    who = next((policy.who for policy in held if policy.after), held[0].who)
    unclear = {id(policy.change) for policy in held if policy.problem and policy.after}
    for policy in held:
        if policy.problem and policy.after and not policy.change.nothing:
            sentence = f"{who}: its policy{_called(policy)} {policy.problem}"
            told = permission(policy.change, who, Kind.UNKNOWN, policy_kind, sentence)
            yield replace(told, new=told.new or _is_new_grant(policy.change))
    before = [policy for policy in held if not policy.after]
    after = [policy for policy in held if policy.after or id(policy.change) in unclear]
    try:
        changes = compare(_statements(before), _statements(after))
    except TooLargeError:
        sentence = f"{who}: its policies are too large to compare"
        yield permission(held[0].change, who, Kind.UNKNOWN, policy_kind, sentence)
        return
    for source, mine in _by_source(changes, before, after).values():
        for change, words in sentences(mine, policy_kind, new=who.new):
            if who.new and change.kind in _TAKES:
                continue  # a new policy removes no permission
            sentence = f"{_subject(who, policy_kind)}{', which is new,' if who.new else ''} {words}"
            told = permission(source.change, who, change.kind, policy_kind, sentence)
            yield replace(told, statement=change.part, before=change.other)


def _is_new_grant(change: ResourceChange) -> bool:
    """Whether a grant is a separate resource that is created: it changes no existing policy."""
    return is_grant(change.type) and change.before is None


def _called(policy: HeldPolicy) -> str:
    name = field(policy.change.after, "name")
    return f" {name}" if isinstance(name, str) and policy.who.key != policy.change.address else ""


def _subject(who: PolicyOwner, policy_kind: PolicyKind) -> str:
    is_policy = policy_kind is PolicyKind.IDENTITY and who.noun.endswith("policy")
    return f"whoever holds {who}" if is_policy else str(who)


def _statements(held: list[HeldPolicy]) -> tuple[PolicyStatement, ...]:
    return tuple(statement for policy in held for statement in policy.statements)


def _by_source(
    changes: tuple[StatementChange, ...], before: list[HeldPolicy], after: list[HeldPolicy]
) -> dict[str, tuple[HeldPolicy, list[StatementChange]]]:
    """The changes by the resource that contains, or contained, the statement."""
    found: dict[str, tuple[HeldPolicy, list[StatementChange]]] = {}
    sources = {False: _Sources(before), True: _Sources(after)}
    for change in changes:
        is_after = change.kind.gives is change.part.allows
        places = after if is_after else before
        source = sources[is_after].of(change.part) or (places or before or after)[0]
        found.setdefault(source.change.address, (source, []))[1].append(change)
    return found


class _Sources:
    """The resources of statements; a policy that changes is preferred to one that stays."""

    def __init__(self, places: list[HeldPolicy]) -> None:
        self._places = sorted(places, key=lambda place: place.change.nothing)
        self._first: dict[PolicyStatement, int] = {}
        for number, place in enumerate(self._places):
            for statement in place.statements:
                self._first.setdefault(statement, number)
        self._index = StatementIndex(self._first)

    def of(self, part: PolicyStatement) -> HeldPolicy | None:
        """The first policy that covers a part; the only one, if there is one."""
        if len(self._places) == 1:
            return self._places[0]
        first = min((self._first[statement] for statement in self._index.covering(part)), default=None)
        return None if first is None else self._places[first]
