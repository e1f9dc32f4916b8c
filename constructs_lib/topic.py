"""An encrypted SNS topic that AWS services of this account publish to, with e-mail subscriptions."""

from collections.abc import Sequence

from constructs_lib.key import KnownKey, UsableKey
from constructs_lib.place import Place, place_of
from constructs_lib.policy import Statement, deny_without_tls, document
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

SAY_THEIR_ACCOUNT = frozenset({"cloudwatch.amazonaws.com"})
"""Publishers that send ``aws:SourceAccount``, by AWS's documentation; EventBridge does not for SNS."""


KEY_USE = ("kms:Decrypt", "kms:GenerateDataKey*")
"""The actions on the key of an encrypted topic that its publishers need, whether an AWS service publishes
itself or through another role, as CodePipeline does ("Enable compatibility between event sources from AWS
services and encrypted topics", docs.aws.amazon.com/sns/latest/dg/sns-key-management.html)."""


class NamedTopic:
    """A topic of another stack, or one that exists already.

    name: the topic's name.
    account, region: where it is.
    key: the key that encrypts its messages. Default: none; the topic is not encrypted, or with AWS's own key.
    """

    def __init__(self, *, name: str, account: str, region: str, key: UsableKey | None = None) -> None:
        self.name = name
        self.arn = Place(account, region).arn("sns", name)
        self._key = key

    def grant_publish(self, role: Role) -> None:
        """Let a ``role`` publish, and use the topic's key for that."""
        key_use = [self._key.statement(*KEY_USE)] if self._key else []
        _grant_publish(role, self.name, self.arn, *key_use)


class Topic(Construct):
    """The topic that receives alarms and events.

    name: 1 to 256 letters, digits, hyphens and underscores.
    key: encrypts the messages. Its policy must let the publishing services use it (``key.service_use``),
        or their messages are lost without an error; AWS's own ``alias/aws/sns`` cannot be used for that.
    publishers: service principals, such as ``cloudwatch.amazonaws.com``, that may publish for this
        account.
    emails: addresses to subscribe; AWS sends each a link that must be confirmed within two days.

    >>> from constructs_lib.key import Key, service_use
    >>> key = Key(stack, "key", description="Alerts.", alias="alias/alerts",
    ...     services=[service_use("cloudwatch.amazonaws.com")])
    >>> topic = Topic(stack, "alerts", name="alerts", key=key,
    ...     publishers=["cloudwatch.amazonaws.com"], emails=["team@example.com"])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        key: KnownKey,
        publishers: Sequence[str],
        emails: Sequence[str],
    ) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        self.name = name
        self.arn = self.place.arn("sns", name)
        self._key = key
        self.resource = SnsTopic(self, "topic", name=name, kms_master_key_id=key.arn)
        self.policy = SnsTopicPolicy(
            self,
            "policy",
            arn=self.resource.arn,
            policy=document(
                deny_without_tls(self.arn),
                *(_publish(publisher, self.arn, self.place.account) for publisher in publishers),
            ),
        )
        self.subscriptions = [
            SnsTopicSubscription(self, email, topic_arn=self.resource.arn, protocol="email", endpoint=email)
            for email in emails
        ]

    def grant_publish(self, role: Role) -> None:
        """Let a ``role`` publish, and use the topic's key for that."""
        _grant_publish(role, self.name, self.arn, self._key.statement(*KEY_USE))


def _grant_publish(role: Role, name: str, arn: str, *key_use: Statement) -> None:
    role.allow(f"publish-{name}", Statement(actions=["sns:Publish"], resources=[arn]), *key_use)


def _publish(service: str, topic_arn: str, account: str) -> Statement:
    # docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    return Statement(
        sid=f"Publish{service.split('.', maxsplit=1)[0].capitalize()}",
        principals={"Service": [service]},
        actions=["sns:Publish"],
        resources=[topic_arn],
        conditions={"StringEquals": {"aws:SourceAccount": account}} if service in SAY_THEIR_ACCOUNT else {},
    )
