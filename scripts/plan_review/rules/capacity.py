"""Rules about capacity: the number of hosts or tasks, and how many a deployment takes out at once."""

from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import Action, ResourceChange
from plan_review.rules.attributes import first, number, shown, stays, values
from plan_review.rules.flags import ON, flags, paths, turned
from plan_review.rules.rule import ChangeRule, Match

_SIZES = {
    "aws_autoscaling_group": ("min_size", "desired_capacity", "max_size"),
    "aws_ecs_service": ("desired_count",),
    "aws_appautoscaling_target": ("min_capacity", "max_capacity"),
    "aws_eks_node_group": (
        "scaling_config.min_size",
        "scaling_config.desired_size",
        "scaling_config.max_size",
    ),
    "aws_lambda_function": ("reserved_concurrent_executions",),
    "aws_lambda_provisioned_concurrency_config": ("provisioned_concurrent_executions",),
    "aws_elasticache_replication_group": ("num_cache_clusters", "num_node_groups", "replicas_per_node_group"),
    "aws_opensearch_domain": ("cluster_config.instance_count",),
    "aws_msk_cluster": ("number_of_broker_nodes",),
    "aws_dynamodb_table": ("read_capacity", "write_capacity"),
    "aws_kinesis_stream": ("shard_count",),
    "aws_redshift_cluster": ("number_of_nodes",),
    "google_compute_instance_group_manager": ("target_size",),
    "google_compute_region_instance_group_manager": ("target_size",),
    "google_compute_autoscaler": ("autoscaling_policy.min_replicas",),
    "google_container_node_pool": ("node_count", "autoscaling.min_node_count"),
    "google_cloud_run_v2_service": ("template.scaling.max_instance_count",),
    "azurerm_linux_virtual_machine_scale_set": ("instances",),
    "azurerm_kubernetes_cluster_node_pool": ("node_count", "min_count"),
    "kubernetes_deployment": ("spec.replicas",),
    "kubernetes_deployment_v1": ("spec.replicas",),
}
_AT_ONCE = ("deployment_config_name", "traffic_routing_config.type")
_BACK = (
    *flags(
        {
            "A failed deployment is not rolled back": (
                "auto_rollback_configuration.enabled deployment_circuit_breaker.rollback"
            ),
            "Alarms no longer stop a deployment": "alarm_configuration.enabled",
            "A failing deployment is not stopped": "deployment_circuit_breaker.enable",
            "A failed instance refresh is not rolled back": "instance_refresh.preferences.auto_rollback",
            "A failure of one zone causes an outage": "multi_az multi_az_enabled zone_redundant",
            "A failure of one node causes an outage": "automatic_failover_enabled",
            "Traffic is no longer distributed across zones": "enable_cross_zone_load_balancing",
        },
        right=ON,
    ),
    *flags(
        {"Deployments continue without readable alarms": "alarm_configuration.ignore_poll_alarm_failure"},
        wrong=ON,
    ),
)


def _sizes(change: ResourceChange) -> Iterator[tuple[str, float, float]]:
    for path in _SIZES[change.type] if stays(change) else ():
        was, becomes = number(first(change.before, path)), number(first(change.after, path))
        if was is not None and becomes is not None and 0 <= becomes < was:
            yield path, was, becomes


@ChangeRule.of(
    "capacity.none",
    Severity.HIGH,
    "hosts, tasks or replicas that are scaled to zero",
    "No requests are answered.",
    "If the service is to be switched off, destroy it, or acknowledge the finding until the day it is "
    "started again.",
    types=_SIZES,
)
def _none(change: ResourceChange) -> Iterator[Match]:
    for path, was, becomes in _sizes(change):
        if becomes == 0:
            yield Match(f"{path} is set to 0 (before: {was:g}): no capacity is guaranteed", path=path)


@ChangeRule.of(
    "capacity.less",
    Severity.MEDIUM,
    "fewer hosts, tasks or replicas, or less throughput, than before",
    "The remaining capacity has to serve all requests, also during a deployment or a failure.",
    "Compare it with the busiest hour of the last weeks.",
    types=_SIZES,
)
def _less(change: ResourceChange) -> Iterator[Match]:
    for path, was, becomes in _sizes(change):
        if becomes > 0:
            yield Match(f"{path} is reduced: {was:g} → {becomes:g}{_below(change)}", path=path)


def _below(change: ResourceChange) -> str:
    """A text if an Auto Scaling group's new maximum is below its minimum until now; otherwise ""."""
    lowest, wanted = number(first(change.before, "min_size")), number(first(change.after, "max_size"))
    both = lowest is not None and wanted is not None
    return f", below the least until now ({lowest:g})" if both and (wanted or 0) < (lowest or 0) else ""


@ChangeRule.of(
    "capacity.at-once",
    Severity.HIGH,
    "deployments that may replace all hosts or tasks at once",
    "Each release causes an outage, and a bad release reaches all users before anything can stop it.",
    "Deploy one at a time, or half at a time.",
    types=(
        "aws_codedeploy_deployment_group",
        "aws_codedeploy_deployment_config",
        "aws_ecs_service",
        "aws_autoscaling_group",
    ),
)
def _at_once(change: ResourceChange) -> Iterator[Match]:
    for path in _AT_ONCE:
        before, after = first(change.before, path), first(change.after, path)
        if isinstance(after, str) and "allatonce" in after.lower() and before != after:
            yield Match(f"All hosts are deployed to at once ({path} = {shown(after)})", path=path)
    for path in ("minimum_healthy_hosts.value", "deployment_minimum_healthy_percent"):
        before, after = first(change.before, path), first(change.after, path)
        if number(after) == 0 and before != after and change.action is not Action.NO_OP:
            yield Match(f"A deployment may stop all hosts or tasks ({path} = 0)", path=path)
    preferences = "instance_refresh.preferences.min_healthy_percentage"
    if number(first(change.after, preferences)) == 0 and number(first(change.before, preferences)) != 0:
        yield Match(
            f"An instance refresh may replace all hosts at once ({preferences} = 0)", path=preferences
        )


@ChangeRule.of(
    "capacity.no-way-back",
    Severity.HIGH,
    "rollbacks, alarms that stop deployments, or failover that are switched off",
    "A failed deployment or zone stays failed until somebody notices and acts.",
    "Leave it as it is. A single deployment can disable its own rollback if it has to.",
    paths=("auto_rollback_configuration", *paths(_BACK)),
)
def _back(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _BACK)
    path = "auto_rollback_configuration.events"
    missing = [str(value) for value in values(change.before, path) if value not in values(change.after, path)]
    is_group = change.type == "aws_codedeploy_deployment_group"
    if is_group and stays(change) and missing and values(change.after, path):
        yield Match(f"No longer rolled back after {', '.join(missing)}", path=path)
