"""Checks the account before a rehearsal, and announces what the rehearsal does."""

from collections.abc import Iterator

from modules.config.names import Names
from modules.config.settings import PipelineSettings
from slipway.account_rehearsal import costs
from slipway.account_rehearsal.sandbox import Sandbox
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from slipway.terraform.destroy.state_bucket import states_with_resources
from slipway.terraform.state.bucket import StateBucket

BESIDE = "--beside-stacks"


def refuse_beside_stacks(aws: Aws, team: PipelineSettings, account: str) -> None:
    """Raise SlipwayError if the settings' own stacks are applied in the account, by their states."""
    if account != team.account and team.state_bucket:
        return  # their state is in another account, in the bucket of this name
    here = team.model_copy(update={"account": account})
    names = Names.of(here)
    bucket = StateBucket.of(aws, here, names)
    if not bucket.exists():
        return
    keys = {names.state_key(stack): stack for stack in names.stacks}
    there = [keys[key] for key in states_with_resources(bucket.s3, bucket.name) if key in keys]
    if there:
        raise SlipwayError(
            f"the settings' own stacks are applied in account {account}: {', '.join(there)}",
            why="rehearse in a sandbox account: a rehearsal uses the quotas of the account",
            then=f"use credentials of another account; to rehearse here anyway, add {BESIDE}",
        )


def announcement(sandbox: Sandbox) -> Iterator[str]:
    """Lines about the rehearsal's resources, releases, manual steps, duration, costs and end."""
    settings, names, team = sandbox.project.settings, sandbox.project.names, sandbox.team
    yield f"A rehearsal in account {names.account}, {names.region}, as {sandbox.aws.identity.arn}"
    yield ""
    yield f"creates   {', '.join(names.stacks)}"
    yield f"          and the state bucket {names.state_bucket}, all tagged service={names.service}:"
    yield f"          your first environment, {team.environments[0].name}, with two small hosts, plain HTTP"
    yield "releases  the files that git tracks, three times: good, broken on purpose, good;"
    yield "          then rolls back by command, and replaces a host"
    if emails := settings.alerts.emails:
        yield f"you       confirm AWS's e-mail to {', '.join(emails)}, which receives its alarms"
    else:
        yield f"you       its alarms notify the topic {names.topic}"
    if team.source.makes_connection:
        yield f"          and complete a connection to {team.source.provider} in AWS's console"
    yield "time      60 to 90 minutes without waiting for you: an estimate, not measured on AWS"
    yield f"cost      {costs.an_hour()} US dollars per hour, and {costs.releases()} for its releases;"
    yield "          list prices of eu-central-1 from secondary sources: docs/costs.md"
    yield "end       everything is destroyed, unless you pass --keep"
    yield ""
    yield "So far this has run against an emulated AWS only, not on AWS itself. Use a sandbox account."
