"""Every name and ARN that follows from the settings."""

import dataclasses
from collections import Counter

import pytest

from modules.config.load import SettingsError
from modules.config.names import EnvironmentNames, Names, Scope
from modules.config.values import RESERVED_ENVIRONMENTS
from tests.settings import ACCOUNT, demo, environment, longest, minimal, table, variants

HERE = f"eu-central-1:{ACCOUNT}"
ALARMS = ("alb-5xx", "target-5xx", "unhealthy-hosts", "latency", "status-check")

# What AWS takes; names that are arguments or paths are asked for below.
LIMITS = {
    "application": 100,
    "artifact_bucket": 63,
    "build_log_group": 512,
    "build_project": 150,
    "build_role": 64,
    "cache_repository": 256,
    "connection": 32,
    "dashboard": 255,
    "delivery_key_alias": 256,
    "delivery_pipeline": 100,
    "deploy_role": 64,
    "deployment_group": 100,
    "flow_log_role": 64,
    "host_role": 64,
    "hosts": 255,
    "key_alias": 256,
    "load_balancer": 32,
    "load_balancer_log_bucket": 63,
    "operator_policy": 128,
    "pipeline_role": 64,
    "plan_role": 64,
    "repository": 256,
    "run_policy": 128,
    "run_project": 150,
    "run_role": 64,
    "shell_policy": 128,
    "session_document": 128,
    "source_event_role": 64,
    "state_bucket": 63,
    "target_group": 32,
    "topic": 256,
    "apply_role": 64,
    "viewer_policy": 128,
}


def properties(names: Scope) -> dict[str, str]:
    """Every name that is text, by its property."""
    own = {
        key
        for kind in type(names).__mro__
        for key, value in vars(kind).items()
        if isinstance(value, property)
    }
    values = {key: getattr(names, key) for key in sorted(own)}
    return {key: value for key, value in values.items() if isinstance(value, str)}


def test_the_demos_shared_names() -> None:
    assert properties(Names.of(demo())) == {
        "access_stack": "my-app-access",
        "application": "my-app",
        "artifact_bucket": f"my-app-artifacts-{ACCOUNT}-eu-central-1",
        "build_log_group": "/my-app/delivery/build",
        "build_project": "my-app-build",
        "build_role": "my-app-build",
        "cache_repository": "my-app-cache",
        "connection": "my-app",
        "delivery_key_alias": "alias/my-app-delivery",
        "delivery_pipeline": "my-app",
        "delivery_stack": "my-app-delivery",
        "foundation_stack": "my-app-foundation",
        "key_alias": "alias/my-app",
        "operator_policy": "my-app-operator",
        "pipeline_role": "my-app-pipeline",
        "plan_role": "my-app-plan",
        "registry_host": f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com",
        "repository": "my-app",
        "revision_artifact_prefix": "my-app/Revision/",
        "revision_prefix": "revisions/",
        "runbooks": "https://github.com/example/my-app/blob/main/docs/runbooks",
        "source_artifact_prefix": "my-app/Source/",
        "source_event_role": "my-app-source-events",
        "state_bucket": f"my-app-tfstate-{ACCOUNT}-eu-central-1",
        "topic": "my-app-alerts",
        "topic_arn": f"arn:aws:sns:{HERE}:my-app-alerts",
        "apply_role": "my-app-apply",
        "viewer_policy": "my-app-viewer",
    }


def test_the_demos_names_in_an_environment() -> None:
    staging, _ = Names.of(demo()).environments
    assert properties(staging) == {
        "dashboard": "my-app-staging",
        "deploy_role": "my-app-staging-deploy",
        "deployment_group": "my-app-staging",
        "deployment_group_arn": f"arn:aws:codedeploy:{HERE}:deploymentgroup:my-app/my-app-staging",
        "flow_log_role": "my-app-staging-flow-logs",
        "host_role": "my-app-staging-host",
        "hosts": "my-app-staging",
        "launch_hook": "first-boot",
        "failed_launches_rule": "my-app-staging-failed-launches",
        "key": "alias/my-app-staging",
        "key_alias": "alias/my-app-staging",
        "load_balancer": "my-app-staging",
        "load_balancer_log_bucket": f"my-app-staging-alb-logs-{ACCOUNT}-eu-central-1",
        "metric_namespace": "my-app/staging",
        "run_policy": "my-app-staging-run",
        "run_project": "my-app-staging-run",
        "run_role": "my-app-staging-run",
        "shell_policy": "my-app-staging-shell",
        "session_document": "my-app-staging-shell",
        "parameter_path": "/my-app/staging",
        "prefix": "my-app-staging",
        "stack": "my-app-staging",
        "target_group": "my-app-staging-8080",
    }


def test_names_that_are_asked_for_by_what_they_name() -> None:
    names = Names.of(demo())
    staging = names.environments[0]
    assert names.state_key("my-app-staging") == "my-app/my-app-staging.tfstate"
    assert names.event_rule("source") == "my-app-source"
    assert names.arn("sns", "topic") == f"arn:aws:sns:{HERE}:topic"
    assert names.role_arn("admin") == f"arn:aws:iam::{ACCOUNT}:role/admin"
    assert names.bucket_arn("logs") == "arn:aws:s3:::logs"
    assert staging.log_group("app") == "/my-app/staging/app"
    assert staging.alarm("alb-5xx") == "my-app-staging-alb-5xx"


def test_stacks_stand_in_the_order_in_which_they_are_first_applied() -> None:
    assert Names.of(demo()).stacks == (
        *("my-app-foundation", "my-app-access", "my-app-staging", "my-app-prod", "my-app-delivery"),
    )
    assert Names.of(minimal()).stacks == (
        "my-app-foundation", "my-app-access", "my-app-staging", "my-app-delivery",
    )  # fmt: skip


def test_what_the_settings_name_themselves_is_named_so() -> None:
    names = Names.of(
        minimal(
            state_bucket="team-state", source={"repository": "example/my-app", "connection": "team-github"}
        )
    )
    assert (names.state_bucket, names.connection) == ("team-state", "team-github")


def test_an_environment_may_say_the_services_account_and_region() -> None:
    said = minimal(environments=[environment(account=ACCOUNT, region="eu-central-1")])
    assert Names.of(said).environments == Names.of(minimal()).environments


def test_the_target_group_of_another_port_is_another() -> None:
    target_groups = {
        Names.of(minimal(hosts={"host_port": port})).environments[0].target_group for port in (8080, 9090)
    }
    assert target_groups == {"my-app-staging-8080", "my-app-staging-9090"}


@pytest.mark.parametrize("name", variants())
def test_every_name_is_within_what_aws_takes(name: str) -> None:
    names = Names.of(variants()[name])
    for each in (names, *names.environments):
        found = {key: value for key, value in properties(each).items() if key in LIMITS}
        assert {key: value for key, value in found.items() if len(value) > LIMITS[key]} == {}
    assert all(len(each.alarm(what)) <= 255 for each in names.environments for what in ALARMS)


def test_the_longest_settings_leave_no_room() -> None:
    names = Names.of(longest())
    for each in names.environments:
        assert (len(each.target_group), len(each.load_balancer_log_bucket)) == (32, 63)
    longer = table(service=f"{longest().service}y", region=longest().region, hosts={"host_port": 65535})
    with pytest.raises(SettingsError, match="makes the target group's name 39 characters long"):
        minimal(**longer)


def test_every_name_that_aws_limits_tightly_is_checked() -> None:
    checked = {(each.name, each.limit) for each in Names.of(longest()).limited()}
    names = Names.of(longest())
    tight = {
        (value, LIMITS[key])
        for each in (names, *names.environments)
        for key, value in properties(each).items()
        if LIMITS.get(key, 999) < 64
    }
    assert tight <= checked


def test_no_connection_is_limited_where_none_is_made() -> None:
    made = [each.what for each in Names.of(minimal()).limited()]
    not_made = [each.what for each in Names.of(minimal(source={"s3": {}})).limited()]
    assert set(made) - set(not_made) == {"connection"}


@pytest.mark.parametrize("kind", ["role", "bucket", "alias", "log group", "stack", "alarm"])
def test_no_two_things_of_a_kind_share_a_name(kind: str) -> None:
    """Not even where environments are named like parts of names."""
    environments = [
        environment(name=name, cidr=f"10.{n}.0.0/16")
        for n, name in enumerate(
            ("a", "a-host", "host", "a-8080", "alb", "alb-logs", "a-alb", "logs", "latency")
        )
    ]
    names = Names.of(minimal(environments=environments))
    every = names.environments
    roles = (names.build_role, names.pipeline_role, names.source_event_role, names.plan_role)
    kinds = {
        "role": [*roles, *(r for e in every for r in (e.host_role, e.deploy_role, e.flow_log_role))],
        "bucket": [names.artifact_bucket, names.state_bucket, *(e.load_balancer_log_bucket for e in every)],
        "alias": [names.key_alias, names.delivery_key_alias, *(e.key_alias for e in every)],
        "log group": [
            names.build_log_group,
            *(
                e.log_group(what)
                for e in every
                for what in ("app", "agent", "deployments", "flow-logs", "sessions")
            ),
        ],
        "stack": [*names.stacks],
        "alarm": [e.alarm(what) for e in every for what in ALARMS],
    }
    assert [name for name, times in Counter(kinds[kind]).items() if times > 1] == []


def test_the_names_of_shared_things_are_reserved() -> None:
    names = Names.of(demo())
    shared = [names.foundation_stack, names.delivery_stack, names.access_stack, names.build_role, names.topic]
    shared += [names.pipeline_role, names.plan_role, names.source_event_role, names.cache_repository]
    assert {each.removeprefix("my-app-") for each in shared} <= set(RESERVED_ENVIRONMENTS)


def test_names_are_values() -> None:
    assert Names.of(demo()) == Names.of(demo())
    assert {field.name for field in dataclasses.fields(EnvironmentNames)} == {
        *("service", "account", "region", "environment", "host_port", "key_arn"),
    }
