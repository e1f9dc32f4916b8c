"""The account, the region and the state bucket: what a first apply takes for granted."""

from collections.abc import Iterator

from slipway.aws.account import oidc_provider_tags, oidc_providers, region_opt_in
from slipway.aws.clients import Aws, require_account
from slipway.checkout.project import Project
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.doctor.check import Check, ok, todo
from slipway.terraform.state.bucket import StateBucket
from slipway.terraform.state.protections import PROTECTIONS

PROVIDER = "oidc-provider/token.actions.githubusercontent.com"
NOT_ENABLED = "not-opted-in"


def account(found: Project, aws: Aws) -> Check:
    """Whose the credentials are. Raises SlipwayError if they are another account's."""
    require_account(aws, found.settings.account)
    what = f"account {aws.identity.account}, as {aws.identity.arn}"
    return ok("account", what)


def region(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether the account uses the region."""
    name = found.settings.region
    if region_opt_in(aws, name) == NOT_ENABLED:
        enable = command_line("aws", "account", "enable-region", "--region-name", name)
        yield todo(
            "account",
            f"the region {name} is not enabled in this account",
            then=f"{enable}, or choose another in pipeline.toml",
        )
    else:
        yield ok("account", f"region {name}")


def state(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether Terraform's state has its place, and whether that is safe."""
    bucket = StateBucket.of(aws, found.settings, found.names)
    if not bucket.exists():
        yield todo("state", f"there is no state bucket {bucket.name} yet", then="slipway bootstrap")
        return
    missing = [protection.what for protection in PROTECTIONS if not protection.holds(bucket)]
    if missing:
        yield todo(
            "state",
            f"the state bucket {bucket.name} lacks protections",
            why="not so: " + "; ".join(missing),
            then="slipway bootstrap",
        )
    else:
        yield ok("state", f"state bucket {bucket.name}: ours, private, versioned, encrypted")


def oidc_provider(found: Project, aws: Aws) -> Iterator[Check]:
    """Whether GitHub's provider can be made: an account has at most one of it."""
    access = found.settings.access
    if access is None:
        return
    there = [each for each in oidc_providers(aws) if each.endswith(PROVIDER)]
    named = access.oidc_provider_arn
    if named and named not in there:
        raise SlipwayError(
            f"there is no OIDC provider {named}",
            then="correct access.oidc_provider_arn in pipeline.toml; leave it out, and one is made",
        )
    # Its tag says which service's stack made it.
    if there and not named and oidc_provider_tags(aws, there[0]).get("service") != found.settings.service:
        raise SlipwayError(
            "the account has GitHub's OIDC provider already, and can have but one",
            why=f"{found.names.access_stack} would make it again, and fail",
            then=f'in pipeline.toml: access.oidc_provider_arn = "{there[0]}"',
        )
    yield ok("account", "GitHub's OIDC provider is there, or can be made")
