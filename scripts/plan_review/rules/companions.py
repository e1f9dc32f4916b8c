"""Resources that say something about another one: whether one goes while what it is about stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plan_review.plan import Action, Plan, ResourceChange, Value
from plan_review.rules.rule import Seen
from plan_review.rules.values import first

_NAMES = ("id", "arn", "name", "bucket", "self_link")


@dataclass(frozen=True)
class Companion:
    """A type of resource that is about another. of: its attributes that name the other. says: what goes."""

    of: tuple[str, ...]
    says: str


def removed(plan: Plan, companions: Mapping[str, Companion]) -> Iterator[Seen]:
    """The companions that are destroyed although what they are about stays."""
    leaving = [change for change in plan.changes if change.action is Action.DELETE]
    goes = [change for change in leaving if change.type in companions]
    if not goes:
        return
    gone = set(_called(leaving, companions))
    again = {
        (change.type, name)
        for change in plan.changes
        if change.action is Action.CREATE and change.type in companions
        for name in _named(change.after, companions[change.type].of)
    }
    for change in goes:
        about = _named(change.before, companions[change.type].of)
        if not any(name in gone or (change.type, name) in again for name in about):
            yield Seen(companions[change.type].says, (), change)


def _called(leaving: list[ResourceChange], companions: Mapping[str, Companion]) -> Iterator[str]:
    """What the resources that go are called, those that are no companions."""
    for change in leaving:
        if change.type not in companions:
            yield from _named(change.before, _NAMES)


def _named(side: Value, attributes: tuple[str, ...]) -> list[str]:
    found = [first(side, attribute) for attribute in attributes]
    return [each for each in found if isinstance(each, str)]
