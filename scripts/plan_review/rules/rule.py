"""What a rule is: what it looks for, why that matters, how to answer, and the function that looks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Generic, Self, TypeVar

from plan_review.finding import Severity
from plan_review.iam.permission_change import PermissionChange
from plan_review.plan import Difference, Plan, ResourceChange

T = TypeVar("T", ResourceChange, PermissionChange, Plan)


@dataclass(frozen=True)
class Match:
    """What a rule saw: one sentence about the resource, and what differs in it that the sentence is about.

    That is ``changes``, or whatever differs at ``path``. change: the resource, where a rule looked at the
    whole plan. answer: what to do about it, where that is another than the rule's. address: of
    what it is about, where that is not a resource.
    """

    what: str
    changes: tuple[Difference, ...] = ()
    change: ResourceChange | None = None
    path: str = ""
    answer: str = ""
    address: str = ""


@dataclass(frozen=True)
class Rule(Generic[T]):
    """One kind of risk.

    id: its name in review.toml. looks_for: completes “Looks for …”. why: what it may cost. answer: what
    to do about it. types: the types of resources that it looks at; all, if there are none. paths: what it
    looks at in them; a resource that has none of it need not be looked at.
    """

    id: str
    severity: Severity
    looks_for: str
    why: str
    answer: str
    look: Callable[[T], Iterable[Match]]
    types: Iterable[str] = ()
    paths: Iterable[str] = ()

    @classmethod
    def of(
        cls,
        id: str,
        severity: Severity,
        looks_for: str,
        why: str,
        answer: str,
        *,
        types: Iterable[str] = (),
        paths: Iterable[str] = (),
    ) -> Callable[[Callable[[T], Iterable[Match]]], Self]:
        """The rule that the function below looks for."""
        return lambda look: cls(id, severity, looks_for, why, answer, look, types, paths)

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The attributes of which a resource must have one; none, if it may be any resource."""
        flags: Iterable[Any] = self.look.keywords.get("flags", ()) if isinstance(self.look, partial) else ()
        return frozenset(path.partition(".")[0] for path in (*self.paths, *(flag.path for flag in flags)))


class PlanRule(Rule[Plan]):
    """Looks at a whole plan."""


class ChangeRule(Rule[ResourceChange]):
    """Looks at the change of one resource."""


class PermissionRule(Rule[PermissionChange]):
    """Looks at the change of one permission."""
