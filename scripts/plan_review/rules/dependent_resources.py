"""Finds resources that configure another one and are destroyed while that one stays."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plan_review.plan import Action, Plan, Value
from plan_review.rules.attributes import first
from plan_review.rules.rule import Match

_NAMES = ("id", "arn", "name", "bucket", "self_link")


@dataclass(frozen=True)
class Dependent:
    """A type of resource that configures another. of: the attributes that name it. says: what is lost."""

    of: str
    says: str


def removed_dependents(plan: Plan, dependents: Mapping[str, Dependent]) -> Iterator[Match]:
    """The dependents that are destroyed although the resource that they configure stays."""
    leaving = [change for change in plan.changes if change.action is Action.DELETE]
    goes = [change for change in leaving if change.type in dependents]
    if not goes:
        return
    others = [change for change in leaving if change.type not in dependents]
    gone = {name for change in others for name in _named(change.before, _NAMES)}
    again = {
        (change.type, name)
        for change in plan.changes
        if change.action is Action.CREATE and change.type in dependents
        for name in _named(change.after, dependents[change.type].of.split())
    }
    for change in goes:
        about = _named(change.before, dependents[change.type].of.split())
        if not any(name in gone or (change.type, name) in again for name in about):
            yield Match(dependents[change.type].says, (), change)


def _named(side: Value, attributes: Iterable[str]) -> list[str]:
    found = [first(side, attribute) for attribute in attributes]
    return [name for name in found if isinstance(name, str)]
