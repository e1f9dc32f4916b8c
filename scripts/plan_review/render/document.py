"""What a review holds as JSON: docs/schemas/review.schema.json is generated from these (make docs/schema).

A value of the plan is any JSON; {"$hidden": what} stands for a secret, {"$unknown": true} for what is known
only after apply.
"""

from typing import Literal

from typing_extensions import TypedDict  # before Python 3.12, pydantic reads no other

from plan_review.counts import Counts
from plan_review.finding import Severity
from plan_review.iam.permission_change import Kind
from plan_review.plan import Action, Path


class DifferenceDocument(TypedDict):
    """One place where before and after are not the same."""

    path: Path
    """Names and places in lists, from the resource's attributes on."""
    before: object
    """The value before; null where there is none."""
    after: object
    """The value after; null where there is none."""
    forces_replacement: bool
    """Whether this is why the resource is replaced."""


class ChangeDocument(TypedDict):
    """What would happen to one resource or, as drift, did happen to it outside Terraform."""

    address: str
    """Terraform's address."""
    construct: str
    """The construct's path; empty where there is none."""
    mode: Literal["managed", "data"]
    """Whether Terraform manages it, or only reads it."""
    type: str
    """The resource's type."""
    provider: str
    """The provider's address."""
    action: Action
    """What Terraform would do to it."""
    reason: str
    """Terraform's action_reason; may be empty."""
    deposed: str
    """Set if it is what an unfinished replacement left."""
    previous_address: str
    """Its address until now, if it moved; empty if not."""
    imported: str
    """The id that it is imported by; empty if it is not imported."""
    differences: list[DifferenceDocument]
    """What differs."""


class OutputDocument(TypedDict):
    """What would happen to an output of the stack."""

    name: str
    """The output's name."""
    action: Action
    """What Terraform would do to it."""
    before: object
    """The value before; null where there is none."""
    after: object
    """The value after; null where there is none."""


class StackDocument(TypedDict):
    """What the JSON document holds of one stack's plan."""

    name: str
    """The stack."""
    terraform_version: str
    """The Terraform that planned it."""
    format_version: str
    """The version of Terraform's JSON format."""
    complete: bool
    """Whether nothing would be left to plan again."""
    counts: Counts
    """How much the plan would do."""
    changes: list[ChangeDocument]
    """What would change."""
    drift: list[ChangeDocument]
    """What changed outside Terraform."""
    outputs: list[OutputDocument]
    """The stack's outputs that would change."""


class AcknowledgedDocument(TypedDict):
    """An exception in review.toml."""

    reason: str
    """Why the finding may pass."""
    expires: str
    """The last day on which it may: YYYY-MM-DD."""


class FindingDocument(TypedDict):
    """What a rule says about one resource, or about a plan."""

    rule: str
    """The rule's id, as review.toml names it."""
    severity: Severity
    """How bad it is."""
    blocks: bool
    """Whether it blocks, and nobody acknowledged it."""
    stack: str
    """The stack."""
    address: str
    """Terraform's address; empty if it is about no resource."""
    construct: str
    """The construct's path; empty where there is none."""
    what: str
    """What was found."""
    why: str
    """Why it matters."""
    answer: str
    """What to do about it."""
    differences: list[DifferenceDocument]
    """The attributes that it is about; none where ``what`` says it all."""
    acknowledged: AcknowledgedDocument | None
    """The exception that lets it pass; null where there is none."""


class PermissionDocument(TypedDict):
    """A permission that changes."""

    kind: Kind
    """What becomes of it."""
    stack: str
    """The stack."""
    address: str
    """The policy's address in Terraform."""
    construct: str
    """The construct's path; empty where there is none."""
    who: str
    """Whose permission it is."""
    sentence: str
    """What they may do, or no longer do."""
    new: bool
    """Whether whoever gains it is made by this plan."""


class ReviewDocument(TypedDict):
    """A review of Terraform plans, as ``slipway review --format json`` writes it."""

    version: Literal[2]
    """Another number means that fields have changed."""
    status: Literal["nothing", "changes", "blocked"]
    """What the command exits with: 0, 2, 3."""
    verdict: str
    """One line for people."""
    blocked: bool
    """Whether a finding blocks that nobody acknowledged."""
    stacks: list[StackDocument]
    """The stacks that were planned."""
    findings: list[FindingDocument]
    """What is risky in what applying would do: the worst first, acknowledged ones last."""
    drift_findings: list[FindingDocument]
    """What is risky in what somebody changed outside Terraform; in the same order."""
    unjudged_types: dict[str, int]
    """The types of changed resources that no rule knows, with how many there are of each."""
    permissions: list[PermissionDocument]
    """The permissions that change, those that are gained first."""
    expected: dict[str, object]
    """What --expect compares; not for other programs."""
