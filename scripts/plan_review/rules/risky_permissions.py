"""Permissions that are wider than they look: whole services, escalation, public access."""

import ipaddress

from plan_review.iam.condition import Condition
from plan_review.iam.pattern_set import PatternSet
from plan_review.iam.statement import PolicyStatement
from plan_review.iam.wildcards import includes
from plan_review.plan import UNKNOWN

ADMINISTRATORS = (
    *("AdministratorAccess", "AdministratorAccess-Amplify", "AmazonEKSClusterAdminPolicy"),
    *("IAMFullAccess", "PowerUserAccess", "AWSOrganizationsFullAccess"),
)
_OWNERS = frozenset(
    {
        *("roles/owner", "roles/editor", "owner", "user access administrator"),
        "role based access control administrator",
    }
)
ESCALATIONS = (
    *("iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"),
    *("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreatePolicyVersion"),
    *("iam:CreateServiceSpecificCredential", "iam:DeleteRolePermissionsBoundary"),
    *("iam:DeleteUserPermissionsBoundary", "iam:PutGroupPolicy", "iam:PutRolePermissionsBoundary"),
    *("iam:PutRolePolicy", "iam:PutUserPermissionsBoundary", "iam:PutUserPolicy"),
    *("iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy", "iam:UpdateLoginProfile"),
    *("iam:CreateOpenIDConnectProvider", "iam:UpdateOpenIDConnectProviderThumbprint"),
    *("iam:CreateSAMLProvider", "iam:UpdateSAMLProvider", "organizations:LeaveOrganization"),
    *("sso:CreateAccountAssignment", "sso:AttachManagedPolicyToPermissionSet", "kms:PutKeyPolicy"),
    *("s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketPublicAccessBlock"),
    *("s3:PutAccountPublicAccessBlock", "lambda:AddPermission", "ecr:SetRepositoryPolicy"),
    *("secretsmanager:PutResourcePolicy", "sns:AddPermission", "sqs:AddPermission"),
)
_BY_SMALL_LETTERS = {escalation.lower(): escalation for escalation in ESCALATIONS}
_READS = (
    *("get", "list", "describe", "batchget", "head", "lookup", "search", "query", "view", "read", "select"),
)
_HOLDING = (
    *("aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths"),
    *("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"),
    *("aws:principalservicename", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourceip"),
    *("aws:userid", "aws:resourceorgid", "kms:calleraccount", "kms:grantisforawsresource"),
    *("s3:dataaccesspointaccount", "s3:dataaccesspointarn", "sns:endpoint"),
    *("elasticfilesystem:accessedviamounttarget", "condition"),
)
_TESTS = ("stringequals", "stringequalsignorecase", "stringlike", "arnlike", "ipaddress", "bool", "is")


def whole_services(statement: PolicyStatement) -> list[str]:
    """The actions that grant all of a service, or everything."""
    if statement.actions.but:
        return ["everything but some actions"]
    return [pattern for pattern in statement.actions.patterns if _is_whole(pattern)]


def _is_whole(action: str) -> bool:
    service, colon, name = action.lower().partition(":")
    if not colon:
        return "*" in service or service in _OWNERS
    return not service.strip("*?") or not name.strip("*?")


def escalations(statement: PolicyStatement) -> list[str]:
    """The actions, also those within wildcards, by which a principal can extend its own permissions."""
    folded = statement.folded
    wild = folded.but or any("*" in pattern or "?" in pattern for pattern in folded.patterns)
    if not wild:
        return sorted(_BY_SMALL_LETTERS[action] for action in _BY_SMALL_LETTERS.keys() & set(folded.patterns))
    return sorted(
        by_small_letter for small, by_small_letter in _BY_SMALL_LETTERS.items() if gives(statement, small)
    )


def gives(statement: PolicyStatement, action: str) -> bool:
    """Whether a statement contains an action. action: in lower case."""
    return statement.folded.covers(PatternSet((action,)))


def writes(statement: PolicyStatement) -> list[str]:
    """The actions that are not known to be read-only."""
    return [pattern for pattern in statement.actions.patterns if not _reads(pattern)]


def _reads(action: str) -> bool:
    name = action.partition(":")[2].lower()
    return name.startswith(_READS) and name != "getfederationtoken"


def is_open(statement: PolicyStatement) -> bool:
    """Whether a statement allows everyone, and no condition limits that."""
    if not statement.allows:
        return False
    everybody = statement.principals.but or any(
        _is_anybody(pattern) for pattern in statement.principals.patterns
    )
    return everybody and not any(_holds(condition) for condition in statement.conditions)


def _is_anybody(principal: str) -> bool:
    return principal.partition(":")[2] == "*" or principal == "*"


def _holds(clause: Condition) -> bool:
    """Whether a condition limits callers: they cannot choose its key, and its value is not a wildcard."""
    if clause.key.lower() not in _HOLDING and not clause.key.lower().startswith("aws:principaltag/"):
        return False
    if clause.optional or clause.quantifier == "forallvalues" or clause.test not in _TESTS:
        return False
    return not any(_is_all(value, clause.test) for value in clause.values)


def _is_all(value: str, test: str) -> bool:
    if test in ("stringlike", "arnlike") and not value.strip("*?"):
        return True
    if test == "arnlike" and includes(value, "arn:aws:iam::000000000000:role/anybody"):
        return True
    try:
        return test == "ipaddress" and ipaddress.ip_network(value, strict=False).prefixlen < 8
    except ValueError:
        return False


def federates_anyone(statement: PolicyStatement) -> bool:
    """Whether any token of a public identity provider is accepted: no condition checks its subject."""
    web = [pattern for pattern in statement.principals.patterns if pattern.startswith("Federated:")]
    public = any(_is_public(principal) for principal in web)
    subjects = [condition for condition in statement.conditions if _names_subject(condition)]
    return statement.allows and public and not subjects


_PUBLIC = (
    *("token.actions.githubusercontent.com", "gitlab.com", "accounts.google.com"),
    *("cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "app.terraform.io"),
    *("agent.buildkite.com", "oidc.circleci.com", "api.bitbucket.org"),
)


def _is_public(principal: str) -> bool:
    """Whether anyone can get a token of a provider; an unknown provider counts as such."""
    provider = principal.removeprefix("Federated:")
    name = provider.partition("oidc-provider/")[2] or provider
    return name.startswith((*_PUBLIC, "${", str(UNKNOWN)))


def _names_subject(clause: Condition) -> bool:
    """Whether a condition checks whose token it is, and does not match everyone's."""
    key = clause.key.lower()
    if clause.optional or clause.test not in ("stringequals", "stringlike", "stringequalsignorecase"):
        return False
    named = key.endswith(
        (":sub", ":repository", ":repository_id", ":repository_owner", ":repository_owner_id")
    )
    cognito = key == "cognito-identity.amazonaws.com:aud"
    # A key with a provider's unknown address: a subject has several parts, an audience does not.
    unknown = str(UNKNOWN) in key and all(":" in value for value in clause.values)
    return (named or cognito or unknown) and not any(_matches_any_subject(value) for value in clause.values)


def _matches_any_subject(value: str) -> bool:
    return not value.replace("repo:", "").replace("project_path:", "").strip("*?/:")
