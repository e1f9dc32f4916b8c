"""The account, the region and the state bucket: what a first apply takes for granted."""

from collections.abc import Iterator

from slipway.aws.clients import Aws, require_account
from slipway.checkout.project import Project
from slipway.console.errors import SlipwayError
from slipway.doctor.finding import Finding
from slipway.terraform.state.protections import PROTECTIONS

PROVIDER = "oidc-provider/token.actions.githubusercontent.com"
NOT_ENABLED = "not-opted-in"


def account(found: Project, aws: Aws) -> Finding:
    """Whose the credentials are. Raises SlipwayError if they are another account's."""
    require_account(aws, found.settings.account)
    arn = aws.sts.get_caller_identity()["Arn"]
    return Finding(topic="account", state="ok", what=f"account {found.settings.account}, as {arn}")


def region(found: Project, aws: Aws) -> Iterator[Finding]:
    """Whether the account uses the region."""
    name = found.settings.region
    for each in aws.ec2.describe_regions(RegionNames=[name], AllRegions=True)["Regions"]:
        if each.get("OptInStatus") == NOT_ENABLED:
            yield Finding(
                topic="account",
                state="todo",
                what=f"the region {name} is not enabled in this account",
                then=f"aws account enable-region --region-name {name}, or choose another in pipeline.toml",
            )
        else:
            yield Finding(topic="account", state="ok", what=f"region {name}")


def state(found: Project, aws: Aws) -> Iterator[Finding]:
    """Whether Terraform's state has its place, and whether that is safe."""
    bucket = found.state_bucket(aws)
    if not bucket.exists():
        yield Finding(
            topic="state",
            state="todo",
            what=f"there is no state bucket {bucket.name} yet",
            then="slipway bootstrap",
        )
        return
    missing = [each.what for each in PROTECTIONS if not each.holds(bucket)]
    if missing:
        yield Finding(
            topic="state",
            state="todo",
            what=f"the state bucket {bucket.name} lacks protections",
            why="not so: " + "; ".join(missing),
            then="slipway bootstrap",
        )
    else:
        yield Finding(
            topic="state", state="ok", what=f"state bucket {bucket.name}: ours, private, versioned, encrypted"
        )


def oidc_provider(found: Project, aws: Aws) -> Iterator[Finding]:
    """Whether GitHub's provider can be made: an account has at most one of it."""
    access = found.settings.access
    if access is None:
        return
    listed = aws.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    there = [each.get("Arn", "") for each in listed if each.get("Arn", "").endswith(PROVIDER)]
    named = access.oidc_provider_arn
    if named and named not in there:
        raise SlipwayError(
            f"there is no OIDC provider {named}",
            then="correct access.oidc_provider_arn in pipeline.toml; leave it out, and one is made",
        )
    if there and not named and not _is_ours(aws, there[0], found.settings.service):
        raise SlipwayError(
            "the account has GitHub's OIDC provider already, and can have but one",
            why=f"{found.names.access_stack} would make it again, and fail",
            then=f'in pipeline.toml: access.oidc_provider_arn = "{there[0]}"',
        )
    yield Finding(topic="account", state="ok", what="GitHub's OIDC provider is there, or can be made")


def _is_ours(aws: Aws, arn: str, service: str) -> bool:
    """Whether this service's own stack made it: by its tag."""
    tags = aws.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn).get("Tags", [])
    return any(each["Key"] == "service" and each["Value"] == service for each in tags)
