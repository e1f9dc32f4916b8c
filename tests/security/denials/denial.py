"""Requests that must be denied, each with its control: a similar request that is allowed.

Without the control a request could be denied because of a misspelt ARN, or because it makes no sense.
"""

from dataclasses import dataclass, replace

from tests.security.account import Account, Role
from tests.security.evaluation import Context, Question, Statement

EVERYTHING: Statement = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}
STRANGER = "999999999999"
"""Another account."""


@dataclass(frozen=True)
class Denial:
    """A request that must be denied, and a similar one that must be allowed.

    what: the denied request, as a sentence. but: the allowed request, in a few words.
    """

    what: str
    refused: Question
    but: str
    granted: Question


@dataclass(frozen=True)
class Subject:
    """A role that makes requests."""

    account: Account
    role: Role

    def not_on(
        self,
        what: str,
        action: str,
        resource: str,
        *,
        but_on: str,
        but: str = "the same on its own resource",
        context: Context | None = None,
        but_context: Context | None = None,
    ) -> Denial:
        """The role is denied this request, but allowed it on another resource or in another context."""
        instead = context if but_context is None else but_context
        return Denial(
            what,
            self.account.question(self.role, action, resource, context),
            but,
            self.account.question(self.role, action, but_on, instead),
        )

    def never(self, what: str, action: str, resource: str, context: Context | None = None) -> Denial:
        """The role is denied this request; an administrator of the account is allowed it."""
        return Denial(
            what,
            self.account.question(self.role, action, resource, context),
            "the same by an administrator",
            administrator(self.account, action, resource, context),
        )

    def not_but(self, what: str, other: Role, action: str, resource: str) -> Denial:
        """The role is denied this request; another role of the pipeline is allowed it."""
        return Denial(
            what,
            self.account.question(self.role, action, resource),
            f"the same by the role {other.name}",
            self.account.question(other, action, resource),
        )


def administrator(
    account: Account, action: str, resource: str, context: Context | None = None, *, name: str = "admin"
) -> Question:
    """A request of a role in this account with all permissions."""
    return account.question(_mighty(account.names.account, name), action, resource, context)


def stranger(account: Account, action: str, resource: str, context: Context | None = None) -> Question:
    """A request of a role in another account with all permissions."""
    return account.question(_mighty(STRANGER, "admin"), action, resource, context)


def _mighty(whose: str, name: str) -> Role:
    """A role with all permissions in its account."""
    return Role("", "", name, f"arn:aws:iam::{whose}:role/{name}", (), {"everything": (EVERYTHING,)}, None)


def service(
    account: Account, principal: str, action: str, resource: str, context: Context | None = None
) -> Question:
    """A request of an AWS service: only resource policies decide."""
    return Question(
        who=principal,
        action=action,
        resource=resource,
        owner=account.names.account,
        context=context or {},
        on_resource=account.policy_on(resource),
    )


def assuming(account: Account, role: Role, principal: str, context: Context | None = None) -> Question:
    """An AWS service or another principal assumes a role: its trust policy decides."""
    return Question(
        who=principal,
        action="sts:AssumeRole",
        resource=role.arn,
        owner=account.names.account,
        context=context or {},
        identity=() if principal.endswith(".amazonaws.com") else (EVERYTHING,),
        on_resource=role.trust,
    )


def with_token(role: Role, provider: str, subject: str, audience: str = "sts.amazonaws.com") -> Question:
    """A token of an OIDC provider is exchanged for credentials of a role."""
    issuer = provider.partition("oidc-provider/")[2]
    return Question(
        who=provider,
        action="sts:AssumeRoleWithWebIdentity",
        resource=role.arn,
        owner=role.arn.split(":")[4],
        context={f"{issuer}:sub": subject, f"{issuer}:aud": audience},
        on_resource=role.trust,
    )


def bounded(question: Question, *boundary: Statement) -> Question:
    """The same request with this permissions boundary."""
    return replace(question, boundary=boundary)
