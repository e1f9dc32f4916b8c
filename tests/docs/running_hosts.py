"""Writes docs/settings-on-running-hosts.md: the effect of each setting on a running environment.

Each row is a change of one setting and its effect. ``happens`` determines the effect: the settings are
synthesised before and after, built into a revision, and compared. ``make docs`` writes the page.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from modules.config.load import settle
from plan_review.evaluate import findings
from plan_review.finding import Severity
from plan_review.iam.permissions import permissions
from plan_review.plan import Action
from tests.docs.pages import ROOT
from tests.docs.wrapping import wrapped
from tests.plan_review.changes import change, plan
from tests.settings import (
    ACCOUNT,
    BALANCER_GROUP,
    BOUNDARY_ARN,
    CERTIFICATE_ARN,
    CONNECTION_ARN,
    ENVIRONMENT_KEY_ARN,
    KEY_ARN,
    LISTENER_ARN,
    PROVIDER_ARN,
    REGION,
    TOPIC_ARN,
    Table,
    environment,
    table,
)
from tests.synthesis import Synthesised, synthesise

sys.path.append(str(ROOT / "scripts" / "build"))
import app_json

PAGE = ROOT / "docs" / "settings-on-running-hosts.md"
SCHEMA = json.loads((ROOT / "pipeline.schema.json").read_text("utf-8"))
APPLY, RELEASE, RENEW, BLOCKED, OTHER, NOTHING = "apply", "release", "renew", "blocked", "other", "nothing"
WORDS = {
    APPLY: "with the apply",
    RELEASE: "with the next release",
    RENEW: "when hosts are renewed",
    BLOCKED: "blocked by the review",
    OTHER: "creates a new pipeline or environment",
    NOTHING: "nothing",
}
"""The texts of the effects, in the order in which a row lists them."""
REPLACES = {"aws_lb_target_group": ("name", "port", "protocol", "vpc_id", "target_type")}
"""Attributes that replace a resource, for types that are created before the old one is destroyed."""
ON_HOSTS = "aws_launch_template"
OF_TERRAFORM = ("//", "lifecycle", "depends_on")
SUBJECTS = ["repo:example/my-app:pull_request"]


@dataclass(frozen=True)
class Row:
    """A setting's path, the settings before and after, the effect, and a remark."""

    path: str
    before: Table
    after: Table
    happens: tuple[str, ...]
    remark: str = ""


def app(key: str, value: object, *happens: str, remark: str = "") -> Row:
    """A setting of the service."""
    return Row(f"app.{key}", {}, {"app": {key: value}}, happens, remark)


def top(key: str, value: object, *happens: str, before: Table | None = None, remark: str = "") -> Row:
    """A setting of the pipeline, or the first key in one of its tables."""
    table, _, name = key.rpartition(".")
    return Row(key, before or {}, {table: {name: value}} if table else {name: value}, happens, remark)


def own(key: str, value: object, *happens: str, remark: str = "", **before: object) -> Row:
    """A setting of an environment. before: its other settings, before and after."""
    names = key.split(".")
    after = {names[0]: value if len(names) == 1 else {names[1]: value}}
    return Row(
        f"environments.{key}",
        {"environments": [environment(**before)]},
        {"environments": [environment(**{**before, **after})]},
        happens,
        remark,
    )


NETWORK: Table = {"vpc_tags": {"Name": "a"}, "private_tags": {"tier": "a"}, "public_tags": {"tier": "b"}}
BALANCER: Table = {"name": "shared", "security_group": BALANCER_GROUP, "host_names": ["a.example.com"]}


def within(key: str, whole: Table, value: object, *happens: str, remark: str = "", less: str = "") -> Row:
    """A key of a network or a load balancer that exists.

    whole: the keys of its table before. less: the key that the new one replaces. Default: none.
    """
    table, _, name = key.partition(".")
    rest = {"network": {key: NETWORK[key] for key in ("vpc_tags", "private_tags")}}
    rest = {} if table == "network" else rest
    new = {**{key: old for key, old in whole.items() if key != less}, name: value}
    before: Table = {"environments": [environment(**rest, **{table: whole})]}
    after: Table = {"environments": [environment(**rest, **{table: new})]}
    return Row(f"environments.{key}", before, after, happens, remark)


def egress(key: str, value: object) -> Row:
    """A setting of an environment's egress."""
    way: Table = {"port": 5432, "cidr": "10.9.0.0/24"}
    after = {"port": 5432, key: value} if key == "security_group" else {**way, key: value}
    return Row(
        f"environments.egress.{key}",
        {"environments": [environment(egress=[way])]},
        {"environments": [environment(egress=[after])]},
        (APPLY,),
    )


VPC = "vpc-0123456789abcdef0"
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
PORTS = "the service gets the port as `PORT`; the hosts' port does not change"
LIMIT = "each release creates a new container"
S3: Table = {"source": {"s3": {}}}
CI: Table = {"access": {"github_subjects": SUBJECTS}}
ROWS = (
    top(
        "service",
        "other",
        OTHER,
        remark="every name begins with the service: the old pipeline stays until it is destroyed",
    ),
    top("account", "210987654321", OTHER, remark="the old pipeline stays in its account"),
    top("region", "eu-west-1", OTHER, remark="the old pipeline stays in its region"),
    top(
        "state_bucket",
        "another-bucket",
        OTHER,
        remark="move the states first; otherwise all resources are created a second time",
    ),
    top("log_retention_days", 365, APPLY),
    top("permissions_boundary", BOUNDARY_ARN, APPLY),
    top("codedeploy_managed_policy", True, APPLY),
    top(
        "tags",
        {"team": "b"},
        APPLY,
        RENEW,
        remark="hosts and their volumes get the tags when they are launched",
    ),
    app("port", 9000, RELEASE, remark=PORTS),
    app(
        *("health_path", "/healthz", APPLY, RELEASE),
        remark="release a commit that answers both paths, apply, then release one without the old path",
    ),
    app(
        "architecture",
        "arm64",
        BLOCKED,
        remark="create an environment with the other architecture, and move the service to it",
    ),
    app(
        *("aws_access", True, RELEASE, RENEW),
        remark="apply, renew, then release; on a host that was not renewed the release fails",
    ),
    app("health_seconds", 300, RELEASE),
    app("stop_seconds", 60, RELEASE, remark="the running container is still stopped within its own time"),
    app("memory_mib", 700, RELEASE, remark=LIMIT),
    app("cpus", 1.5, RELEASE, remark=LIMIT),
    app("pids", 64, RELEASE, remark=LIMIT),
    app("tmpfs", ["/tmp", "/run"], RELEASE, remark=LIMIT),
    top("hosts.host_port", 9000, BLOCKED, remark="change `app.port` instead, or create another environment"),
    top("hosts.codedeploy_agent", "2.1.0-9745926189", RENEW),
    top(
        "hosts.max_age_days",
        14,
        APPLY,
        remark="older hosts are replaced soon after, one after the other",
    ),
    top("release.command", ["true"], APPLY, remark="from the next release on"),
    top("release.minutes", 60, APPLY, before={"release": {"command": ["true"]}}),
    top("source.repository", "example/other", APPLY, before={"source": {"repository": "example/my-app"}}),
    top("source.branch", "release", APPLY),
    top("source.paths", ["app/**"], APPLY),
    top(
        "source.provider",
        "GitLab",
        APPLY,
        remark="creates another connection; a person must complete its handshake",
    ),
    top(
        "source.connection",
        "other",
        APPLY,
        remark="creates another connection; a person must complete its handshake",
    ),
    top("source.connection_arn", CONNECTION_ARN, APPLY),
    Row("source.s3.bucket", S3, {"source": {"s3": {"bucket": "sources-of-the-team"}}}, (APPLY,)),
    Row("source.s3.key", S3, {"source": {"s3": {"key": "app.zip"}}}, (APPLY,)),
    top(
        "registry.repository",
        "team/my-app",
        APPLY,
        RENEW,
        remark="the review blocks the deletion of the repository that was created: remove it from the state;"
        " images are not copied, so earlier commits cannot be rolled back to",
    ),
    top("registry.administrators", [f"arn:aws:iam::{ACCOUNT}:role/admin"], APPLY),
    top("registry.keep_images", 100, APPLY, remark="older images are deleted within a day"),
    top("terraform", "tofu", NOTHING, remark="another program plans and applies the same stacks"),
    top("registry.immutable_tags", True, APPLY, remark="requires AWS provider 6"),
    top("registry.fail_on_critical", True, APPLY, remark="from the next build on"),
    top(
        "key_arn",
        KEY_ARN,
        APPLY,
        remark="the review blocks the deletion of keys and repositories: set it before the first apply",
    ),
    top("alerts.emails", ["other@example.com"], APPLY, remark="effective when the address is confirmed"),
    Row(
        "alerts.topic_arn",
        {},
        {"alerts": {"topic_arn": TOPIC_ARN}},
        (APPLY,),
        "subscribe to the other topic first",
    ),
    Row(
        "alerts.topic_key_arn",
        {"alerts": {"topic_arn": TOPIC_ARN}},
        {"alerts": {"topic_arn": TOPIC_ARN, "topic_key_arn": KEY_ARN}},
        (APPLY,),
    ),
    top("access.github_subjects", ["repo:example/my-app:*"], APPLY, before=CI),
    Row(
        *("access.apply_subjects", {**CI, "permissions_boundary": BOUNDARY_ARN}),
        {
            "access": {
                "github_subjects": SUBJECTS,
                "apply_subjects": ["repo:example/my-app:environment:apply"],
            }
        },
        (APPLY,),
    ),
    Row(
        *("access.oidc_provider_arn", CI),
        {"access": {"github_subjects": SUBJECTS, "oidc_provider_arn": PROVIDER_ARN}},
        (APPLY,),
    ),
    own("name", "test", OTHER, remark="the old environment stays until it is destroyed"),
    own("approval", True, APPLY),
    own("account", ACCOUNT, NOTHING, remark="only the service's own is supported"),
    own("region", REGION, NOTHING, remark="only the service's own is supported"),
    own(
        "cidr",
        "10.21.0.0/16",
        APPLY,
        remark="the network and everything in it are replaced: the service is interrupted",
    ),
    within(
        *("network.vpc", {**NETWORK, "vpc_tags": {"Name": "a"}}, VPC, APPLY),
        less="vpc_tags",
        remark="the review blocks another VPC, which replaces the target group: make another environment",
    ),
    within("network.vpc_tags", NETWORK, {"Name": "b"}, APPLY, remark="safe if the same VPC has both tags"),
    within(
        *("network.private_subnets", NETWORK, SUBNETS, APPLY),
        less="private_tags",
        remark="Auto Scaling moves the hosts into them",
    ),
    within("network.private_tags", NETWORK, {"tier": "c"}, APPLY, remark="Auto Scaling moves the hosts"),
    within("network.public_subnets", NETWORK, SUBNETS, APPLY, less="public_tags"),
    within("network.public_tags", NETWORK, {"tier": "c"}, APPLY),
    Row(
        "environments.platform",
        {"environments": [environment(platform="web-prod", load_balancer={"host_names": ["a.example.com"]})]},
        {"environments": [environment(platform="web-test", load_balancer={"host_names": ["a.example.com"]})]},
        (APPLY,),
        "the review blocks another VPC, which replaces the target group: make another environment",
    ),
    within(
        *("load_balancer.name", BALANCER, "other", APPLY),
        remark="the rule is created on the other listener: move the DNS record first",
    ),
    within(
        *("load_balancer.listener", BALANCER, LISTENER_ARN, APPLY),
        less="name",
        remark="nothing, if it is the same listener",
    ),
    within("load_balancer.host_names", BALANCER, ["b.example.com"], APPLY),
    within("load_balancer.paths", {**BALANCER, "priority": 1}, ["/a/*"], APPLY),
    within("load_balancer.priority", BALANCER, 7, APPLY),
    within("load_balancer.security_group", BALANCER, "sg-0123456789abcdef1", APPLY),
    within("load_balancer.egress_rule", BALANCER, False, APPLY),
    own("zones", 3, APPLY, remark="new hosts are launched in the new zone"),
    own("instance_type", "t3.medium", RENEW),
    own("minimum_hosts", 3, APPLY),
    own("maximum_hosts", 6, APPLY),
    own("watch_minutes", 5, RELEASE),
    own("quiet_minutes", 5, APPLY, remark="from the next release on"),
    own("desired_hosts", 3, NOTHING, remark="used only at the first apply; later the load determines it"),
    own("deployment", "half_at_a_time", APPLY, remark="from the next deployment on"),
    own("deployment.hosts", 1, APPLY, remark="from the next deployment on"),
    own("deployment.percent", 50, APPLY, remark="from the next deployment on"),
    Row(
        "environments.deployment.zone_minutes",
        {"environments": [environment(minimum_hosts=4, deployment={"percent": 50})]},
        {"environments": [environment(minimum_hosts=4, deployment={"percent": 50, "zone_minutes": 10})]},
        (APPLY,),
        "from the next deployment on",
    ),
    own("nat", "per_zone", APPLY, remark="connections through the old gateway may be interrupted"),
    own(
        "endpoints",
        True,
        APPLY,
        RENEW,
        remark="renew at once: no release reaches a host before that, there or back",
    ),
    Row(
        "environments.certificate_arn",
        {"environments": [environment(certificate_arn=CERTIFICATE_ARN)]},
        {"environments": [environment(certificate_arn=CERTIFICATE_ARN.replace("abcdef", "fedcba"))]},
        (APPLY,),
        "the certificate must cover the domain name in use",
    ),
    Row(
        "environments.domain",
        {"environments": [environment(domain="a.example.com", hosted_zone="example.com")]},
        {"environments": [environment(domain="b.example.com", hosted_zone="example.com")]},
        (APPLY,),
        "the old name stops working immediately",
    ),
    Row(
        "environments.hosted_zone",
        {"environments": [environment(domain="a.b.example.com", hosted_zone="example.com")]},
        {"environments": [environment(domain="a.b.example.com", hosted_zone="b.example.com")]},
        (APPLY,),
    ),
    Row(
        "environments.plain_http",
        {"environments": [environment(certificate_arn=CERTIFICATE_ARN)]},
        {"environments": [environment(plain_http=True)]},
        (APPLY,),
    ),
    own("allowed_cidrs", ["192.0.2.0/24"], APPLY),
    egress("port", 6379),
    egress("cidr", "10.9.1.0/24"),
    egress("security_group", "sg-0123456789abcdef0"),
    own("alarms.alb_5xx", 20, APPLY),
    own("alarms.target_5xx", 20, APPLY),
    own("alarms.latency_seconds", 2.0, APPLY),
    own("alarms.unhealthy_hosts", 2, APPLY),
    own(
        "access_log_bucket",
        "logs-of-the-team",
        APPLY,
        remark="the bucket that was created is deleted only if it is empty",
    ),
    own(
        "key_arn",
        ENVIRONMENT_KEY_ARN,
        APPLY,
        remark="the review blocks the deletion of the key that was created: remove it from the state; store"
        " secrets again before the next release (slipway config set)",
    ),
    own("deletion_protection", False, APPLY),
    own("dashboard", False, APPLY),
)


@cache
def _made(text: str) -> tuple[Synthesised, Mapping[str, Any]]:
    data = json.loads(text)
    return synthesise(settle(data)), app_json.app(data, SCHEMA)


def made(changes: Table) -> tuple[Synthesised, Mapping[str, Any]]:
    """The stacks and app.json of the minimal settings with these changes; cached."""
    merged = table()
    for key, value in changes.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict) and not {"s3", "topic_arn"} & value.keys()
        merged[key] = {**old, **value} if both else value  # type: ignore[dict-item]
    return _made(json.dumps(merged, sort_keys=True))


def happens(row: Row) -> tuple[str, ...]:
    """The effect of the row's change, from the stacks and app.json before and after."""
    (before, old_app), (after, new_app) = made(row.before), made({**row.before, **row.after})
    if _place(before) != _place(after):
        return (OTHER,)
    changed = list(_changes(before, after))
    if any(_is_blocked(*each) for each in changed):
        return (BLOCKED,)
    found = {
        APPLY: any(_beside_hosts(*each) for each in changed),
        RELEASE: old_app != new_app,
        RENEW: any(kind == ON_HOSTS for kind, _, _ in changed),
    }
    return tuple(name for name, there in found.items() if there) or (NOTHING,)


def _place(made: Synthesised) -> dict[str, object]:
    """The backend of each stack's state."""
    return {name: stack["terraform"]["backend"] for name, stack in made.stacks.items()}


Attributes = dict[str, Any]


def _changes(before: Synthesised, after: Synthesised) -> Iterator[tuple[str, Attributes, Attributes]]:
    """The differences: a resource's type, and its attributes before and after; empty if it is missing."""
    sides = [_described(made) for made in (before, after)]
    for key in sorted({**sides[0], **sides[1]}):
        old, new = (_attributes(side[key]) if key in side else {} for side in sides)
        if old != new:
            yield key[1], old, new


def _described(made: Synthesised) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    """Resources and data sources, by stack, type and id."""
    return {
        (stack, kind, name): each
        for stack, content in made.stacks.items()
        for block in ("resource", "data")
        for kind, by_id in content.get(block, {}).items()
        for name, each in by_id.items()
    }


def _attributes(resource: Mapping[str, Any]) -> Attributes:
    """The attributes that Terraform compares with AWS."""
    ignored = resource.get("lifecycle", {}).get("ignore_changes", ())
    return {key: value for key, value in resource.items() if key not in (*OF_TERRAFORM, *ignored)}


def _beside_hosts(kind: str, before: Attributes, after: Attributes) -> bool:
    """Whether a resource other than the launch template changes, or the template's tags."""
    return kind != ON_HOSTS or before.get("tags") != after.get("tags")


def _is_blocked(kind: str, before: Attributes, after: Attributes) -> bool:
    """Whether a review of a plan with this change is blocked."""
    if not before or not after:
        return False
    again = any(before.get(name) != after.get(name) for name in REPLACES.get(kind, ()))
    action = Action.CREATE_BEFORE_DESTROY if again else Action.UPDATE
    planned = plan(
        change(f"{kind}.x", before={"id": "x", **before}, after={"id": "x", **after}, action=action)
    )
    return any(finding.severity is Severity.BLOCK for finding in findings(planned, permissions(planned), {}))


HEAD = """\
# Settings on running hosts

The effect of a change of `pipeline.toml` on a running environment. Each row is tested: the settings are
synthesised before and after, and compared. `tests/docs/running_hosts.py` writes this page.

- **With the apply**: `cdktf deploy` changes the resources in AWS; nothing changes on hosts.
- **With the next release**: the value is part of the revision, from the commit's own `pipeline.toml`,
  and a rollback restores it. A push that changes `pipeline.toml` is released (`source.paths`).
- **When hosts are renewed**: the apply changes the launch template, and running hosts stay as they
  are: `slipway status` shows them as stale. Apply, then run `slipway hosts renew --env <environment>`.
- **Blocked by the review**: the plan review blocks the change, because some requests would fail in
  every order of steps.

"""
TAIL = """
## A changed health path

The load balancer requests one path on all hosts, and the apply changes it. So the service must answer
both paths for a while:

1. Release a commit everywhere that answers the old and the new path, with the new one in
   `app.health_path`. The release checks hosts with the new path; the load balancer still uses the old.
2. Apply. The review rates it high (`outage.health-path`) for a reason: a host that does not answer the
   new path now is out of service within twenty seconds.
3. Release a commit that no longer answers the old path.

To go back to a commit before the first step, use the same steps in reverse order.
"""


def page() -> str:
    """The page's text."""
    lines = ["| setting | effect of a change | note |", "| --- | --- | --- |"]
    lines += [
        f"| `{row.path}` | {'; '.join(WORDS[happen] for happen in row.happens)} | {row.remark} |"
        for row in ROWS
    ]
    return wrapped(HEAD + "\n".join(lines) + "\n" + TAIL)


if __name__ == "__main__":
    Path(PAGE).write_text(page(), encoding="utf-8")
