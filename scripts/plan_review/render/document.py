"""The JSON document of a review; docs/schemas/review.schema.json is generated from it (make docs/schema).

A value of the plan is any JSON; {"$hidden": what} represents a secret, {"$unknown": true} a value that is
known only after apply.
"""

from typing import Literal

from typing_extensions import TypedDict  # pydantic requires this one before Python 3.12

from plan_review.counts import Counts
from plan_review.finding import Severity
from plan_review.iam.permission_change import Kind
from plan_review.plan import Action, Path


class DifferenceDocument(TypedDict):
    """One place where before and after differ."""

    path: Path
    """Names and list indexes, from the resource's attribute on."""
    before: object
    """The value before; null if there is none."""
    after: object
    """The value after; null if there is none."""
    forces_replacement: bool
    """Whether this difference forces a replacement."""


class ChangeDocument(TypedDict):
    """What would happen to one resource or, as drift, has happened outside Terraform."""

    address: str
    """Terraform's address."""
    construct: str
    """The construct's path; empty if there is none."""
    mode: Literal["managed", "data"]
    """managed, or data for a data source."""
    type: str
    """The resource's type."""
    provider: str
    """The provider's address."""
    action: Action
    """What Terraform would do to it."""
    reason: str
    """Terraform's action_reason; may be empty."""
    deposed: str
    """Set if an unfinished replacement left it behind."""
    previous_address: str
    """Its previous address if it moves; otherwise empty."""
    imported: str
    """The id by which it is imported; empty if it is not imported."""
    differences: list[DifferenceDocument]
    """What differs."""


class OutputDocument(TypedDict):
    """What would happen to an output of the stack."""

    name: str
    """The output's name."""
    action: Action
    """What Terraform would do to it."""
    before: object
    """The value before; null if there is none."""
    after: object
    """The value after; null if there is none."""


class StackDocument(TypedDict):
    """One stack's plan."""

    name: str
    """The stack."""
    terraform_version: str
    """The version of Terraform that made the plan."""
    format_version: str
    """The version of Terraform's JSON format."""
    complete: bool
    """False if further plans are needed after applying it."""
    counts: Counts
    """The number of resources by action."""
    changes: list[ChangeDocument]
    """The resources that would change."""
    drift: list[ChangeDocument]
    """The resources that changed outside Terraform."""
    outputs: list[OutputDocument]
    """The stack's outputs that would change."""


class AcknowledgedDocument(TypedDict):
    """An acknowledgement in review.toml."""

    reason: str
    """Why the finding may pass."""
    expires: str
    """The last day on which the acknowledgement is valid: YYYY-MM-DD."""


class FindingDocument(TypedDict):
    """A finding of a rule about one resource, or about a plan."""

    rule: str
    """The rule's id, as review.toml names it."""
    severity: Severity
    """The severity."""
    blocks: bool
    """Whether it blocks, because it is not acknowledged."""
    stack: str
    """The stack."""
    address: str
    """Terraform's address; empty if it is about no resource."""
    construct: str
    """The construct's path; empty if there is none."""
    what: str
    """What was found."""
    why: str
    """Why it matters."""
    answer: str
    """What to do about it."""
    differences: list[DifferenceDocument]
    """The attributes that it is about; empty if ``what`` says everything."""
    acknowledged: AcknowledgedDocument | None
    """The acknowledgement of the finding; null if there is none."""


class PermissionDocument(TypedDict):
    """A permission that changes."""

    kind: Kind
    """What happens to it."""
    stack: str
    """The stack."""
    address: str
    """The policy's address in Terraform."""
    construct: str
    """The construct's path; empty if there is none."""
    who: str
    """The principal."""
    sentence: str
    """What the principal may do, or may no longer do."""
    new: bool
    """Whether the principal is created by this plan."""


class ReviewDocument(TypedDict):
    """A review of Terraform plans, as ``slipway review --format json`` writes it."""

    version: Literal[2]
    """Another number means that fields have changed."""
    status: Literal["nothing", "changes", "blocked"]
    """The exit code of the command: 0, 2, 3."""
    verdict: str
    """The verdict in one line."""
    blocked: bool
    """Whether a finding blocks and is not acknowledged."""
    stacks: list[StackDocument]
    """The stacks under review."""
    findings: list[FindingDocument]
    """Findings about what applying would do: the worst first, acknowledged ones last."""
    drift_findings: list[FindingDocument]
    """Findings about changes made outside Terraform; in the same order."""
    unjudged_types: dict[str, int]
    """The types of changed resources that no rule covers, with their numbers."""
    permissions: list[PermissionDocument]
    """The permissions that change; gained ones first."""
    expected: dict[str, object]
    """The data that --expect compares; not intended for other programs."""
