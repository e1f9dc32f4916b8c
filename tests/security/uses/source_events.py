"""Calls of EventBridge with the role that starts the pipeline when the source is uploaded."""

from tests.security.account import Account
from tests.security.uses.use import CODEPIPELINE, Use


def uses(account: Account) -> list[Use]:
    """Calls of the role for source events."""
    return [
        Use(
            ["codepipeline:StartPipelineExecution"],
            [account.names.arn("codepipeline", account.names.delivery_pipeline)],
            "EventBridge starts the pipeline",
            f"{CODEPIPELINE}/create-S3-source-events.html",
        )
    ]
