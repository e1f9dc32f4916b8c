"""What would tell that something is wrong: gone, silenced, changed; and left alone."""

from plan_review.plan import UNKNOWN, Value
from tests.plan_review.rules.cases.case import create, delete, ignores, sees, update

ALARM = "aws_cloudwatch_metric_alarm.errors"


def alarm(**changed: Value) -> dict[str, Value]:
    return {
        "alarm_name": "errors",
        "actions_enabled": True,
        "alarm_actions": ["arn"],
        "threshold": 5,
        **changed,
    }


CASES = [
    sees("alarm.destroyed", "The alarm errors is destroyed", delete(ALARM, alarm())),
    sees("alarm.destroyed", "The health check", delete("aws_route53_health_check.a")),
    ignores("alarm.destroyed", create(ALARM, alarm())),
    ignores("alarm.destroyed", update(ALARM, alarm(), alarm(threshold=6))),
    sees("alarm.silent", "alarm_actions is empty", create(ALARM, alarm(alarm_actions=[]))),
    sees("alarm.silent", "alarm_actions is empty", update(ALARM, alarm(), alarm(alarm_actions=None))),
    sees("alarm.silent", "notifies nobody", update(ALARM, alarm(), alarm(actions_enabled=False))),
    sees("alarm.silent", "notifies nobody", create(ALARM, alarm(actions_enabled=False))),
    sees("alarm.silent", "empty", create("google_monitoring_alert_policy.a", {"notification_channels": []})),
    ignores("alarm.silent", create(ALARM, alarm())),
    ignores("alarm.silent", create(ALARM, alarm(alarm_actions=UNKNOWN))),
    ignores("alarm.silent", delete(ALARM, alarm(alarm_actions=[]))),
    ignores("alarm.silent", update(ALARM, alarm(alarm_actions=[]), alarm(alarm_actions=[], threshold=7))),
    sees("alarm.changed", "threshold", update(ALARM, alarm(), alarm(threshold=500))),
    sees(
        "alarm.changed",
        "treat_missing_data",
        update(ALARM, alarm(), alarm(treat_missing_data="notBreaching")),
    ),
    ignores("alarm.changed", update(ALARM, alarm(), alarm(alarm_description="new"))),
    ignores("alarm.changed", create(ALARM, alarm())),
    sees(
        "logging.off",
        "no longer logged",
        update("aws_lb.a", {"access_logs": [{"enabled": True}]}, {"access_logs": [{"enabled": False}]}),
    ),
    sees(
        "logging.off",
        "no longer logged",
        update("aws_cloudtrail.a", {"enable_logging": True}, {"enable_logging": False}),
    ),
    sees(
        "logging.off",
        "No longer logged: audit",
        update(
            "aws_eks_cluster.a",
            {"enabled_cluster_log_types": ["api", "audit"]},
            {"enabled_cluster_log_types": ["api"]},
        ),
    ),
    sees(
        "logging.off",
        "logging_config is no longer set",
        update(
            "aws_cloudfront_distribution.a", {"logging_config": [{"bucket": "b"}]}, {"logging_config": []}
        ),
    ),
    ignores("logging.off", update("aws_cloudtrail.a", {"enable_logging": False}, {"enable_logging": True})),
    ignores(
        "logging.off",
        update(
            "aws_eks_cluster.a",
            {"enabled_cluster_log_types": ["api"]},
            {"enabled_cluster_log_types": UNKNOWN},
        ),
    ),
    sees("logging.removed", "traffic is no longer logged", delete("aws_flow_log.a", {"vpc_id": "vpc-1"})),
    sees("logging.removed", "Attacks are no longer detected", delete("aws_guardduty_detector.a")),
    ignores(
        "logging.removed", delete("aws_flow_log.a", {"vpc_id": "vpc-1"}), delete("aws_vpc.a", {"id": "vpc-1"})
    ),
    sees(
        "notification.off",
        "no longer notices",
        update("aws_cloudwatch_event_rule.a", {"state": "ENABLED"}, {"state": "DISABLED"}),
    ),
    ignores(
        "notification.off", update("aws_cloudwatch_event_rule.a", {"state": "DISABLED"}, {"state": "ENABLED"})
    ),
    sees(
        "notification.removed",
        "no longer notified",
        delete("aws_sns_topic_subscription.a", {"topic_arn": "t"}),
    ),
    ignores(
        "notification.removed",
        delete("aws_sns_topic_subscription.a", {"topic_arn": "t"}),
        delete("aws_sns_topic.a", {"arn": "t"}),
    ),
    ignores(
        "notification.removed",
        delete("aws_sns_topic_subscription.a", {"topic_arn": "t"}),
        create("aws_sns_topic_subscription.b", {"topic_arn": "t"}),
    ),
]
