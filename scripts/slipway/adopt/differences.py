"""Names what an apply would change of imported and moved resources, with the setting that prevents it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from plan_review.counts import count
from plan_review.difference import differences
from plan_review.imported import only_recorded
from plan_review.plan import Difference, Plan, ResourceChange
from plan_review.render import wording

SETTINGS: Mapping[tuple[str, str], str] = {
    ("aws_acm_certificate", "domain_name"): "environments.domain",
    ("aws_autoscaling_group", "max_instance_lifetime"): "hosts.max_age_days",
    ("aws_autoscaling_group", "max_size"): "environments.maximum_hosts",
    ("aws_autoscaling_group", "min_size"): "environments.minimum_hosts",
    ("aws_cloudwatch_log_group", "retention_in_days"): "log_retention_days",
    ("aws_cloudwatch_metric_alarm", "threshold"): "environments.alarms",
    ("aws_codedeploy_deployment_group", "deployment_config_name"): "environments.deployment",
    ("aws_codepipeline", "stage"): "source and environments",
    ("aws_codestarconnections_connection", "provider_type"): "source.provider",
    ("aws_ecr_lifecycle_policy", "policy"): "registry.keep_images",
    ("aws_ecr_repository", "image_tag_mutability"): "registry.immutable_tags",
    ("aws_ecr_repository_policy", "policy"): "registry.administrators",
    ("aws_iam_role", "permissions_boundary"): "permissions_boundary",
    ("aws_launch_template", "image_id"): "app.architecture",
    ("aws_launch_template", "instance_type"): "environments.instance_type",
    ("aws_lb", "enable_deletion_protection"): "environments.deletion_protection",
    ("aws_lb_listener", "certificate_arn"): "environments.certificate_arn",
    ("aws_lb_target_group", "health_check"): "app.health_path",
    ("aws_lb_target_group", "port"): "hosts.host_port",
    ("aws_subnet", "availability_zone"): "environments.zones",
    ("aws_subnet", "cidr_block"): "environments.cidr",
    ("aws_vpc", "cidr_block"): "environments.cidr",
    ("aws_vpc_security_group_ingress_rule", "cidr_ipv4"): "environments.allowed_cidrs",
}
"""The setting in pipeline.toml that decides an argument, by type and argument."""

NOTES: Mapping[tuple[str, str], str] = {
    (
        "aws_codepipeline",
        "trigger",
    ): "an import reads no triggers; the apply sends those of pipeline.toml",
}
ALWAYS = "Slipway always sets this; the apply changes it"
TAGS = ("tags", "tags_all")
SHOWN = 40  # characters of a value that are shown


@dataclass(frozen=True)
class ImportDifference:
    """An argument of an imported or moved resource that the apply would change.

    then: what prevents it, or why nothing does.
    """

    address: str
    what: str
    then: str

    @property
    def lines(self) -> tuple[str, str]:
        """Two lines for the terminal."""
        return f"{self.address}: {self.what}", f"    {self.then}"


def named(plan: Plan) -> Iterator[ImportDifference]:
    """The differences of every imported or moved resource; those of tags are put together."""
    tags: dict[tuple[str, str], list[str]] = defaultdict(list)
    for change in plan.changes:
        if (change.imported or change.moved) and not change.nothing and not only_recorded(change):
            yield from _of_arguments(change)
            for tag in _tags(change):
                tags[tag].append(change.address)
    for (what, then), addresses in tags.items():
        more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
        yield ImportDifference(f"{addresses[0]}{more}", what, then)


def _tags(change: ResourceChange) -> Iterator[tuple[str, str]]:
    """The tags that would change, and why; the provider's default tags are only in ``tags_all``."""
    found = {
        difference.path[1:]: difference
        for difference in differences(change)
        if difference.path[0] in TAGS and len(difference.path) > 1
    }
    for path, difference in found.items():
        kept = difference.after is None
        then = "the setting tags keeps it, on every resource" if kept else "Slipway tags every resource"
        yield _in_words(replace(difference, path=("tags", *path))), then


def verdict(plan: Plan) -> str:
    """What the plan does to existing resources, in one line."""
    counts = count(plan)
    destroyed = counts.destroyed + counts.replaced
    created = f", {counts.added:,} created" if counts.added else ""
    moved = f"{counts.moved:,} moved, " if counts.moved else ""
    forgotten = f", {counts.forgotten:,} forgotten" if counts.forgotten else ""
    existing = f"{counts.imported:,} imported, {counts.changed:,} changed, {destroyed:,} destroyed"
    return f"{moved}{existing}{forgotten}{created}"


def harms(plans: Sequence[Plan]) -> bool:
    """Whether applying would change or destroy anything that exists."""
    counts = [count(plan) for plan in plans]
    return any(number.changed or number.destroyed or number.replaced for number in counts)


def _of_arguments(change: ResourceChange) -> Iterator[ImportDifference]:
    """A difference for each argument, with its first place: a policy may differ in many."""
    places: dict[str, list[Difference]] = defaultdict(list)
    for difference in differences(change):
        if difference.path[0] not in TAGS and not _is_consequence(change, difference):
            places[str(difference.path[0])].append(difference)
    for argument, found in places.items():
        more = f", and {len(found) - 1} more places" if len(found) > 1 else ""
        forced = any(difference.forces_replacement for difference in found)
        then = _decided((change.type, argument), forced=forced)
        yield ImportDifference(change.address, _in_words(found[0]) + more, then)


def _decided(key: tuple[str, str], *, forced: bool) -> str:
    """What decides an argument. forced: whether its difference replaces the resource."""
    setting = SETTINGS.get(key)
    then = NOTES.get(key) or (f"decided by the setting {setting} in pipeline.toml" if setting else ALWAYS)
    if not forced:
        return then
    return f"this would replace it: {then}, or delete its line from adopt.toml to leave it alone"


def _in_words(difference: Difference) -> str:
    before, after = wording.both(difference.before, difference.after)
    return f"{wording.path(difference.path)}: {_short(before)} → {_short(after)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _is_consequence(change: ResourceChange, difference: Difference) -> bool:
    """Whether an attribute is only known after the apply, and the configuration does not set it."""
    return wording.shown(difference.after) == "(known after apply)" and change.defaults(
        str(difference.path[0])
    )
