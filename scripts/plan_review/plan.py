"""What a review sees of a Terraform plan: its changes, drift and outputs, every secret already hidden.

Nothing here ever held a secret: plan_reader.py puts a ``Masked`` in its place before it makes these.
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
        """Whether a new resource takes its place; the old one is destroyed, or (Terraform 1.12) forgotten."""
        return self in {Action.REPLACE, Action.CREATE_BEFORE_DESTROY, Action.CREATE_BEFORE_FORGET}

    @property
    def destroys(self) -> bool:
        """Whether what there is now will be gone."""
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
"""Terraform's reasons for an action, in words: what is forced by an attribute is said by that attribute."""


@dataclass(frozen=True)
class Masked:
    """A value that nobody may see. Two of one resource are equal if what they hide is equal.

    label: what kind of secret. number: which of the resource's secrets; it says nothing about its value.
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
"""What stands for the id of what is imported without one."""

UNKNOWN: Final[Literal[Unknown.UNKNOWN]] = Unknown.UNKNOWN

Value: TypeAlias = "bool | int | float | str | Masked | Unknown | list[Value] | dict[str, Value] | None"
Path: TypeAlias = tuple[str | int, ...]

NAMES = ("name", "Name", "key", "Key", "variable", "parameter_name", "ParameterName", "header_name")
"""What names an element of a list: a variable of a container or a build, a tag, a setting of a chart."""


class NamedPlace(int):
    """A place in a list, with the name that the element there has: people look for that, not for a number."""

    name: str

    def __new__(cls, place: int, name: str) -> "NamedPlace":
        """The place, which is equal to its number."""
        found = super().__new__(cls, place)
        found.name = name
        return found


EMPTY: tuple[Value, ...] = (None, "", [], {})  # what providers write, one or the other, for nothing


@dataclass(frozen=True)
class ResourceChange:
    """What would happen, or outside Terraform did happen, to one resource.

    mode: managed or data. index: its key of for_each or count. deposed: set if it is what an unfinished
    replacement left. reason: Terraform's action_reason. replace_paths: what forces a replacement.
    previous_address: set if it moved. imported: the id that it is imported by. construct: its path.
    identity: what else is said of the change itself: how it is imported, its identities. configured: the
    paths of what its configuration sets; None where the plan does not have its configuration.
    written: what is known only after apply, as the synthesised stack has it, with its references.
    found: where difference.py keeps what it found, as everybody asks it for the same.
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
        """Whether nobody sets what is at ``block.attribute``, so that the provider or the cloud decides."""
        return self.configured is not None and path not in self.configured

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The names of all attributes that it has, before or after."""
        return frozenset().union(*self.sides)

    @property
    def sides(self) -> "tuple[dict[str, Value], ...]":
        """What it was, then what it becomes; without the side on which it is not there."""
        return tuple(side for side in (self.before, self.after) if isinstance(side, dict))

    @property
    def moved(self) -> bool:
        """Whether it has another address than before."""
        return bool(self.previous_address) and self.previous_address != self.address

    @property
    def nothing(self) -> bool:
        """Whether neither the resource nor what Terraform knows of it changes."""
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
    """One place where before and after are not the same; what is on one side only is None on the other."""

    path: Path
    before: Value
    after: Value
    forces_replacement: bool


class ExecutionKind(StrEnum):
    """What it is that runs something."""

    PROVISIONER = "provisioner"
    ACTION = "action"
    RESOURCE = "resource"
    READ = "data source"


@dataclass(frozen=True)
class Execution:
    """What planning or applying runs besides what providers do.

    what: the type of the provisioner, action or resource. address: of the resource that it stands in, or
    of the action. when: in words. configuration: what it is given. details: what else is said of it.
    """

    kind: ExecutionKind
    what: str
    address: str
    when: str
    configuration: Value
    details: Value = None

    @property
    def counts(self) -> bool:
        """Whether it comes on top of the resources that are counted anyway."""
        return self.kind in {ExecutionKind.PROVISIONER, ExecutionKind.ACTION}


@dataclass(frozen=True)
class Deferred:
    """What is put off to a later plan, and why, in Terraform's words."""

    reason: str
    change: ResourceChange | Execution


@dataclass(frozen=True)
class FailedCheck:
    """A check block, or a condition of a resource or an output, that fails. messages: what it says.

    evaluated: False if nobody can tell whether it holds, as an error kept it from being looked at.
    """

    address: str
    kind: str
    messages: tuple[str, ...]
    evaluated: bool = True


@dataclass(frozen=True)
class Plan:
    """A stack's plan. drift: what changed outside Terraform.

    references: which resource's configuration names which other, both as addresses without index.
    complete: False if applying it would leave This plan is not complete. deferred: what was put off.
    accounts: the AWS accounts that it is made for, as far as it says so.
    executions: what planning it ran and applying it would run besides what providers do.
    checks: conditions that the configuration's own authors wrote, and that do not hold.
    tool: what made it, Terraform or OpenTofu.
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
