"""Rules about interruptions: resources without state that are missing for a time or permanently."""

from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import Action, Plan, ResourceChange
from plan_review.rules.attributes import difference, dotted, first, forcing, present, shown, stays, values
from plan_review.rules.resource_types.tables import SERVING
from plan_review.rules.rule import ChangeRule, Match, PlanRule

_RESTARTS = {
    "aws_instance": ("instance_type", "user_data", "user_data_base64", "ebs_optimized", "cpu_options"),
    "aws_db_instance": (
        "instance_class",
        "engine_version",
        "parameter_group_name",
        "multi_az",
        "storage_type",
    ),
    "aws_rds_cluster": ("engine_version", "db_cluster_parameter_group_name"),
    "aws_rds_cluster_instance": ("instance_class", "engine_version", "db_parameter_group_name"),
    "aws_docdb_cluster_instance": ("instance_class",),
    "aws_neptune_cluster_instance": ("instance_class",),
    "aws_elasticache_cluster": ("node_type", "engine_version", "parameter_group_name"),
    "aws_elasticache_replication_group": ("node_type", "engine_version", "parameter_group_name"),
    "aws_memorydb_cluster": ("node_type", "engine_version"),
    "aws_redshift_cluster": ("node_type", "number_of_nodes", "cluster_version"),
    "aws_mq_broker": ("host_instance_type", "engine_version", "configuration.revision"),
    "aws_msk_cluster": (
        "broker_node_group_info.instance_type",
        "kafka_version",
        "configuration_info.revision",
    ),
    "aws_opensearch_domain": ("engine_version", "cluster_config.instance_type"),
    "aws_eks_cluster": ("version",),
    "aws_eks_node_group": ("version", "release_version"),
    "google_compute_instance": ("machine_type",),
    "google_sql_database_instance": ("settings.tier", "database_version", "settings.availability_type"),
    "google_redis_instance": ("memory_size_gb", "redis_version"),
    "azurerm_linux_virtual_machine": ("size",),
    "azurerm_windows_virtual_machine": ("size",),
    "azurerm_postgresql_flexible_server": ("sku_name", "version"),
    "azurerm_mysql_flexible_server": ("sku_name", "version"),
    "azurerm_redis_cache": ("sku_name", "capacity"),
}
_TEMPLATES = {
    "aws_launch_template": ("user_data", "image_id", "instance_type", "metadata_options.http_endpoint"),
    "aws_launch_configuration": ("user_data", "image_id", "instance_type"),
    "google_compute_instance_template": ("machine_type", "metadata_startup_script"),
}
_CERTIFICATES = (
    *("certificate_arn", "acm_certificate_arn", "ssl_certificate_id", "regional_certificate_arn"),
    *("listener.ssl_certificate_id", "viewer_certificate.acm_certificate_arn"),
    *("viewer_certificate.iam_certificate_id", "domain_name_configuration.certificate_arn"),
    *("ssl_certificates",),
)
_RECORDS = {
    "aws_route53_record": ("records", "alias.name"),
    "google_dns_record_set": ("rrdatas",),
    "cloudflare_record": ("value", "content", "proxied"),
    "cloudflare_dns_record": ("content", "proxied"),
    "azurerm_dns_a_record": ("records", "target_resource_id"),
    "azurerm_dns_aaaa_record": ("records", "target_resource_id"),
    "azurerm_dns_cname_record": ("record", "target_resource_id"),
    "azurerm_private_dns_a_record": ("records",),
    "azurerm_private_dns_cname_record": ("record",),
    "digitalocean_record": ("value",),
    "hetznerdns_record": ("value",),
}
_ON_AND_OFF = {
    "aws_cloudfront_distribution": ("enabled",),
    "aws_globalaccelerator_accelerator": ("enabled",),
    "aws_lambda_event_source_mapping": ("enabled",),
    "aws_api_gateway_api_key": ("enabled",),
    "azurerm_cdn_frontdoor_endpoint": ("enabled",),
    "azurerm_linux_web_app": ("enabled",),
    "azurerm_windows_web_app": ("enabled",),
}
_ORIGINS = {
    "aws_cloudfront_distribution": ("origin.domain_name",),
    "aws_api_gateway_integration": ("uri",),
    "aws_apigatewayv2_integration": ("integration_uri",),
    "aws_lb_listener": ("default_action.target_group_arn", "default_action.redirect.host"),
    "aws_lb_listener_rule": ("action.target_group_arn", "action.redirect.host"),
    "azurerm_cdn_frontdoor_origin": ("host_name",),
    "google_compute_url_map": ("default_service",),
}
_ASKED = (
    *("health_check.path", "health_check.port", "health_check.protocol", "health_check.matcher"),
    *("health_check.target", "port", "protocol"),
)
_PATIENCE = (
    *("health_check.healthy_threshold", "health_check.unhealthy_threshold"),
    *("health_check.timeout", "health_check.interval"),
)
_TARGET_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
_ARCHITECTURES = ("x86_64", "arm64")


@ChangeRule.of(
    "outage.replaced",
    Severity.HIGH,
    "a resource that serves requests and is destroyed before its replacement exists",
    "It is unavailable for minutes; and permanently, if creating the new one fails.",
    "Create the new one first (create_before_destroy, with a name_prefix), or apply at a quiet hour.",
    types=SERVING,
)
def _replaced(change: ResourceChange) -> Iterator[Match]:
    if change.action is Action.REPLACE:
        forced = ", ".join(dotted(path) for path in change.replace_paths)
        why = f", forced by {forced}" if forced else ""
        yield Match(
            f"The {SERVING[change.type]} is destroyed before a new one is created{why}", forcing(change)
        )


@ChangeRule.of(
    "outage.in-turn",
    Severity.LOW,
    "a resource that serves requests and is replaced by a new one that is created first",
    "Everything that uses its id, address or ARN has to be updated.",
    "Check what refers to it outside this code.",
    types=SERVING,
)
def _in_turn(change: ResourceChange) -> Iterator[Match]:
    if change.action is Action.CREATE_BEFORE_DESTROY:
        yield Match(
            f"A new {SERVING[change.type]} is created, then the old one is destroyed", forcing(change)
        )


@ChangeRule.of(
    "outage.restart",
    Severity.MEDIUM,
    "a change in place that restarts or interrupts a resource",
    "Connections are closed, and requests fail for minutes.",
    "Apply at a quiet hour, or change one host or replica at a time.",
    types=_RESTARTS,
)
def _restarts(change: ResourceChange) -> Iterator[Match]:
    if change.action is Action.UPDATE:
        for path in _RESTARTS[change.type]:
            if differing := difference(change, path):
                when = _window(change)
                yield Match(f"A changed {path} restarts or interrupts it{when}", differing)


def _window(change: ResourceChange) -> str:
    soon = first(change.after, "apply_immediately")
    if soon is True:
        return ", at once"
    return ", in the next maintenance window" if soon is False else ""


@ChangeRule.of(
    "outage.template",
    Severity.LOW,
    "a changed template from which hosts are started",
    "Old and new hosts run side by side. A mistake shows only when the next host is started.",
    "Replace the hosts soon after the apply (instance refresh), and monitor them.",
    types=_TEMPLATES,
)
def _templates(change: ResourceChange) -> Iterator[Match]:
    paths = _TEMPLATES[change.type]
    differing = tuple(changed for path in paths for changed in difference(change, path))
    if change.action is Action.UPDATE and differing:
        names = ", ".join(dict.fromkeys(dotted(changed.path) for changed in differing))
        yield Match(f"New hosts start with a changed {names}; running hosts keep the old one", differing)


@ChangeRule.of(
    "outage.certificate",
    Severity.MEDIUM,
    "a different certificate on a listener, distribution or domain",
    "If the certificate does not cover every name, or is not issued yet, browsers reject the whole site.",
    "Check the names of the certificate, and that it is issued.",
    paths=_CERTIFICATES,
)
def _certificates(change: ResourceChange) -> Iterator[Match]:
    for path in present(change, _CERTIFICATES) if change.action is Action.UPDATE else ():
        if values(change.before, path) and (differing := difference(change, path)):
            yield Match(f"A different certificate is used ({path})", differing)


@ChangeRule.of(
    "outage.health-path",
    Severity.HIGH,
    "a health check of a target group that asks something else",
    "Hosts that do not answer the new check are taken out of service as soon as it is applied, all at once.",
    "First release a version that answers both, then apply; the old answer goes with a later release.",
    types=(*_TARGET_GROUPS, "aws_elb"),
)
def _health(change: ResourceChange) -> Iterator[Match]:
    yield from _health_check(change, _ASKED)


@ChangeRule.of(
    "outage.health-check",
    Severity.MEDIUM,
    "a health check of a target group that is more or less patient",
    "Hosts may be taken out of service for answers that were good enough before.",
    "Compare it with how fast the hosts answer under load.",
    types=(*_TARGET_GROUPS, "aws_elb"),
)
def _patience(change: ResourceChange) -> Iterator[Match]:
    yield from _health_check(change, _PATIENCE)


def _health_check(change: ResourceChange, paths: tuple[str, ...]) -> Iterator[Match]:
    differing = tuple(changed for path in paths for changed in difference(change, path))
    if change.action is Action.UPDATE and differing:
        names = ", ".join(dict.fromkeys(dotted(changed.path) for changed in differing))
        yield Match(f"The health check of the hosts changes: {names}", differing)


@ChangeRule.of(
    "outage.host-port",
    Severity.BLOCK,
    "a target group of instances that is replaced by one on another port",
    "No host listens on the new port when the load balancer is switched to it: every request fails until each"
    " host was renewed or released to. There is no order of steps that avoids it.",
    "Keep the port (hosts.host_port; containers may use another, app.port), or move to a new environment.",
    types=("aws_lb_target_group",),
)
def _host_port(change: ResourceChange) -> Iterator[Match]:
    instances = first(change.before, "target_type") in (None, "instance")
    if change.action.replaces and instances and (differing := difference(change, "port")):
        yield Match("The hosts are expected on another port at once", differing)


@ChangeRule.of(
    "outage.architecture",
    Severity.BLOCK,
    "a template of hosts whose image is for another CPU architecture",
    "The next host that is started cannot run the release of its group: it is ended, and another is started.",
    "Make a new environment of the other architecture, move the traffic, and remove the old one.",
    types=("aws_launch_template",),
)
def _architecture(change: ResourceChange) -> Iterator[Match]:
    before, after = first(change.before, "image_id"), first(change.after, "image_id")
    if change.action is Action.UPDATE and isinstance(before, str) and isinstance(after, str):
        was, becomes = (
            [architecture for architecture in _ARCHITECTURES if architecture in image]
            for image in (before, after)
        )
        if was and becomes and was != becomes:
            yield Match(
                f"Hosts are {becomes[0]} from now on, and were {was[0]}", difference(change, "image_id")
            )


@ChangeRule.of(
    "outage.dns",
    Severity.MEDIUM,
    "a DNS record that points to a different target",
    "Clients use the cached old target until the TTL has expired.",
    "Lower the TTL beforehand, and keep the old target until the old TTL has expired.",
    types=_RECORDS,
)
def _records(change: ResourceChange) -> Iterator[Match]:
    differing = tuple(changed for path in _RECORDS[change.type] for changed in difference(change, path))
    if change.action is Action.UPDATE and differing:
        name = first(change.after, "name") or first(change.after, "fqdn")
        yield Match(
            f"{shown(name) if isinstance(name, str) else 'The name'} points to a different target", differing
        )


@PlanRule.of(
    "outage.destroyed",
    Severity.HIGH,
    "a resource that serves requests and is destroyed",
    "Everything that depends on it fails as soon as the plan is applied.",
    "Check in metrics and flow logs that it is no longer used.",
    types=SERVING,
)
def _destroyed(plan: Plan) -> Iterator[Match]:
    created = {change.type for change in plan.changes if change.action is Action.CREATE}
    for change in plan.changes:
        if change.type in SERVING and change.action is Action.DELETE and not change.deposed:
            hint = (
                "; another one is created: if it was only renamed, move it" if change.type in created else ""
            )
            yield Match(f"The {SERVING[change.type]} is destroyed{hint}", (), change)


@ChangeRule.of(
    "outage.switched-off",
    Severity.HIGH,
    "a resource that serves requests and is switched off",
    "Everything that depends on it fails as soon as the plan is applied.",
    "Check in metrics and access logs that it is no longer used.",
    types=_ON_AND_OFF,
)
def _switched_off(change: ResourceChange) -> Iterator[Match]:
    for path in _ON_AND_OFF[change.type] if stays(change) else ():
        if first(change.before, path) is True and first(change.after, path) is False:
            yield Match(f"It is switched off ({path} = false)", path=path)


@ChangeRule.of(
    "outage.origin",
    Severity.MEDIUM,
    "requests that are sent to a different origin than before",
    "If the new origin is wrong, every request fails. The owner of the origin sees all requests.",
    "Check who owns the origin, and that it answers for this name.",
    types=_ORIGINS,
)
def _origins(change: ResourceChange) -> Iterator[Match]:
    for path in _ORIGINS[change.type] if stays(change) else ():
        if values(change.before, path) and (differing := difference(change, path)):
            yield Match(f"Requests are sent to a different origin ({path})", differing)
