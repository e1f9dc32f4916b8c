"""What must not be possible, each with its control: the same request where it is possible, or by one who may.

Without the control a proof could hold because of a misspelt ARN, or of a request that makes no sense.
"""

from dataclasses import dataclass, replace

from tests.security.account import Account, Role
from tests.security.evaluation import Context, Question, Statement

EVERYTHING: Statement = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}
STRANGER = "999999999999"
"""An account that is not ours."""


@dataclass(frozen=True)
class Denial:
    """A request that must be refused, and one like it that must be granted.

    what: who does what, as a sentence. but: what is possible instead, in few words.
    """

    what: str
    refused: Question
    but: str
    granted: Question


@dataclass(frozen=True)
class Subject:
    """A role, as the one who asks."""

    account: Account
    role: Role

    def not_on(
        self,
        what: str,
        action: str,
        resource: str,
        *,
        but_on: str,
        but: str = "on its own",
        context: Context | None = None,
        but_context: Context | None = None,
    ) -> Denial:
        """It may do this, and not to that resource, or not in that context."""
        instead = context if but_context is None else but_context
        return Denial(
            what,
            self.account.question(self.role, action, resource, context),
            but,
            self.account.question(self.role, action, but_on, instead),
        )

    def never(self, what: str, action: str, resource: str, context: Context | None = None) -> Denial:
        """It may not do this at all; an administrator of the account may."""
        return Denial(
            what,
            self.account.question(self.role, action, resource, context),
            "an administrator may",
            administrator(self.account, action, resource, context),
        )

    def not_but(self, what: str, other: Role, action: str, resource: str) -> Denial:
        """It may not do this, and another role of the pipeline may."""
        return Denial(
            what,
            self.account.question(self.role, action, resource),
            f"the role {other.name} may",
            self.account.question(other, action, resource),
        )


def administrator(
    account: Account, action: str, resource: str, context: Context | None = None, *, name: str = "admin"
) -> Question:
    """A request by a role of this account that IAM lets do everything."""
    return account.question(_mighty(account.names.account, name), action, resource, context)


def stranger(account: Account, action: str, resource: str, context: Context | None = None) -> Question:
    """A request by a role of another account that its own IAM lets do everything."""
    return account.question(_mighty(STRANGER, "admin"), action, resource, context)


def _mighty(whose: str, name: str) -> Role:
    """A role that its account's IAM lets do everything."""
    return Role("", "", name, f"arn:aws:iam::{whose}:role/{name}", (), {"everything": (EVERYTHING,)}, None)


def service(
    account: Account, principal: str, action: str, resource: str, context: Context | None = None
) -> Question:
    """A request by an AWS service itself: resource policies alone decide."""
    return Question(
        who=principal,
        action=action,
        resource=resource,
        owner=account.names.account,
        context=context or {},
        on_resource=account.policy_on(resource),
    )


def assuming(account: Account, role: Role, principal: str, context: Context | None = None) -> Question:
    """An AWS service, or whoever is named, assumes a role: its trust policy decides."""
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
    """The request, if a permissions boundary says this."""
    return replace(question, boundary=boundary)
