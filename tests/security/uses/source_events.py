"""What EventBridge calls with the role that starts the pipeline when its source is uploaded."""

from tests.security.account import Account
from tests.security.uses.use import CODEPIPELINE, Use


def uses(account: Account) -> list[Use]:
    """The source events' role's."""
    return [
        Use(
            ["codepipeline:StartPipelineExecution"],
            [account.names.arn("codepipeline", account.names.delivery_pipeline)],
            "it starts the pipeline",
            f"{CODEPIPELINE}/create-S3-source-events.html",
        )
    ]
