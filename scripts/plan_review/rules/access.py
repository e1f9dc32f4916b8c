"""Rules about permissions: policy changes that a reviewer should check."""

from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.iam.permission_change import Kind, PermissionChange, PolicyKind
from plan_review.iam.statement import PolicyStatement
from plan_review.plan import Action, ResourceChange
from plan_review.rules.risky_permissions import (
    ADMINISTRATORS,
    escalations,
    federates_anyone,
    gives,
    is_open,
    whole_services,
    writes,
)
from plan_review.rules.rule import ChangeRule, Match, PermissionRule

_GIVES_KEYS = (
    *("aws_iam_access_key", "aws_iam_user_login_profile", "aws_iam_service_specific_credential"),
    *("google_service_account_key", "azuread_application_password", "azuread_service_principal_password"),
)
_NAMES_ITS_OWN = {"kms"}
"""Services whose policies must name the account of the resource itself."""


def _gives(change: PermissionChange, *policy_kinds: PolicyKind) -> bool:
    """Whether a change grants by an Allow in a policy of one of these kinds."""
    allows = change.statement is not None and change.statement.allows
    return change.kind.gives and allows and change.policy_kind in policy_kinds


@PermissionRule.of(
    "access.everything",
    Severity.BLOCK,
    "full access to a service (s3:*), to everything (*), or an administrator policy",
    "Whoever obtains the credentials, through a bug or a leaked key, can read, change and delete all of it.",
    "Allow only the actions and resources that are needed. If full access is really required, "
    "acknowledge the finding.",
)
def _everything(change: PermissionChange) -> Iterator[Match]:
    name = change.attached.rpartition("/")[2]
    administers = change.kind is Kind.GAINED and name in ADMINISTRATORS
    if administers or (
        _given(change, PolicyKind.IDENTITY, PolicyKind.RESOURCE, whole=True) and not _only_delegates(change)
    ):
        yield Match(change.sentence)


def _given(change: PermissionChange, *policy_kinds: PolicyKind, whole: bool) -> PolicyStatement | None:
    """The Allow by which a change grants; whole: whether it has to grant a whole service, or must not."""
    statement = change.statement if _gives(change, *policy_kinds) else None
    return statement if statement and bool(whole_services(statement)) is whole else None


def _only_delegates(change: PermissionChange) -> bool:
    """Whether a resource's policy names only an account, whose own policies then decide."""
    statement = change.statement
    if change.policy_kind is not PolicyKind.RESOURCE or statement is None:
        return False
    principals = statement.principals
    roots = not principals.but and all(pattern.endswith(":root") for pattern in principals.patterns)
    return roots or is_open(statement)


@PermissionRule.of(
    "access.public",
    Severity.BLOCK,
    "a bucket, key, repository, topic, queue or role that everybody can use without a condition",
    "Everybody means every AWS account in the world, and often also people without an account.",
    "Name the principals, or add a condition such as aws:PrincipalOrgID or aws:SourceAccount.",
)
def _public(change: PermissionChange) -> Iterator[Match]:
    if (
        change.statement
        and _gives(change, PolicyKind.RESOURCE, PolicyKind.TRUST)
        and is_open(change.statement)
    ):
        yield Match(change.sentence)


@PermissionRule.of(
    "access.federated-anyone",
    Severity.BLOCK,
    "trust in a public identity provider without a condition on the subject",
    "Every repository or user of that provider in the world can assume this role.",
    "Add a condition on the subject of the token (…:sub) that names the repository or the user.",
)
def _federated(change: PermissionChange) -> Iterator[Match]:
    if change.statement and _gives(change, PolicyKind.TRUST) and federates_anyone(change.statement):
        yield Match(change.sentence)


@PermissionRule.of(
    "access.escalation",
    Severity.HIGH,
    "permissions that can be used to gain more permissions: policies, keys, trust, passing any role",
    "Whoever has one of these permissions can obtain every permission in the account.",
    "Allow only the actions and resources that are needed. A permissions boundary limits what can be "
    "granted.",
)
def _escalation(change: PermissionChange) -> Iterator[Match]:
    if statement := _given(change, PolicyKind.IDENTITY, whole=False):
        found = escalations(statement)
        if gives(statement, "iam:passrole") and _of_all_roles(statement):
            found.append("iam:PassRole")
        if gives(statement, "sts:assumerole") and statement.resources.everything:
            found.append("sts:AssumeRole")
        if found:
            yield Match(f"{change.sentence}: can be used to gain more permissions ({', '.join(found)})")


def _of_all_roles(statement: PolicyStatement) -> bool:
    """Whether a statement is about every role of an account, or more."""
    scope = statement.resources
    return scope.but or any(pattern.endswith("*") and pattern.count("/") <= 1 for pattern in scope.patterns)


@PermissionRule.of(
    "access.pass-role",
    Severity.MEDIUM,
    "permission to pass a specific role to a service",
    "Whoever starts a service with that role can do everything that the role allows.",
    "Add a condition on iam:PassedToService, and check what the role allows.",
)
def _pass_role(change: PermissionChange) -> Iterator[Match]:
    statement = _given(change, PolicyKind.IDENTITY, whole=False)
    if statement and gives(statement, "iam:passrole") and not _of_all_roles(statement):
        yield Match(change.sentence)


@PermissionRule.of(
    "access.full-access",
    Severity.HIGH,
    "a managed policy of AWS that allows everything in a service",
    "AWS extends these policies whenever it adds features, and they are not limited to your resources.",
    "Allow only the actions and resources that are needed.",
)
def _full_access(change: PermissionChange) -> Iterator[Match]:
    name = change.attached.rpartition("/")[2]
    wide = "FullAccess" in name or name.endswith(("PowerUser", "Administrator", "Admin"))
    if change.kind is Kind.GAINED and wide and name not in ADMINISTRATORS:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.any-resource",
    Severity.LOW,
    "permission to change every resource of a kind",
    "It includes the resources of other teams and environments in this account.",
    "Name the resources, unless AWS supports none for these actions.",
)
def _any_resource(change: PermissionChange) -> Iterator[Match]:
    statement = _given(change, PolicyKind.IDENTITY, whole=False)
    if statement and statement.resources.everything and not statement.conditions and writes(statement):
        yield Match(change.sentence)


@PermissionRule.of(
    "access.deny-removed",
    Severity.HIGH,
    "a Deny statement that is removed or narrowed",
    "A Deny limits an Allow that is too broad. That Allow now applies.",
    "Find the Allow that it limited, and narrow that one first.",
)
def _deny_removed(change: PermissionChange) -> Iterator[Match]:
    if change.kind.gives and change.statement and not change.statement.allows:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.loosened",
    Severity.MEDIUM,
    "a condition that is removed or relaxed",
    "Requests that the condition rejected are now allowed.",
    "Keep it, or explain in the pull request why it is no longer needed.",
)
def _loosened(change: PermissionChange) -> Iterator[Match]:
    if change.statement and _gives(change, *PolicyKind) and change.kind is Kind.WIDENED:
        conditions = change.statement.conditions
        if any(statement.conditions != conditions for statement in change.before):
            yield Match(change.sentence)


@PermissionRule.of(
    "access.trust",
    Severity.HIGH,
    "an existing role that additional principals can assume",
    "The new principals get all permissions of the role, not only those that they need.",
    "Create a separate role with the permissions that they need.",
)
def _trust(change: PermissionChange) -> Iterator[Match]:
    if _gives(change, PolicyKind.TRUST) and not change.new:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.other-account",
    Severity.HIGH,
    "another AWS account that gets access",
    "From now on, the other account decides who has access.",
    "Check who owns the account. Name a role in it, and require an external id.",
)
def _foreign(change: PermissionChange) -> Iterator[Match]:
    if not _gives(change, PolicyKind.TRUST, PolicyKind.RESOURCE) or not change.foreign:
        return
    named = ", ".join(change.foreign)
    if change.home_known:
        yield Match(f"{change.sentence} (account {named} is not the plan's account)")
    elif change.statement and set(whole_services(change.statement)) - _NAMES_ITS_OWN:
        yield Match(f"{change.sentence} (the plan does not show whether {named} is its own account)")


@PermissionRule.of(
    "access.boundary",
    Severity.HIGH,
    "a permissions boundary that is removed or replaced",
    "Permissions that the boundary blocked become effective.",
    "Keep the boundary, and change the policy that needs more.",
)
def _boundary(change: PermissionChange) -> Iterator[Match]:
    if change.policy_kind is PolicyKind.ATTACHMENT and change.kind is Kind.WIDENED:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.unknown",
    Severity.BLOCK,
    "a changed policy of an existing principal that is unknown, unreadable or hidden, at least in part",
    "It may grant anything; it is decided during apply, and this review cannot show it.",
    "Write ARNs out, or use aws_iam_policy_document. Or read the code, and acknowledge the finding.",
)
def _unknown(change: PermissionChange) -> Iterator[Match]:
    if change.kind is Kind.UNKNOWN and not change.new:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.unknown-new",
    Severity.HIGH,
    "a policy of a new principal that is unknown, unreadable or hidden, at least in part",
    "It may grant anything, and this review cannot show it.",
    "Read it in the code. With ARNs written out, or with aws_iam_policy_document, the review can show it.",
)
def _unknown_new(change: PermissionChange) -> Iterator[Match]:
    if change.kind is Kind.UNKNOWN and change.new:
        yield Match(change.sentence)


@ChangeRule.of(
    "access.long-lived-key",
    Severity.MEDIUM,
    "a password or access key without an expiry date",
    "Such keys end up in state files, on laptops and in logs, and misuse is hard to notice.",
    "Use a role: OIDC for CI, IAM Identity Center for people, instance roles for machines.",
    types=_GIVES_KEYS,
)
def _keys(change: ResourceChange) -> Iterator[Match]:
    if change.action is Action.CREATE or change.action.replaces:
        yield Match("A password or key without an expiry date is created")
