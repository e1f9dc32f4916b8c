"""Resources that say something about another one: whether one goes while what it is about stays."""

from collections.abc import Iterator
from dataclasses import dataclass

from slipway.review.plan import Action, Plan
from slipway.review.rules.rule import Seen
from slipway.review.rules.values import first

_NAMES = ("id", "arn", "name", "bucket", "self_link")


@dataclass(frozen=True)
class Companion:
    """A type of resource that is about another. of: its attributes that name the other. says: what goes."""

    of: tuple[str, ...]
    says: str


def removed(plan: Plan, companions: dict[str, Companion]) -> Iterator[Seen]:
    """The companions that are destroyed although what they are about stays."""
    leaving = [change for change in plan.changes if change.action is Action.DELETE]
    goes = [change for change in leaving if change.type in companions]
    if not goes:
        return
    others = [change for change in leaving if change.type not in companions]
    gone = {
        first(change.before, name) for change in others for name in _NAMES if isinstance(change.before, dict)
    }
    names = {each for each in gone if isinstance(each, str)}
    created = {
        (change.type, first(change.after, of))
        for change in plan.changes
        if change.action is Action.CREATE and change.type in companions
        for of in companions[change.type].of
    }
    for change in goes:
        companion = companions[change.type]
        about = [first(change.before, of) for of in companion.of]
        again = any(isinstance(each, str) and (change.type, each) in created for each in about)
        if not again and not any(isinstance(each, str) and each in names for each in about):
            yield Seen(companion.says, (), change)
