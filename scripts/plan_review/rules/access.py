"""Rules about permissions: what a change of policies gives that somebody should look at twice."""

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
"""Services whose policies name the account of the resource itself, as they must."""
_NAME = "Name the actions that the work needs, and the resources."


def _gives(change: PermissionChange, *policy_kinds: PolicyKind) -> bool:
    """Whether a change gives by an Allow, in a policy of one of these kinds."""
    allows = change.statement is not None and change.statement.allows
    return change.kind.gives and allows and change.policy_kind in policy_kinds


@PermissionRule.of(
    "access.everything",
    Severity.BLOCK,
    "a whole service (s3:*), everything (*), or an administrator's policy given to somebody",
    "Whoever gets hold of it, by a bug or a leaked key, can read, change and delete all of it.",
    _NAME + " If it really must be all, acknowledge the finding.",
)
def _everything(change: PermissionChange) -> Iterator[Match]:
    name = change.attached.rpartition("/")[2]
    administers = change.kind is Kind.GAINED and name in ADMINISTRATORS
    if administers or (
        _given(change, PolicyKind.IDENTITY, PolicyKind.RESOURCE, whole=True) and not _only_delegates(change)
    ):
        yield Match(change.sentence)


def _given(change: PermissionChange, *policy_kinds: PolicyKind, whole: bool) -> PolicyStatement | None:
    """The Allow by which a change gives, if it gives a whole service, or if it does not."""
    statement = change.statement if _gives(change, *policy_kinds) else None
    return statement if statement and bool(whole_services(statement)) is whole else None


def _only_delegates(change: PermissionChange) -> bool:
    """A resource's policy that names an account leaves it to that account's own policies who may do what."""
    statement = change.statement
    if change.policy_kind is not PolicyKind.RESOURCE or statement is None:
        return False
    principals = statement.principals
    roots = not principals.but and all(each.endswith(":root") for each in principals.patterns)
    return roots or is_open(statement)


@PermissionRule.of(
    "access.public",
    Severity.BLOCK,
    "a bucket, key, repository, topic, queue or role that everybody may use without a condition",
    "Everybody means every AWS account in the world, and often people without one.",
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
    "trust in a public identity provider without saying whose tokens",
    "Every repository or user of that provider in the world can become this role.",
    "Add a condition on the token's subject (…:sub) that names the repository or the user.",
)
def _federated(change: PermissionChange) -> Iterator[Match]:
    if change.statement and _gives(change, PolicyKind.TRUST) and federates_anyone(change.statement):
        yield Match(change.sentence)


@PermissionRule.of(
    "access.escalation",
    Severity.HIGH,
    "permissions by which one can give oneself more: policies, keys, trust, passing any role",
    "Whoever has one of these has, in the end, all that the account allows.",
    _NAME + " A permissions boundary limits what can be given.",
)
def _escalation(change: PermissionChange) -> Iterator[Match]:
    if statement := _given(change, PolicyKind.IDENTITY, whole=False):
        found = escalations(statement)
        if gives(statement, "iam:passrole") and _of_all_roles(statement):
            found.append("iam:PassRole")
        if gives(statement, "sts:assumerole") and statement.resources.everything:
            found.append("sts:AssumeRole")
        if found:
            yield Match(f"{change.sentence}: a way to more ({', '.join(found)})")


def _of_all_roles(statement: PolicyStatement) -> bool:
    """Whether a statement is about every role of an account, or more."""
    scope = statement.resources
    return scope.but or any(each.endswith("*") and each.count("/") <= 1 for each in scope.patterns)


@PermissionRule.of(
    "access.pass-role",
    Severity.MEDIUM,
    "permission to pass a certain role to a service",
    "Whoever starts something with that role can do what the role may do.",
    "Add a condition on iam:PassedToService, and check what the role may do.",
)
def _pass_role(change: PermissionChange) -> Iterator[Match]:
    statement = _given(change, PolicyKind.IDENTITY, whole=False)
    if statement and gives(statement, "iam:passrole") and not _of_all_roles(statement):
        yield Match(change.sentence)


@PermissionRule.of(
    "access.full-access",
    Severity.HIGH,
    "one of AWS's managed policies that give all of a service",
    "AWS widens them whenever it adds something; they name no resource of ours.",
    _NAME,
)
def _full_access(change: PermissionChange) -> Iterator[Match]:
    name = change.attached.rpartition("/")[2]
    wide = "FullAccess" in name or name.endswith(("PowerUser", "Administrator", "Admin"))
    if change.kind is Kind.GAINED and wide and name not in ADMINISTRATORS:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.any-resource",
    Severity.LOW,
    "permission to change something on every resource",
    "It reaches what other teams and environments have in this account, too.",
    "Name the resources, unless AWS knows none for these actions.",
)
def _any_resource(change: PermissionChange) -> Iterator[Match]:
    statement = _given(change, PolicyKind.IDENTITY, whole=False)
    if statement and statement.resources.everything and not statement.conditions and writes(statement):
        yield Match(change.sentence)


@PermissionRule.of(
    "access.deny-removed",
    Severity.HIGH,
    "a denial that goes, or becomes narrower",
    "A denial is there because some Allow is too wide; that Allow now holds.",
    "Check which Allow it held back, and narrow that first.",
)
def _deny_removed(change: PermissionChange) -> Iterator[Match]:
    if change.kind.gives and change.statement and not change.statement.allows:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.loosened",
    Severity.MEDIUM,
    "a condition that is dropped or loosened",
    "What it kept out can come in now.",
    "Keep it, or say in the request why it is not needed any more.",
)
def _loosened(change: PermissionChange) -> Iterator[Match]:
    if change.statement and _gives(change, *PolicyKind) and change.kind is Kind.WIDENED:
        conditions = change.statement.conditions
        if any(each.conditions != conditions for each in change.before):
            yield Match(change.sentence)


@PermissionRule.of(
    "access.trust",
    Severity.HIGH,
    "a role that exists and can be assumed by somebody new",
    "Who is trusted newly can do all that the role may do, not only what they need.",
    "Make a role of its own with what they need.",
)
def _trust(change: PermissionChange) -> Iterator[Match]:
    if _gives(change, PolicyKind.TRUST) and not change.new:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.other-account",
    Severity.HIGH,
    "another AWS account that is let in",
    "Who may do what is decided over there from now on.",
    "Check whose account it is; name a role there, and ask for an external id.",
)
def _foreign(change: PermissionChange) -> Iterator[Match]:
    if not _gives(change, PolicyKind.TRUST, PolicyKind.RESOURCE) or not change.foreign:
        return
    named = ", ".join(change.foreign)
    if change.home_known:
        yield Match(f"{change.sentence} (account {named} is not this one)")
    elif change.statement and set(whole_services(change.statement)) - _NAMES_ITS_OWN:
        yield Match(f"{change.sentence} (nobody can tell from the plan whether {named} is this account)")


@PermissionRule.of(
    "access.boundary",
    Severity.HIGH,
    "a permissions boundary that is taken off or exchanged",
    "All that policies give beyond it holds from now on.",
    "Leave it on; change the policy that needs more.",
)
def _boundary(change: PermissionChange) -> Iterator[Match]:
    if change.policy_kind is PolicyKind.ATTACHMENT and change.kind is Kind.WIDENED:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.unknown",
    Severity.BLOCK,
    "a policy of somebody who exists already that is unknown, unreadable or hidden, also in part",
    "It may give anything, and this review cannot say what; it is decided while applying.",
    "Write ARNs out by name, or with aws_iam_policy_document; or read the code, and acknowledge it.",
)
def _unknown(change: PermissionChange) -> Iterator[Match]:
    if change.kind is Kind.UNKNOWN and not change.new:
        yield Match(change.sentence)


@PermissionRule.of(
    "access.unknown-new",
    Severity.HIGH,
    "a policy of somebody who is new that is unknown, unreadable or hidden, also in part",
    "It may give anything, and this review cannot say what.",
    "Read it in the code; with ARNs by name, or aws_iam_policy_document, it can be reviewed here.",
)
def _unknown_new(change: PermissionChange) -> Iterator[Match]:
    if change.kind is Kind.UNKNOWN and change.new:
        yield Match(change.sentence)


@ChangeRule.of(
    "access.long-lived-key",
    Severity.MEDIUM,
    "a password or access key that works until somebody takes it away",
    "It ends up in a state file, in a laptop's configuration, in a log; nobody notices who uses it.",
    "Use a role: OIDC for CI, IAM Identity Center for people, instance roles for machines.",
    types=_GIVES_KEYS,
)
def _keys(change: ResourceChange) -> Iterator[Match]:
    if change.action is Action.CREATE or change.action.replaces:
        yield Match("A password or key is made that works until somebody takes it away")
