"""``slipway reject``: rejects the release that waits for approval."""

from slipway.cli.answer_approval import answer
from slipway.cli.command import declare
from slipway.cli.options import DryRun, Env, Json, Reason, Yes

app = declare()


@app.command()
def reject(
    *, env: Env = None, yes: Yes = False, dry_run: DryRun = False, reason: Reason = "", json: Json = False
) -> None:
    """Reject the release that waits for approval.

    \b
    slipway reject --env prod --reason 'prod was rolled back'

    Exit codes: 0 rejected, 1 no release waits, failed or aborted, 2 wrong settings or usage.
    """
    answer("Rejected", env, yes=yes, dry_run=dry_run, reason=reason, json=json)
