"""What is said before a rehearsal in an account begins, and what it must not begin beside."""

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
    """Refuse an account in which the settings' own stacks are applied, by the state that they keep there."""
    if account != team.account and team.state_bucket:
        return  # their state lies in another account, under this very name
    here = team.model_copy(update={"account": account})
    names = Names.of(here)
    bucket = StateBucket.of(aws, here, names)
    if not bucket.exists():
        return
    keys = {names.state_key(stack): stack for stack in names.stacks}
    there = [keys[key] for key in states_with_resources(bucket.s3, bucket.name) if key in keys]
    if there:
        raise SlipwayError(
            f"account {account} has the settings' own stacks: {', '.join(there)}",
            why="a rehearsal belongs into a sandbox account: it takes from this one's quotas",
            then=f"choose the credentials of another account; or, if it is meant: {BESIDE}",
        )


def announcement(sandbox: Sandbox) -> Iterator[str]:
    """What it will make, what that costs, how long it takes, what a person has to do, how it ends."""
    settings, names, team = sandbox.project.settings, sandbox.project.names, sandbox.team
    yield f"A rehearsal in account {names.account}, {names.region}, as {sandbox.aws.identity.arn}"
    yield ""
    yield f"makes     {', '.join(names.stacks)}"
    yield f"          and the state bucket {names.state_bucket}, all tagged service={names.service}:"
    yield f"          your first environment, {team.environments[0].name}, with two small hosts, plain HTTP"
    yield "releases  your checkout as git tracks it, three times: good, broken on purpose, good;"
    yield "          then goes back by hand, and replaces a host"
    yield f"you       confirm AWS's e-mail to {', '.join(settings.alerts.emails)}, where alarms go meanwhile"
    if team.source.makes_connection:
        yield f"          and complete a connection to {team.source.provider} in AWS's console"
    yield "time      an hour to an hour and a half, if you are quick: estimated, never measured on AWS"
    yield f"cost      {costs.an_hour()} US dollars an hour while it is up, {costs.releases()} for releases;"
    yield "          list prices of eu-central-1, seen at second hand: docs/costs.md"
    yield "end       all of it is destroyed again, unless you say --keep"
    yield ""
    yield "Nobody has run this against AWS yet; it was played against an emulated one. Use a sandbox account."
