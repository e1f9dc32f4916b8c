"""What exists in IAM: found by name."""

from collections.abc import Iterator

from slipway.aws.existing.wanted import Existing, Reader, Wanted

MISSING = "NoSuchEntity"


def role(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The role with the planned name."""
    if found := read.one("iam", "GetRole", MISSING, RoleName=wanted.text("name")):
        yield Existing(found["Role"]["RoleName"], {"arn": found["Role"]["Arn"]})


def role_policy(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The role's inline policy with the planned name."""
    name, policy = wanted.text("role"), wanted.text("name")
    if read.one("iam", "GetRolePolicy", MISSING, RoleName=name, PolicyName=policy):
        yield Existing(f"{name}:{policy}")


def attachment(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The role's attachment of the planned policy."""
    name, policy = wanted.text("role"), wanted.text("policy_arn")
    attached = read.all("iam", "ListAttachedRolePolicies", "AttachedPolicies", MISSING, RoleName=name)
    if any(entry["PolicyArn"] == policy for entry in attached):
        yield Existing(f"{name}/{policy}")


def policy(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The managed policy with the planned name, whose ARN follows from it."""
    path = wanted.maybe("path") or "/"
    arn = f"arn:{read.partition}:iam::{read.account}:policy{path}{wanted.text('name')}"
    if read.one("iam", "GetPolicy", MISSING, PolicyArn=arn):
        yield Existing(arn)


def instance_profile(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The instance profile with the planned name."""
    found = read.one("iam", "GetInstanceProfile", MISSING, InstanceProfileName=wanted.text("name"))
    if found:
        yield Existing(wanted.text("name"), {"arn": found["InstanceProfile"]["Arn"]})


def oidc_provider(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The account's provider for the planned URL, of which AWS allows one; its ARN follows from the URL."""
    host = wanted.text("url").removeprefix("https://")
    arn = f"arn:{read.partition}:iam::{read.account}:oidc-provider/{host}"
    if read.one("iam", "GetOpenIDConnectProvider", MISSING, OpenIDConnectProviderArn=arn):
        yield Existing(arn)
