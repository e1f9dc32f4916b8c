"""Permission changes as sentences: what a principal may do after the change, or no longer."""

from dataclasses import dataclass
from enum import StrEnum

from plan_review.iam.statement import PolicyStatement


class Kind(StrEnum):
    """What becomes of a permission; the worst first."""

    GAINED = "gained"
    WIDENED = "widened"
    UNKNOWN = "unknown"
    NARROWED = "narrowed"
    LOST = "lost"

    @property
    def gives(self) -> bool:
        """Whether somebody may do more than before."""
        return self in {Kind.GAINED, Kind.WIDENED}


class PolicyKind(StrEnum):
    """What a policy is attached to, and so how it reads."""

    IDENTITY = "identity"
    """A role, user or group: what it may do."""
    TRUST = "trust"
    """A role: who may assume it."""
    RESOURCE = "resource"
    """A bucket, key, repository, topic …: whom it lets do what."""
    ENDPOINT = "endpoint"
    """A way to other resources, which are guarded by their own policies too."""
    ATTACHMENT = "attachment"
    """A managed policy, a boundary, a group: named, not spelled out."""


@dataclass(frozen=True)
class PermissionChange:
    """One sentence about one policy's change, such as “role build may now also s3:DeleteObject on …”.

    The text is plain: whoever renders it escapes it. who: whose permissions they are, the first words of
    the sentence. statement: what it is about, None where no policy spells it out. before: what a wider
    permission takes the place of. attached: the ARN or name of a managed policy. new: whether ``who`` is
    created by this plan. foreign: other AWS accounts that are let in; where home_known is False, nobody
    can tell from the plan which account is its own.
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
        """Who gains first; never by chance."""
        return (list(Kind).index(self.kind), self.stack, self.sentence, self.address)
