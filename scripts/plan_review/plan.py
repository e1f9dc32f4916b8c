"""The data of a Terraform plan for a review: changes, drift and outputs, with all secrets masked.

These objects never contain a secret: plan_reader.py replaces secrets with ``Masked`` before it creates them.
"""

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from typing import Final, Literal, TypeAlias


class Action(StrEnum):
    """What Terraform would do to a resource."""

    NO_OP = "no-op"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    REPLACE = "replace"
    CREATE_BEFORE_DESTROY = "create-before-destroy"
    CREATE_BEFORE_FORGET = "create-before-forget"
    FORGET = "forget"

    @property
    def replaces(self) -> bool:
        """Whether a new resource takes its place; the old one is destroyed or (Terraform 1.12) forgotten."""
        return self in {Action.REPLACE, Action.CREATE_BEFORE_DESTROY, Action.CREATE_BEFORE_FORGET}

    @property
    def destroys(self) -> bool:
        """Whether the existing resource is destroyed."""
        return self in {Action.DELETE, Action.REPLACE, Action.CREATE_BEFORE_DESTROY}


REASONS = {
    "delete_because_no_resource_config": "it is no longer in the configuration",
    "delete_because_no_module": "its module is no longer in the configuration",
    "delete_because_wrong_repetition": "count or for_each was added or removed",
    "delete_because_count_index": "its index is beyond count",
    "delete_because_each_key": "its key is no longer in for_each",
    "delete_because_no_move_target": "it was moved to an address that is not in the configuration",
    "replace_because_tainted": "it is marked as tainted",
    "replace_by_request": "its replacement was requested (-replace)",
    "replace_by_triggers": "replace_triggered_by triggers it",
    "read_because_config_unknown": "its configuration is known only after apply",
    "read_because_dependency_pending": "what it depends on changes",
    "read_because_check_nested": "a check reads it at every apply",
}
"""Terraform's reasons for an action as text; for a forced replacement the attribute is shown instead."""


@dataclass(frozen=True)
class Masked:
    """A hidden value. Two of one resource are equal if the values that they hide are equal.

    label: the kind of secret. number: which of the resource's secrets; it does not depend on its value.
    """

    label: str = field(compare=False)
    number: int = field(repr=False)

    def __str__(self) -> str:
        return f"(hidden: {self.label})"


class Unknown(Enum):
    """The type of ``UNKNOWN``: a value that is known only after apply."""

    UNKNOWN = "known after apply"

    def __str__(self) -> str:
        return "(known after apply)"


BY_IDENTITY = "by identity"
"""Shown in place of an id if a resource is imported without one."""

UNKNOWN: Final[Literal[Unknown.UNKNOWN]] = Unknown.UNKNOWN

Value: TypeAlias = "bool | int | float | str | Masked | Unknown | list[Value] | dict[str, Value] | None"
Path: TypeAlias = tuple[str | int, ...]

NAMES = ("name", "Name", "key", "Key", "variable", "parameter_name", "ParameterName", "header_name")
"""The keys that name an element of a list: a variable of a container or build, a tag, a chart's setting."""


class NamedPlace(int):
    """An index in a list, with the name of the element there: readers look for names, not for numbers."""

    name: str

    def __new__(cls, place: int, name: str) -> "NamedPlace":
        """The place, which is equal to its number."""
        found = super().__new__(cls, place)
        found.name = name
        return found


EMPTY: tuple[Value, ...] = (None, "", [], {})  # values that providers use for nothing


@dataclass(frozen=True)
class ResourceChange:
    """What would happen to one resource or, as drift, has happened outside Terraform.

    mode: managed or data. index: its key of for_each or count. deposed: set if an unfinished replacement left
    it behind. reason: Terraform's action_reason. replace_paths: the attributes that force a replacement.
    previous_address: set if it moves. imported: the id by which it is imported. construct: its path.
    identity: other details of the change: how it is imported, its identities. configured: the paths that its
    configuration sets; None if the plan has no configuration of it. written: values known only after apply as
    the synthesised stack has them, with references. found: a cache for difference.py.
    """

    stack: str
    address: str
    module: str
    mode: str
    type: str
    name: str
    index: str | int | None
    deposed: str
    provider: str
    action: Action
    reason: str
    before: Value
    after: Value
    replace_paths: tuple[Path, ...]
    previous_address: str
    imported: str
    construct: str
    written: Value = None
    identity: Value = None
    configured: frozenset[str] | None = None
    found: "list[tuple[Difference, ...]]" = field(init=False, repr=False, compare=False, default_factory=list)

    def defaults(self, path: str) -> bool:
        """Whether ``block.attribute`` is not configured, so that the provider or the cloud decides."""
        return self.configured is not None and path not in self.configured

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The names of all attributes that it has before or after."""
        return frozenset().union(*self.sides)

    @property
    def sides(self) -> "tuple[dict[str, Value], ...]":
        """The resource before and after; a side on which it does not exist is left out."""
        return tuple(side for side in (self.before, self.after) if isinstance(side, dict))

    @property
    def moved(self) -> bool:
        """Whether its address changes."""
        return bool(self.previous_address) and self.previous_address != self.address

    @property
    def nothing(self) -> bool:
        """Whether neither the resource nor its state changes."""
        return self.action is Action.NO_OP and not self.moved and not self.imported


@dataclass(frozen=True)
class OutputChange:
    """What would happen to an output of the stack."""

    stack: str
    name: str
    action: Action
    before: Value
    after: Value


@dataclass(frozen=True)
class Difference:
    """One place where before and after differ; None on a side without a value."""

    path: Path
    before: Value
    after: Value
    forces_replacement: bool


class ExecutionKind(StrEnum):
    """The kinds of executions."""

    PROVISIONER = "provisioner"
    ACTION = "action"
    RESOURCE = "resource"
    READ = "data source"


@dataclass(frozen=True)
class Execution:
    """Something that plan or apply runs in addition to providers.

    what: the type of the provisioner, action or resource. address: of its resource, or of the action. when:
    as text. configuration: its arguments. details: other attributes.
    """

    kind: ExecutionKind
    what: str
    address: str
    when: str
    configuration: Value
    details: Value = None

    @property
    def counts(self) -> bool:
        """Whether it is not already counted as a resource."""
        return self.kind in {ExecutionKind.PROVISIONER, ExecutionKind.ACTION}


@dataclass(frozen=True)
class Deferred:
    """A change that is deferred to a later plan, and the reason, in Terraform's words."""

    reason: str
    change: ResourceChange | Execution


@dataclass(frozen=True)
class FailedCheck:
    """A check block, or a condition of a resource or an output, that fails. messages: its messages.

    evaluated: False if an error prevented its evaluation.
    """

    address: str
    kind: str
    messages: tuple[str, ...]
    evaluated: bool = True


@dataclass(frozen=True)
class Plan:
    """A stack's plan. drift: changes outside Terraform.

    references: which resource's configuration refers to which other, as addresses without index.
    complete: False if further plans are needed after applying it. deferred: what was deferred.
    accounts: the AWS accounts that it is made for, if known.
    executions: what plan ran and apply would run in addition to providers.
    checks: conditions of the configuration that do not hold.
    tool: Terraform or OpenTofu.
    """

    stack: str
    format_version: str
    terraform_version: str
    changes: tuple[ResourceChange, ...]
    drift: tuple[ResourceChange, ...]
    outputs: tuple[OutputChange, ...]
    references: tuple[tuple[str, str], ...]
    complete: bool
    accounts: frozenset[str] = frozenset()
    deferred: tuple[Deferred, ...] = ()
    executions: tuple[Execution, ...] = ()
    checks: tuple[FailedCheck, ...] = ()
    tool: str = "Terraform"
