"""Permissions without policy documents, as statements: Lambda's, Google's and Azure's."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plan_review.iam.condition import Condition
from plan_review.iam.pattern_set import EVERYTHING, PatternSet
from plan_review.iam.statement import PolicyStatement
from plan_review.plan import UNKNOWN, Value

Side = dict[str, Value]
# learn.microsoft.com/azure/role-based-access-control/built-in-roles
_AZURE_ROLES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
}
_EVERYBODY = ("allUsers", "allAuthenticatedUsers")


@dataclass(frozen=True)
class GrantType:
    """How a type of resource grants permissions. noun, owner: the target, and the attribute naming it."""

    noun: str
    owner: str
    read: Callable[[Side], Iterator[PolicyStatement]]
    decides: tuple[tuple[str, ...], ...] = ()
    """Groups of attributes; if none of a group is known, the grant is unknown."""

    def is_unknown(self, side: Side) -> bool:
        """Whether the permission, or all its principals, are known only after apply."""
        return any(
            any(side.get(attribute) is UNKNOWN for attribute in group)
            and not any(side.get(attribute) not in (None, "", UNKNOWN) for attribute in group)
            for group in self.decides
        )


def _lambda(side: Side) -> Iterator[PolicyStatement]:
    who = str(side.get("principal"))
    kind = "Service" if who.endswith(".amazonaws.com") else "AWS"
    limits = {
        "source_arn": ("ArnLike", "aws:SourceArn"),
        "source_account": ("StringEquals", "aws:SourceAccount"),
        "principal_org_id": ("StringEquals", "aws:PrincipalOrgID"),
    }
    clauses = {
        Condition(operator, key, frozenset([str(side[name])]))
        for name, (operator, key) in limits.items()
        if side.get(name)
    }
    principal = PatternSet(("*" if who == "*" else f"{kind}:{who}",))
    yield PolicyStatement(
        True, PatternSet((str(side.get("action")),)), EVERYTHING, principal, frozenset(clauses)
    )


def _google(side: Side) -> Iterator[PolicyStatement]:
    members = side.get("members", side.get("member"))
    listed = members if isinstance(members, list) else [members]
    yield _binding(str(side.get("role")), [str(member) for member in listed], side.get("condition"))


def _google_policy(side: Side) -> Iterator[PolicyStatement]:
    text = side.get("policy_data")
    try:
        policy = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        policy = {}
    bindings = policy.get("bindings") if isinstance(policy, dict) else None
    for binding in bindings if isinstance(bindings, list) else ():
        if isinstance(binding, dict) and isinstance(binding.get("members"), list):
            members = [str(member) for member in binding["members"]]
            yield _binding(str(binding.get("role")), members, binding.get("condition"))


def _binding(role: str, members: list[str], condition: Value) -> PolicyStatement:
    principals = {"*" if member in _EVERYBODY else member for member in members}
    clauses = frozenset([Condition("is", "condition", frozenset([str(condition)]))] if condition else [])
    return PolicyStatement(
        True, PatternSet((role,)), EVERYTHING, PatternSet(tuple(sorted(principals))), clauses
    )


def _azure_role(side: Side) -> Iterator[PolicyStatement]:
    identifier = side.get("role_definition_id")
    known = _AZURE_ROLES.get(identifier.rpartition("/")[2].lower()) if isinstance(identifier, str) else None
    names = (side.get("role_definition_name"), known, identifier)
    role = next((name for name in names if name and name is not UNKNOWN), UNKNOWN)
    principal = PatternSet((f"principal {side.get('principal_id')}",))
    yield PolicyStatement(True, PatternSet((str(role),)), EVERYTHING, principal, frozenset())


def _azure_vault(side: Side) -> Iterator[PolicyStatement]:
    actions = []
    for kind in ("key", "secret", "certificate", "storage"):
        listed = side.get(f"{kind}_permissions")
        actions += [f"{kind}:{action}" for action in listed] if isinstance(listed, list) else []
    if actions:
        principal = PatternSet((f"principal {side.get('object_id')}",))
        yield PolicyStatement(True, PatternSet(tuple(sorted(actions))), EVERYTHING, principal, frozenset())


def _google_types() -> Iterator[tuple[str, GrantType]]:
    kinds = {
        "project": ("project", "project"),
        "folder": ("folder", "folder"),
        "organization": ("organization", "org_id"),
        "storage_bucket": ("bucket", "bucket"),
        "service_account": ("service account", "service_account_id"),
        "kms_crypto_key": ("key", "crypto_key_id"),
        "kms_key_ring": ("key ring", "key_ring_id"),
        "pubsub_topic": ("topic", "topic"),
        "pubsub_subscription": ("subscription", "subscription"),
        "secret_manager_secret": ("secret", "secret_id"),
        "cloud_run_service": ("service", "service"),
        "cloud_run_v2_service": ("service", "name"),
        "cloudfunctions_function": ("function", "cloud_function"),
        "cloudfunctions2_function": ("function", "cloud_function"),
        "artifact_registry_repository": ("repository", "repository"),
        "bigquery_dataset": ("dataset", "dataset_id"),
        "bigquery_table": ("table", "table_id"),
    }
    for kind, (noun, owner) in kinds.items():
        yield f"google_{kind}_iam_member", GrantType(noun, owner, _google, (("role",),))
        yield f"google_{kind}_iam_binding", GrantType(noun, owner, _google, (("role",), ("members",)))
        yield f"google_{kind}_iam_policy", GrantType(noun, owner, _google_policy, (("policy_data",),))


_GOOGLE = re.compile(r"google_(?P<what>\w+)_iam_(?P<how>member|binding|policy)")


def grant_type(kind: str) -> GrantType | None:
    """How a type grants permissions; Google's types follow one scheme of names, also future ones."""
    known = GRANT_TYPES.get(kind)
    if known or not (found := _GOOGLE.fullmatch(kind)):
        return known
    noun = found["what"].replace("_", " ")
    if found["how"] == "policy":
        return GrantType(noun, "name", _google_policy, (("policy_data",),))
    return GrantType(
        noun, "name", _google, (("role",), *((("members",),) if found["how"] == "binding" else ()))
    )


def is_grant(kind: str) -> bool:
    """Whether a type grants permissions."""
    return kind in GRANT_TYPES or _GOOGLE.fullmatch(kind) is not None


GRANT_TYPES = {
    "aws_lambda_permission": GrantType("function", "function_name", _lambda, (("action",),)),
    "azurerm_role_assignment": GrantType(
        "scope", "scope", _azure_role, (("role_definition_name", "role_definition_id"),)
    ),
    "azurerm_key_vault_access_policy": GrantType("key vault", "key_vault_id", _azure_vault),
    **dict(_google_types()),
}
