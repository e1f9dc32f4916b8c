"""Rules: what each looks for, why it matters, the answer, and the function that finds it."""

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
    """A match of a rule: one sentence about the resource, and the differences that it is about.

    These are ``changes``, or all differences at ``path``. change: the resource, if the rule examines the
    whole plan. answer: replaces the rule's answer. address: of the subject, if it is not a resource.
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

    id: its name in review.toml. looks_for: completes “Looks for …”. why: the possible damage. answer: what to
    do. types: of the resources that it examines; empty for all. paths: the attributes that it reads; a
    resource without any of them is skipped.
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
        """A decorator: makes a rule of the function below."""
        return lambda look: cls(id, severity, looks_for, why, answer, look, types, paths)

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The attributes of which a resource must have one; empty for any resource."""
        flags: Iterable[Any] = self.look.keywords.get("flags", ()) if isinstance(self.look, partial) else ()
        return frozenset(path.partition(".")[0] for path in (*self.paths, *(flag.path for flag in flags)))


class PlanRule(Rule[Plan]):
    """A rule that examines a whole plan."""


class ChangeRule(Rule[ResourceChange]):
    """A rule that examines the change of one resource."""


class PermissionRule(Rule[PermissionChange]):
    """A rule that examines one permission change."""
