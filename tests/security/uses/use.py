"""What a use is: an action that a role's work calls, on what, why, and how we know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from modules.config.names import EnvironmentNames
from tests.security.account import Account
from tests.security.evaluation import Context

RECORDED = "recorded"
"""Seen at the emulated AWS: ``recorded.json`` holds what the real programs called."""


@dataclass(frozen=True)
class Use:
    """Actions that a role's work calls on resources.

    actions: as policies name them; one with ``*`` stands where AWS's page asks for it like that.
    on: ARNs as a request would name them, or ``*`` where an action takes no resource.
    source: a page of AWS's (or of the caller's) that says so, ``recorded``, or ``inferred: …``.
    context: what IAM knows of such a request beside who and what.
    """

    actions: Sequence[str]
    on: Sequence[str]
    why: str
    source: str
    context: Context = field(default_factory=dict)


SharedUses = Callable[[Account], list[Use]]
EnvironmentUses = Callable[[Account, EnvironmentNames], list[Use]]

AUTHORIZATION = "docs.aws.amazon.com/service-authorization/latest/reference"
CODEBUILD = "docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html"
CODEDEPLOY = "docs.aws.amazon.com/codedeploy/latest/userguide"
CODEPIPELINE = "docs.aws.amazon.com/codepipeline/latest/userguide"
ECR = "docs.aws.amazon.com/AmazonECR/latest/userguide"
LOGS = "docs.aws.amazon.com/AmazonCloudWatch/latest/logs"
SNS_KEYS = "docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"


def streams(log_group: str) -> list[str]:
    """The streams of a log group, by its ARN: what CreateLogStream and PutLogEvents are checked on."""
    return [f"{log_group}:log-stream:i-0123456789abcdef0"]


def with_key(account: Account, alias: str, **more: str) -> Context:
    """A request for a key that has this alias."""
    return {"kms:ResourceAliases": [alias], **{f"kms:{name}": value for name, value in more.items()}}


def publishing(account: Account, what: str, source: str) -> list[Use]:
    """Publishing to the encrypted topic."""
    names = account.names
    return [
        Use(["sns:Publish"], [names.topic_arn], what, source),
        Use(
            ["kms:Decrypt", "kms:GenerateDataKey*"],
            [account.key(names.key_alias)],
            "the topic is encrypted: whoever publishes needs its key",
            SNS_KEYS,
            with_key(account, names.key_alias),
        ),
    ]
