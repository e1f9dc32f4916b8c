"""Permission changes as sentences: what a principal may do after the change, or no longer."""

from dataclasses import dataclass
from enum import StrEnum

from plan_review.iam.statement import PolicyStatement


class Kind(StrEnum):
    """What happens to a permission; the worst first."""

    GAINED = "gained"
    WIDENED = "widened"
    UNKNOWN = "unknown"
    NARROWED = "narrowed"
    LOST = "lost"

    @property
    def gives(self) -> bool:
        """Whether a principal gains permissions."""
        return self in {Kind.GAINED, Kind.WIDENED}


class PolicyKind(StrEnum):
    """What a policy is attached to, which determines its sentence."""

    IDENTITY = "identity"
    """An identity's policy: what a role, user or group may do."""
    TRUST = "trust"
    """A trust policy: who may assume a role."""
    RESOURCE = "resource"
    """A policy of a bucket, key, repository, topic …: who may do what with it."""
    ENDPOINT = "endpoint"
    """A policy of an endpoint, whose targets have policies of their own."""
    ATTACHMENT = "attachment"
    """A managed policy, a boundary, a group: only its name is known."""


@dataclass(frozen=True)
class PermissionChange:
    """One sentence about one policy's change, such as “role build may now also s3:DeleteObject on …”.

    The text is not escaped: rendering does that. who: the principal, the first words of the sentence.
    statement: what it is about, None if no policy shows it. before: what a wider permission replaces.
    attached: the ARN or name of a managed policy. new: whether ``who`` is created by this plan. foreign:
    other AWS accounts that gain access; if home_known is False, the plan does not show which account is its
    own.
    """

    kind: Kind
    stack: str
    address: str
    construct: str
    who: str
    sentence: str
    policy_kind: PolicyKind = PolicyKind.IDENTITY
    statement: PolicyStatement | None = None
    before: tuple[PolicyStatement, ...] = ()
    attached: str = ""
    new: bool = False
    foreign: tuple[str, ...] = ()
    home_known: bool = True

    @property
    def rank(self) -> tuple[object, ...]:
        """The order: gained permissions first, then in a fixed order."""
        return (list(Kind).index(self.kind), self.stack, self.sentence, self.address)
