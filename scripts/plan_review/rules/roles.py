"""Rules about the role with which something runs, and about built-in roles of administrators."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from plan_review.difference import differences
from plan_review.finding import Severity
from plan_review.plan import UNKNOWN, ResourceChange
from plan_review.rules.attributes import first, present, shown, stays, values
from plan_review.rules.flags import ON, flags, turned
from plan_review.rules.rule import ChangeRule, Match

_ROLES = (
    *("role", "role_arn", "iam_role", "iam_role_arn", "iam_instance_profile", "iam_instance_profile.name"),
    *("iam_instance_profile.arn", "task_role_arn", "execution_role_arn", "execution_role", "service_role"),
    *("service_role_arn", "node_role_arn", "job_role_arn", "service_account", "service_account_email"),
    *("service_account.email", "template.service_account", "identity.identity_ids"),
    "spec.template.spec.service_account_name",
)
_NOT_RUN = re.compile(
    r"aws_iam_\w+|google_\w+_iam_\w+|google_project_service\w*|\w+_role_assignment|vault_\w+"
)
_EVERY_PATH = re.compile(r'path\s+"\*"\s*\{[^}]*"(?:sudo|update|create)"')
_SIGN_IN = (
    *flags({"Signing in no longer takes a second factor": "mfa_configuration"}, wrong=("OFF",)),
    *flags({"A second factor is only offered": "mfa_configuration"}, wrong=("OPTIONAL",)),
    *flags(
        {"Everybody can sign up": "admin_create_user_config.allow_admin_create_user_only"},
        wrong=(False,),
        types=("aws_cognito_user_pool",),
    ),
    *flags(
        {"Attempts with stolen passwords are no longer noticed": "user_pool_add_ons.advanced_security_mode"},
        wrong=("OFF",),
    ),
    *flags({"Whoever is not signed in gets a role": "allow_unauthenticated_identities"}, wrong=ON),
)
_GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
"""learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference"""


@ChangeRule.of(
    "access.role-exchanged",
    Severity.HIGH,
    "a different role, instance profile or service account for a workload",
    "The workload gets all permissions of the other role, whatever policies this plan changes.",
    "Check what the new role allows, and why the old one is not sufficient.",
    paths=_ROLES,
)
def _exchanged(change: ResourceChange) -> Iterator[Match]:
    if not stays(change) or _NOT_RUN.fullmatch(change.type):
        return
    for path in present(change, _ROLES):
        before, after = first(change.before, path), first(change.after, path)
        if before is None or after is None or before == after or before is UNKNOWN:
            continue
        yield Match(f"It runs as another role ({path}: {shown(before)} → {shown(after)})", path=path)


def _azure_role(change: ResourceChange) -> bool:
    return "*" in values(change.after, "permissions.actions")


def _entra_role(change: ResourceChange) -> bool:
    return first(change.after, "role_id") == _GLOBAL_ADMINISTRATOR


def _kubernetes_role(change: ResourceChange) -> bool:
    rules = values(change.after, "rule")
    return any("*" in values(rule, "resources") and "*" in values(rule, "verbs") for rule in rules)


def _kubernetes_binding(change: ResourceChange) -> bool:
    return first(change.after, "role_ref.name") == "cluster-admin"


def _okta_role(change: ResourceChange) -> bool:
    found = [*values(change.after, "role_type"), *values(change.after, "admin_roles")]
    return any(name in ("SUPER_ADMIN", "ORG_ADMIN") for name in found)


def _vault_policy(change: ResourceChange) -> bool:
    text = first(change.after, "policy")
    return (
        isinstance(text, str)
        and re.search(r'path\s+"\*"\s*\{[^}]*"(?:sudo|update|create)"', text) is not None
    )


def _member(change: ResourceChange) -> bool:
    granted = [first(change.after, name) for name in ("permission", "role", "access_level", "group_access")]
    return any(role in ("admin", "owner", "maintain", "maintainer") for role in granted)


_ADMINISTERS: dict[str, Callable[[ResourceChange], bool]] = {
    "azurerm_role_definition": _azure_role,
    "azuread_directory_role_assignment": _entra_role,
    "kubernetes_cluster_role": _kubernetes_role,
    "kubernetes_cluster_role_v1": _kubernetes_role,
    "kubernetes_cluster_role_binding": _kubernetes_binding,
    "kubernetes_cluster_role_binding_v1": _kubernetes_binding,
    "kubernetes_role_binding": _kubernetes_binding,
    "kubernetes_role_binding_v1": _kubernetes_binding,
    "okta_group_role": _okta_role,
    "okta_user_admin_roles": _okta_role,
    "vault_policy": _vault_policy,
    "github_repository_collaborator": _member,
    "github_team_repository": _member,
    "github_membership": _member,
    "gitlab_project_membership": _member,
    "gitlab_group_membership": _member,
}


@ChangeRule.of(
    "access.administrator",
    Severity.BLOCK,
    "an administrator role, or a role that allows everything, outside policy documents",
    "Whoever obtains it can read, change and delete everything, and grant access to others.",
    "Grant what is needed. If full access is really required, acknowledge the finding.",
    types=_ADMINISTERS,
)
def _administrator(change: ResourceChange) -> Iterator[Match]:
    looks = _ADMINISTERS[change.type]
    if change.after is not None and looks(change):
        yield Match("It gives an administrator's role, or everything", differences(change))


_sign_in = ChangeRule(
    "access.sign-in",
    Severity.HIGH,
    "sign-in with weaker requirements than before, or open to everybody",
    "A stolen password is enough, or unknown users can register.",
    "Leave it as it is. If it has to change, name its replacement in the pull request.",
    partial(turned, flags=_SIGN_IN),
)
