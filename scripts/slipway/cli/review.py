"""``slipway review``: the command of the plan review."""

from plan_review.cli import OneForFailure, review
from slipway.cli.command import declare

app = declare()
app.command(cls=OneForFailure)(review)
