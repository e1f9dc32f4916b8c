"""Rules about what would tell that something is wrong: alarms, logs, detectors, and whom they reach."""

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
    {"The alarm tells nobody": "actions_enabled", "The alarm is switched off": "enabled"},
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
            "Nobody can tell any more whether logs were changed": "enable_log_file_validation",
            "What happens in other regions is no longer logged": "is_multi_region_trail",
            "What happens in IAM is no longer logged": "include_global_service_events",
            "Slow queries can no longer be looked up": "performance_insights_enabled",
            "Images are no longer scanned": "image_scanning_configuration.scan_on_push",
        },
        right=ON,
    ),
    *flags({"Calls are no longer traced": "tracing_config.mode"}, right=("Active",)),
    *flags({"It no longer looks for attacks": "enable"}, right=ON, types=("aws_guardduty_detector",)),
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
    "aws_cloudtrail": Dependent("", "What is done in the account is no longer logged"),
    "aws_config_configuration_recorder": Dependent("", "Changes of resources are no longer recorded"),
    "aws_config_delivery_channel": Dependent("", "Changes of resources are no longer stored"),
    "aws_guardduty_detector": Dependent("", "Nobody looks for attacks any more"),
    "aws_securityhub_account": Dependent("", "Findings about security are no longer collected"),
    "aws_accessanalyzer_analyzer": Dependent("", "Access from outside is no longer looked for"),
    "aws_inspector2_enabler": Dependent("", "Weaknesses are no longer looked for"),
    "aws_macie2_account": Dependent("", "Personal data is no longer looked for"),
    "aws_cloudwatch_log_subscription_filter": Dependent(
        "log_group_name", "Logs no longer go where they went"
    ),
    "aws_cloudwatch_log_metric_filter": Dependent(
        "log_group_name", "What it counted in logs is no longer counted"
    ),
    "aws_wafv2_web_acl_logging_configuration": Dependent("resource_arn", "The firewall no longer logs"),
    "aws_route53_query_log": Dependent("zone_id", "Queries are no longer logged"),
    "google_folder_iam_audit_config": Dependent("folder", "Who reads what is no longer logged"),
    "google_project_iam_audit_config": Dependent("project", "Who reads what is no longer logged"),
    "google_organization_iam_audit_config": Dependent("org_id", "Who reads what is no longer logged"),
    "google_logging_project_sink": Dependent("", "Logs no longer go where they went"),
    "azurerm_monitor_diagnostic_setting": Dependent("target_resource_id", "Its logs no longer go anywhere"),
    "azurerm_network_watcher_flow_log": Dependent("", "The network's traffic is no longer logged"),
}
_ROUTES = {
    "aws_sns_topic_subscription": Dependent("topic_arn", "Somebody is no longer told"),
    "aws_cloudwatch_event_target": Dependent("rule", "An event no longer goes where it went"),
    "aws_cloudwatch_event_rule": Dependent("", "An event is no longer noticed"),
    "aws_codestarnotifications_notification_rule": Dependent("resource", "Somebody is no longer told"),
    "google_monitoring_notification_channel": Dependent("", "Somebody is no longer told"),
    "azurerm_monitor_action_group": Dependent("", "Somebody is no longer told"),
    "pagerduty_service_integration": Dependent("service", "Somebody is no longer called"),
}


@ChangeRule.of(
    "alarm.destroyed",
    Severity.HIGH,
    "an alarm, health check or budget that goes",
    "What it watched can break without anybody being told.",
    "Say in the request what watches it instead; if it was only renamed, move it.",
    types=ALARMS,
)
def _alarms(change: ResourceChange) -> Iterator[Match]:
    if change.action in {Action.DELETE, Action.FORGET}:
        name = first(change.before, "alarm_name") or first(change.before, "name")
        yield Match(f"The {ALARMS[change.type]}{f' {name}' if isinstance(name, str) else ''} goes")


@ChangeRule.of(
    "alarm.silent",
    Severity.HIGH,
    "an alarm without action, or with its actions switched off",
    "It goes off, and nobody hears it.",
    "Let it notify the team's topic; if a composite alarm speaks for it, acknowledge the finding.",
    types=ALARMS,
)
def _silent(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _SWITCHES)
    for path in _ACTIONS.get(change.type, ()) if change.after is not None else ():
        if not values(change.after, path) and (change.before is None or values(change.before, path)):
            yield Match(f"The alarm tells nobody ({path} is empty)", path=path)


@ChangeRule.of(
    "alarm.changed",
    Severity.LOW,
    "an alarm that goes off at something else than before",
    "A higher threshold, or missing data that no longer counts, can hide what it was made for.",
    "Check against the last incidents that it would still have gone off.",
    types=("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"),
)
def _criteria(change: ResourceChange) -> Iterator[Match]:
    differences = [each for path in _CRITERIA if stays(change) for each in difference(change, path)]
    known = tuple(each for each in differences if each.after is not UNKNOWN)
    if known:
        names = ", ".join(dict.fromkeys(str(each.path[0]) for each in known))
        yield Match(f"The alarm goes off at something else: {names}", known)


@ChangeRule.of(
    "logging.off",
    Severity.HIGH,
    "access logs, audit logs, tracing or scans switched off",
    "After an incident nobody can tell what happened, and to whom.",
    "Leave it as it is; if it costs too much, shorten how long it is kept.",
    paths=(*paths(_LOGGING), *_LISTS, *_BLOCKS),
)
def _logging(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _LOGGING)
    for path in present(change, _LISTS) if stays(change) else ():
        before, after = values(change.before, path), values(change.after, path)
        missing = [str(each) for each in before if each not in after]
        if missing and UNKNOWN not in after and "value" not in path:
            yield Match(f"No longer logged: {', '.join(missing)}", path=path)
    for block in present(change, _BLOCKS) if stays(change) else ():
        if first(change.before, block) and not values(change.after, block):
            yield Match(f"Requests are no longer logged ({block} is no longer set)", path=block)


_rules_off = ChangeRule(
    "notification.off",
    Severity.MEDIUM,
    "a rule that no longer notices events",
    "What it started or told no longer happens, silently.",
    "Check what the rule's targets did, and what does it now.",
    partial(turned, flags=_EVENTS),
    types=("aws_cloudwatch_event_rule",),
)


_off = PlanRule(
    "logging.removed",
    Severity.HIGH,
    "a trail, flow log, recorder or detector that goes while what it watched stays",
    "After an incident nobody can tell what happened, and to whom.",
    "Keep it, or say in the request what takes its place.",
    partial(removed_dependents, dependents=_DEPENDENTS),
    _DEPENDENTS,
)


_routes = PlanRule(
    "notification.removed",
    Severity.MEDIUM,
    "a subscription, event target or channel that goes while its source stays",
    "Alarms and events go on, and reach fewer people.",
    "Check who is still told; an address that changed is a subscription more and one less.",
    partial(removed_dependents, dependents=_ROUTES),
    _ROUTES,
)
