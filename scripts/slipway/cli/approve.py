"""``slipway approve``: approves the release that waits for approval."""

from slipway.cli.answer_approval import answer
from slipway.cli.command import declare
from slipway.cli.options import DryRun, Env, Json, Reason, Yes

app = declare()


@app.command()
def approve(
    *, env: Env = None, yes: Yes = False, dry_run: DryRun = False, reason: Reason = "", json: Json = False
) -> None:
    """Approve the release that waits for approval.

    \b
    slipway approve --env prod
    slipway approve --env prod --yes --reason 'tested on staging'

    Exit codes: 0 approved, 1 no release waits, failed or aborted, 2 wrong settings or usage.
    """
    answer("Approved", env, yes=yes, dry_run=dry_run, reason=reason, json=json)
