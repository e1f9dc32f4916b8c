"""A rule: its sentence, a function that finds breaches of it, and mistakes that it must detect."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from tests.synthesis import Synthesised

Attributes: TypeAlias = dict[str, Any]
Stacks: TypeAlias = dict[str, Attributes]
Breaches: TypeAlias = Callable[[Synthesised], Iterable[str]]
Mistake: TypeAlias = Callable[[Stacks], None]


@dataclass(frozen=True)
class Rule:
    """A rule for all settings.

    says: the rule, as in docs/security.md.
    breaches: returns what breaks the rule; nothing if the stacks are correct.
    mistakes: changes of synthesised stacks, by description; each must be a breach.
    variant: the settings of these stacks, one of ``tests.settings.variants``.
    """

    says: str
    breaches: Breaches
    mistakes: Mapping[str, Mistake]
    variant: str = "demo"


def rules(*pairs: tuple[Breaches, Mapping[str, Mistake]], variant: str = "demo") -> tuple[Rule, ...]:
    """The rules, from the functions that find their breaches, whose docstrings are the rules' sentences."""
    return tuple(
        Rule(" ".join((one.__doc__ or "").split()), one, mistakes, variant) for one, mistakes in pairs
    )


def after(mistake: Mistake, everything: Synthesised) -> Synthesised:
    """The synthesised stacks with the mistake."""
    stacks: Stacks = deepcopy({name: dict(stack) for name, stack in everything.stacks.items()})
    mistake(stacks)
    assert stacks != everything.stacks, "the mistake changed nothing"
    return replace(everything, stacks=stacks)


def each(stacks: Stacks, type: str) -> Iterator[Attributes]:
    """The attributes of every resource of a type, to be changed."""
    for stack in stacks.values():
        yield from stack["resource"].get(type, {}).values()


def setting(type: str, **attributes: object) -> Mistake:
    """A mistake that sets these attributes of every resource of a type; None removes one.

    ``metadata_options__http_tokens`` is the attribute within the block.
    """

    def mistake(stacks: Stacks) -> None:
        for resource in each(stacks, type):
            for name, value in attributes.items():
                *blocks, last = name.split("__")
                place = resource
                for block in blocks:
                    place = place[block][0] if isinstance(place[block], list) else place[block]
                place[last] = value

    return mistake


def adding(kind: str, stack: str, /, **attributes: object) -> Mistake:
    """A mistake that adds a resource to the stack whose name has this ending."""

    def mistake(stacks: Stacks) -> None:
        (name,) = (each for each in stacks if each.endswith(stack))
        resource = {**attributes, "//": {"metadata": {"path": f"{name}/added"}}}
        stacks[name]["resource"].setdefault(kind, {})["added"] = resource

    return mistake
