"""Rules about monitoring: alarms, logs, detectors, and who is notified."""

from collections.abc import Iterator
from functools import partial

from plan_review.finding import Severity
from plan_review.plan import UNKNOWN, Action, ResourceChange
from plan_review.rules.attributes import difference, first, present, stays, values
from plan_review.rules.dependent_resources import Dependent, removed_dependents
from plan_review.rules.flags import ON, flags, paths, turned
from plan_review.rules.resource_types.tables import by_type
from plan_review.rules.rule import ChangeRule, Match, PlanRule

ALARMS = by_type(
    {
        "alarm": (
            "aws_cloudwatch_metric_alarm aws_cloudwatch_composite_alarm google_monitoring_alert_policy "
            "azurerm_monitor_metric_alert azurerm_monitor_scheduled_query_rules_alert "
            "azurerm_monitor_scheduled_query_rules_alert_v2 azurerm_monitor_activity_log_alert "
            "grafana_rule_group"
        ),
        "health check": (
            "aws_route53_health_check google_monitoring_uptime_check_config aws_synthetics_canary"
        ),
        "monitor": "datadog_monitor newrelic_nrql_alert_condition",
        "budget": "aws_budgets_budget google_billing_budget azurerm_consumption_budget_subscription",
    }
)
_ACTIONS = {
    "aws_cloudwatch_metric_alarm": ("alarm_actions",),
    "aws_cloudwatch_composite_alarm": ("alarm_actions",),
    "google_monitoring_alert_policy": ("notification_channels",),
    "azurerm_monitor_metric_alert": ("action.action_group_id",),
}
_SWITCHES = flags(
    {"The alarm notifies nobody": "actions_enabled", "The alarm is switched off": "enabled"},
    wrong=(False,),
    when_created=True,
)
_CRITERIA = (
    *("threshold", "comparison_operator", "evaluation_periods", "datapoints_to_alarm", "treat_missing_data"),
    *("period", "statistic", "extended_statistic", "metric_name", "alarm_rule", "dimensions"),
)
_LOGGING = (
    *flags(
        {
            "Requests are no longer logged": (
                "access_logs.enabled connection_logs.enabled logging.enabled enable_logging"
            ),
            "Changes of log files can no longer be detected": "enable_log_file_validation",
            "Events in other regions are no longer logged": "is_multi_region_trail",
            "Events of IAM are no longer logged": "include_global_service_events",
            "Slow queries are no longer recorded": "performance_insights_enabled",
            "Images are no longer scanned": "image_scanning_configuration.scan_on_push",
        },
        right=ON,
    ),
    *flags({"Calls are no longer traced": "tracing_config.mode"}, right=("Active",)),
    *flags({"It no longer detects attacks": "enable"}, right=ON, types=("aws_guardduty_detector",)),
)
_UNNOTICED = "The rule no longer notices events"
_EVENTS = flags({_UNNOTICED: "state"}, wrong=("DISABLED",)) + flags(
    {_UNNOTICED: "is_enabled"}, wrong=(False,)
)
_LISTS = ("enabled_cluster_log_types", "enabled_cloudwatch_logs_exports", "setting.value")
_BLOCKS = ("logging_config", "access_log_settings", "access_log_config", "log_config")
_DEPENDENTS = {
    "aws_s3_bucket_logging": Dependent("bucket", "Requests to the bucket are no longer logged"),
    "aws_flow_log": Dependent("vpc_id subnet_id eni_id", "The network's traffic is no longer logged"),
    "aws_cloudtrail": Dependent("", "API calls in the account are no longer logged"),
    "aws_config_configuration_recorder": Dependent("", "Changes of resources are no longer recorded"),
    "aws_config_delivery_channel": Dependent("", "Changes of resources are no longer stored"),
    "aws_guardduty_detector": Dependent("", "Attacks are no longer detected"),
    "aws_securityhub_account": Dependent("", "Security findings are no longer collected"),
    "aws_accessanalyzer_analyzer": Dependent("", "External access is no longer analyzed"),
    "aws_inspector2_enabler": Dependent("", "Vulnerabilities are no longer detected"),
    "aws_macie2_account": Dependent("", "Personal data is no longer detected"),
    "aws_cloudwatch_log_subscription_filter": Dependent(
        "log_group_name", "Logs are no longer sent to their destination"
    ),
    "aws_cloudwatch_log_metric_filter": Dependent(
        "log_group_name", "What it counted in logs is no longer counted"
    ),
    "aws_wafv2_web_acl_logging_configuration": Dependent(
        "resource_arn", "The firewall's requests are no longer logged"
    ),
    "aws_route53_query_log": Dependent("zone_id", "Queries are no longer logged"),
    "google_folder_iam_audit_config": Dependent("folder", "Data access is no longer logged"),
    "google_project_iam_audit_config": Dependent("project", "Data access is no longer logged"),
    "google_organization_iam_audit_config": Dependent("org_id", "Data access is no longer logged"),
    "google_logging_project_sink": Dependent("", "Logs are no longer sent to their destination"),
    "azurerm_monitor_diagnostic_setting": Dependent(
        "target_resource_id", "Its logs are no longer sent to a destination"
    ),
    "azurerm_network_watcher_flow_log": Dependent("", "The network's traffic is no longer logged"),
}
_ROUTES = {
    "aws_sns_topic_subscription": Dependent("topic_arn", "A subscriber is no longer notified"),
    "aws_cloudwatch_event_target": Dependent("rule", "An event is no longer sent to its target"),
    "aws_cloudwatch_event_rule": Dependent("", "Events are no longer processed"),
    "aws_codestarnotifications_notification_rule": Dependent(
        "resource", "A subscriber is no longer notified"
    ),
    "google_monitoring_notification_channel": Dependent("", "A subscriber is no longer notified"),
    "azurerm_monitor_action_group": Dependent("", "A subscriber is no longer notified"),
    "pagerduty_service_integration": Dependent("service", "Somebody is no longer paged"),
}


@ChangeRule.of(
    "alarm.destroyed",
    Severity.HIGH,
    "an alarm, health check or budget that is destroyed",
    "A failure of what it monitored is no longer reported.",
    "Name its replacement in the pull request. If it was only renamed, move it.",
    types=ALARMS,
)
def _alarms(change: ResourceChange) -> Iterator[Match]:
    if change.action in {Action.DELETE, Action.FORGET}:
        name = first(change.before, "alarm_name") or first(change.before, "name")
        yield Match(f"The {ALARMS[change.type]}{f' {name}' if isinstance(name, str) else ''} is destroyed")


@ChangeRule.of(
    "alarm.silent",
    Severity.HIGH,
    "an alarm without actions, or with its actions switched off",
    "The alarm changes its state, but notifies nobody.",
    "Add the team's topic as an action. If a composite alarm notifies instead, acknowledge the finding.",
    types=ALARMS,
)
def _silent(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _SWITCHES)
    for path in _ACTIONS.get(change.type, ()) if change.after is not None else ():
        if not values(change.after, path) and (change.before is None or values(change.before, path)):
            yield Match(f"The alarm notifies nobody ({path} is empty)", path=path)


@ChangeRule.of(
    "alarm.changed",
    Severity.LOW,
    "an alarm with a changed condition",
    "A higher threshold, or missing data that is treated differently, can hide a failure.",
    "Check that the alarm would still have reported the last incidents.",
    types=("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"),
)
def _criteria(change: ResourceChange) -> Iterator[Match]:
    differences = [changed for path in _CRITERIA if stays(change) for changed in difference(change, path)]
    known = tuple(changed for changed in differences if changed.after is not UNKNOWN)
    if known:
        names = ", ".join(dict.fromkeys(str(changed.path[0]) for changed in known))
        yield Match(f"The alarm's condition changes: {names}", known)


@ChangeRule.of(
    "logging.off",
    Severity.HIGH,
    "access logs, audit logs, tracing or scans that are switched off",
    "After an incident, there are no logs to find out what happened.",
    "Leave it as it is. If it costs too much, shorten the retention.",
    paths=(*paths(_LOGGING), *_LISTS, *_BLOCKS),
)
def _logging(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _LOGGING)
    for path in present(change, _LISTS) if stays(change) else ():
        before, after = values(change.before, path), values(change.after, path)
        missing = [str(value) for value in before if value not in after]
        if missing and UNKNOWN not in after and "value" not in path:
            yield Match(f"No longer logged: {', '.join(missing)}", path=path)
    for block in present(change, _BLOCKS) if stays(change) else ():
        if first(change.before, block) and not values(change.after, block):
            yield Match(f"Requests are no longer logged ({block} is no longer set)", path=block)


_rules_off = ChangeRule(
    "notification.off",
    Severity.MEDIUM,
    "a rule that no longer processes events",
    "Its targets are no longer started or notified, and no error is shown.",
    "Check what the targets of the rule did, and what does it now.",
    partial(turned, flags=_EVENTS),
    types=("aws_cloudwatch_event_rule",),
)


_off = PlanRule(
    "logging.removed",
    Severity.HIGH,
    "a trail, flow log, recorder or detector that is destroyed while the monitored resource stays",
    "After an incident, there are no logs to find out what happened.",
    "Keep it, or name its replacement in the pull request.",
    partial(removed_dependents, dependents=_DEPENDENTS),
    _DEPENDENTS,
)


_routes = PlanRule(
    "notification.removed",
    Severity.MEDIUM,
    "a subscription, event target or channel that is destroyed while its source stays",
    "Alarms and events are still sent, but reach fewer people.",
    "Check who still receives them. A changed e-mail address shows as one subscription added and one "
    "removed.",
    partial(removed_dependents, dependents=_ROUTES),
    _ROUTES,
)
