"""Checks of a topic for alerts that exists already: who may publish to it, and the key that encrypts it."""

from collections.abc import Iterator

from modules.config.names import PUBLISHERS, Names
from slipway.aws.clients import Aws
from slipway.aws.subscriptions import ExistingTopic, subscriptions
from slipway.checkout.project import Project
from slipway.doctor.check import Check, later, ok, todo
from slipway.doctor.keys import judged, lacks

AWS_MANAGED = "alias/aws/"


def existing(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that alarms and events reach the topic; whether it exists is another check."""
    alerts = found.settings.alerts
    if alerts.topic_arn and subscriptions(aws, alerts.topic_arn) is not None:
        there = ExistingTopic.read(aws, alerts.topic_arn)
        yield _policy(found.names, there)
        yield from _key(found.names.topic, there, alerts.topic_key_arn or "")


def _policy(names: Names, there: ExistingTopic) -> Check:
    needed = {
        "Effect": "Allow",
        "Principal": {"Service": list(PUBLISHERS)},
        "Action": "sns:Publish",
        "Resource": names.topic_arn,
        "Condition": {"StringEquals": {"aws:SourceAccount": names.account}},
    }
    lacking = lacks(there.policy, names.topic_arn, [needed])
    allow = "ask its owner to allow it sns:Publish in the topic's policy"
    dropped = "AWS would drop these alerts without an error"
    return judged("alerts", f"the topic {names.topic}", lacking, then=allow, why=dropped) or ok(
        "alerts", f"alarms and events may publish to the topic {names.topic}"
    )


def _key(name: str, there: ExistingTopic, named: str) -> Iterator[Check]:
    """Check that the settings name the key that encrypts the topic. named: in the settings; "" for none."""
    if not there.key and named:
        yield later(
            "alerts",
            f"the topic {name} is not encrypted with a KMS key",
            then="remove alerts.topic_key_arn from pipeline.toml",
        )
    elif AWS_MANAGED in there.key:
        yield todo(
            "alerts",
            f"the topic {name} is encrypted with {there.key}, which CloudWatch and EventBridge cannot use",
            why="the policy of a key that AWS manages cannot be changed, and AWS would drop these alerts",
            then="encrypt the topic with a customer managed key, and set alerts.topic_key_arn",
        )
    elif there.key and not _is_same(there.key, named):
        yield todo(
            "alerts",
            f"the topic {name} is encrypted with the key {there.key}",
            why="CodeDeploy's role needs permission for it, or its messages are lost",
            then="set alerts.topic_key_arn in pipeline.toml to the ARN of this key",
        )


def _is_same(key: str, named: str) -> bool:
    """Whether the ARN in the settings is that of a key; of one that is known by an alias it may be."""
    if ":alias/" in key or key.startswith("alias/"):
        return bool(named)
    return named.rpartition("/")[2] == key.rpartition("/")[2]
