from constructs_lib.testing import Testing, resource, resources, statement, statements
from constructs_lib.topic import Topic

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription

from tests.constructs_lib.building import ACCOUNT
from tests.constructs_lib.samples import ALERTS, SHARED_KEY, TOPIC_ARN, granted, key, role


def synthesise() -> str:
    def build(stack: TerraformStack) -> None:
        Topic(
            stack,
            "alerts",
            name="alerts",
            key=key(stack),
            publishers=["cloudwatch.amazonaws.com", "events.amazonaws.com"],
            emails=["team@example.com", "on-call@example.com"],
        )

    return Testing.synth_scope(build)


def test_messages_are_encrypted_with_a_key_of_our_own() -> None:
    assert resource(synthesise(), SnsTopic)["kms_master_key_id"].startswith("${aws_kms_key.key_")


def test_nobody_publishes_over_plain_http() -> None:
    denied = statement(resource(synthesise(), SnsTopicPolicy), "DenyPlainHttp")

    assert denied["Effect"] == "Deny"
    assert denied["Action"] == ["sns:Publish"]
    assert denied["Resource"] == [TOPIC_ARN]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_alarms_publish_on_behalf_of_this_account_only() -> None:
    assert statement(resource(synthesise(), SnsTopicPolicy), "PublishCloudwatch") == {
        "Sid": "PublishCloudwatch",
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com"]},
        "Action": ["sns:Publish"],
        "Resource": [TOPIC_ARN],
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }


def test_eventbridge_publishes_without_a_condition_since_it_meets_none() -> None:
    assert statement(resource(synthesise(), SnsTopicPolicy), "PublishEvents") == {
        "Sid": "PublishEvents",
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com"]},
        "Action": ["sns:Publish"],
        "Resource": [TOPIC_ARN],
    }


def test_nobody_else_may_publish() -> None:
    policy = resource(synthesise(), SnsTopicPolicy)

    assert [each["Sid"] for each in statements(policy)] == [
        "DenyPlainHttp",
        "PublishCloudwatch",
        "PublishEvents",
    ]


def test_everybody_named_is_subscribed_by_e_mail() -> None:
    subscriptions = resources(synthesise(), SnsTopicSubscription).values()

    assert {(subscription["protocol"], subscription["endpoint"]) for subscription in subscriptions} == {
        ("email", "team@example.com"),
        ("email", "on-call@example.com"),
    }


def test_who_publishes_by_role_may_use_the_topics_key_for_it() -> None:
    synthesised = Testing.synth_scope(lambda stack: ALERTS.grant_publish(role(stack)))

    assert granted(synthesised, "publish-alerts") == [
        {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [TOPIC_ARN]},
        SHARED_KEY.statement("kms:Decrypt", "kms:GenerateDataKey*").render(),
    ]
