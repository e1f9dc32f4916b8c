"""Checks of the account, the region and the state bucket, which a first apply needs."""

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
    """Check that the credentials belong to the account. Raises SlipwayError if they do not."""
    require_account(aws, found.settings.account)
    what = f"account {aws.identity.account}, as {aws.identity.arn}"
    return ok("account", what)


def region(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that the region is enabled in the account."""
    name = found.settings.region
    if region_opt_in(aws, name) == NOT_ENABLED:
        enable = command_line("aws", "account", "enable-region", "--region-name", name)
        yield todo(
            "account",
            f"the region {name} is not enabled in this account",
            then=f"enable it: {enable}; or choose another region in pipeline.toml",
        )
    else:
        yield ok("account", f"region {name}")


def state(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that the bucket for Terraform's state exists and is protected."""
    bucket = StateBucket.of(aws, found.settings, found.names)
    if not bucket.exists():
        yield todo("state", f"the state bucket {bucket.name} does not exist", then="run slipway bootstrap")
        return
    missing = [protection.what for protection in PROTECTIONS if not protection.holds(bucket)]
    if missing:
        yield todo(
            "state",
            f"the state bucket {bucket.name} is not fully protected",
            why="missing: " + "; ".join(missing),
            then="run slipway bootstrap",
        )
    else:
        yield ok("state", f"state bucket {bucket.name}: in this account, private, versioned, encrypted")


def oidc_provider(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that GitHub's OIDC provider exists or can be created: an account can have one only."""
    access = found.settings.access
    if access is None:
        return
    there = [arn for arn in oidc_providers(aws) if arn.endswith(PROVIDER)]
    named = access.oidc_provider_arn
    if named and named not in there:
        raise SlipwayError(
            f"the OIDC provider {named} does not exist",
            then="correct access.oidc_provider_arn in pipeline.toml, or remove it to have one created",
        )
    # Its tag says which service's stack made it.
    if there and not named and oidc_provider_tags(aws, there[0]).get("service") != found.settings.service:
        raise SlipwayError(
            "the account already has GitHub's OIDC provider, and can have one only",
            why=f"{found.names.access_stack} would try to create it again, and fail",
            then=f'set in pipeline.toml: access.oidc_provider_arn = "{there[0]}"',
        )
    yield ok("account", "GitHub's OIDC provider exists or can be created")
