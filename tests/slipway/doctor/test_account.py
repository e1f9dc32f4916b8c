"""What doctor finds in an account: each thing as it is, and what to do about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws
from slipway.checkout.project import Project
from slipway.console.errors import SlipwayError
from slipway.doctor import account, delivery, quotas, region
from slipway.doctor.check import Check
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from tests.settings import CONNECTION_ARN, PROVIDER_ARN, demo, minimal, one_environment
from tests.slipway.status.world import World, world

GITHUB = {"github_subjects": ["repo:example/my-app:*"]}


@dataclass(frozen=True)
class Here:
    """A project and its account."""

    world: World
    project: Project


@pytest.fixture
def here() -> Iterator[Here]:
    with world() as made:
        yield Here(made, of(made.settings, made))


def of(settings: PipelineSettings, made: World) -> Project:
    return Project(Path(), settings, World(made.aws, settings).names)


def said(findings: Iterable[Check]) -> list[tuple[str, str]]:
    return [(finding.state, finding.what) for finding in findings]


def with_settings(here: Here, **settings: Any) -> Project:  # noqa: ANN401 - as settings take them
    return of(minimal(**settings), here.world)


def test_the_account_is_named_with_who_we_are_in_it(here: Here) -> None:
    found = account.account(here.project, here.world.aws)
    assert found.state == "ok"
    assert found.what.startswith("account 123456789012, as arn:aws:")


def test_a_region_that_is_enabled_is_ok_and_another_says_how_to_enable_it(here: Here) -> None:
    assert said(account.region(here.project, here.world.aws)) == [("ok", "region eu-central-1")]
    with Stubber(here.world.aws.ec2) as stub:
        region = {"RegionName": "eu-central-1", "OptInStatus": "not-opted-in"}
        stub.add_response("describe_regions", {"Regions": [region]})
        [found] = account.region(here.project, here.world.aws)
    assert found.state == "todo"
    assert "aws account enable-region --region-name eu-central-1" in found.then


def test_a_state_bucket_that_is_missing_damaged_and_whole(here: Here) -> None:
    name = here.project.names.state_bucket
    [missing] = account.state(here.project, here.world.aws)
    assert (missing.state, missing.then) == ("todo", "run slipway bootstrap")
    bootstrap(StateBucket.of(here.world.aws, here.project.settings, here.project.names), lambda _: None)
    [whole] = account.state(here.project, here.world.aws)
    assert whole.state == "ok"
    here.world.aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    [damaged] = account.state(here.project, here.world.aws)
    assert (damaged.state, damaged.why, damaged.then) == (
        "todo", "missing: versioning", "run slipway bootstrap",
    )  # fmt: skip


@pytest.mark.parametrize(("status", "state"), [("AVAILABLE", "ok"), ("PENDING", "todo"), ("ERROR", "todo")])
def test_a_connection_has_to_be_available_else_the_console_is_named(
    here: Here, status: str, state: str
) -> None:
    connection = {"ConnectionName": "my-app", "ConnectionArn": CONNECTION_ARN, "ConnectionStatus": status}
    with Stubber(here.world.aws.codeconnections) as stub:
        stub.add_response("list_connections", {"Connections": [connection]})
        [found] = delivery.source(here.project, here.world.aws)
    assert found.state == state
    assert ("console.aws.amazon.com/codesuite/settings/connections" in found.then) == (state == "todo")


def test_a_connection_that_is_not_made_yet_comes_later(here: Here) -> None:
    with Stubber(here.world.aws.codeconnections) as stub:
        stub.add_response("list_connections", {"Connections": []})
        [found] = delivery.source(here.project, here.world.aws)
    assert (found.state, found.what) == ("later", "the connection my-app does not exist yet")


def test_a_connection_that_is_named_has_to_be_there(here: Here) -> None:
    project = with_settings(here, source={"repository": "example/my-app", "connection_arn": CONNECTION_ARN})
    with Stubber(here.world.aws.codeconnections) as stub:
        stub.add_client_error("get_connection", "ResourceNotFoundException")
        [found] = delivery.source(project, here.world.aws)
    assert said([found]) == [("todo", f"the connection {CONNECTION_ARN} does not exist")]


def test_a_source_bucket_has_to_be_there_and_versioned(here: Here) -> None:
    project = with_settings(here, source={"s3": {"bucket": "sources-of-the-team"}})
    s3 = here.world.aws.s3
    assert said(delivery.source(project, here.world.aws)) == [
        ("todo", "the source bucket sources-of-the-team does not exist")
    ]
    s3.create_bucket(
        Bucket="sources-of-the-team", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    assert [each.state for each in delivery.source(project, here.world.aws)] == ["todo"]
    s3.put_bucket_versioning(Bucket="sources-of-the-team", VersioningConfiguration={"Status": "Enabled"})
    assert [each.state for each in delivery.source(project, here.world.aws)] == ["ok"]


def test_e_mails_that_are_missing_unconfirmed_and_confirmed(here: Here) -> None:
    project = with_settings(here, alerts={"emails": [f"{who}@example.com" for who in "abc"]})
    subscribed = [
        {"Endpoint": "b@example.com", "SubscriptionArn": "PendingConfirmation"},
        {"Endpoint": "c@example.com", "SubscriptionArn": "arn:aws:sns:eu-central-1:123456789012:t:1"},
    ]
    with Stubber(here.world.aws.sns) as stub:
        stub.add_response("list_subscriptions_by_topic", {"Subscriptions": subscribed[:1], "NextToken": "2"})
        stub.add_response("list_subscriptions_by_topic", {"Subscriptions": subscribed[1:]})
        found = said(delivery.subscribers(project, here.world.aws))
    assert found == [
        ("todo", "a@example.com is not subscribed to alerts"),
        ("todo", "b@example.com has not confirmed its subscription and receives no alerts"),
        ("ok", "c@example.com receives alerts"),
    ]


def test_before_there_is_a_topic_e_mails_come_later(here: Here) -> None:
    assert said(delivery.subscribers(here.project, here.world.aws)) == [
        ("later", "the topic my-app-alerts does not exist yet")
    ]


def test_hosted_zones_have_to_be_there(here: Here) -> None:
    project = of(demo(), here.world)
    assert said(delivery.hosted_zones(project, here.world.aws)) == [
        ("todo", "this account has no hosted zone example.com")
    ]
    aws = here.world.aws
    vpc = {"VPCRegion": "eu-central-1", "VPCId": aws.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]}
    private: dict[str, Any] = {"VPC": vpc, "HostedZoneConfig": {"PrivateZone": True, "Comment": ""}}
    aws.route53.create_hosted_zone(Name="example.com", CallerReference="0", **private)
    assert said(delivery.hosted_zones(project, aws)) == [
        ("todo", "this account has no public hosted zone example.com")
    ]
    aws.route53.create_hosted_zone(Name="example.com", CallerReference="1")
    assert said(delivery.hosted_zones(project, here.world.aws)) == [("ok", "hosted zone example.com")]
    aws.route53.create_hosted_zone(Name="example.com", CallerReference="2")
    assert said(delivery.hosted_zones(project, aws)) == [
        ("todo", "this account has 2 public hosted zones example.com: a plan finds no single one")
    ]
    assert said(delivery.hosted_zones(here.project, here.world.aws)) == []


def test_githubs_provider_is_made_once_or_named_but_not_made_twice(here: Here) -> None:
    aws, project = here.world.aws, with_settings(here, access=GITHUB)
    named = with_settings(here, access={**GITHUB, "oidc_provider_arn": PROVIDER_ARN})
    assert [each.state for each in account.oidc_provider(project, aws)] == ["ok"]
    with pytest.raises(SlipwayError, match="the OIDC provider"):
        list(account.oidc_provider(named, aws))
    url = "https://token.actions.githubusercontent.com"
    aws.iam.create_open_id_connect_provider(Url=url, ThumbprintList=["0" * 40])
    assert [each.state for each in account.oidc_provider(named, aws)] == ["ok"]
    with pytest.raises(SlipwayError, match="can have one only") as refused:
        list(account.oidc_provider(project, aws))
    assert refused.value.then == f'set in pipeline.toml: access.oidc_provider_arn = "{PROVIDER_ARN}"'
    aws.iam.tag_open_id_connect_provider(
        OpenIDConnectProviderArn=PROVIDER_ARN, Tags=[{"Key": "service", "Value": "my-app"}]
    )
    assert [each.state for each in account.oidc_provider(project, aws)] == ["ok"]
    assert list(account.oidc_provider(here.project, aws)) == []


def test_quotas_count_what_is_used_and_what_is_to_come(here: Here) -> None:
    project, aws = of(demo(), here.world), here.world.aws
    used = len(aws.ec2.describe_vpcs()["Vpcs"])
    networks, addresses, cpus = quotas.room(project, aws)
    assert said([networks]) == [("ok", f"VPCs: {used} used, 2 more needed, limit 5")]
    assert {addresses.state, cpus.state} == {"later"}  # moto has no other quotas
    for number in range(4):
        aws.ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    [networks, *_] = quotas.room(project, aws)
    assert networks.state == "todo"
    assert f"--service-code vpc --quota-code L-F678F1CE --desired-value {used + 4 + 2}" in networks.then


def test_addresses_and_cpus_are_counted_as_the_settings_take_them(here: Here) -> None:
    project, aws = of(demo(), here.world), here.world.aws
    with Stubber(aws.service_quotas) as stub:
        for value in (5.0, 2.0, 1.0):
            stub.add_response("get_service_quota", {"Quota": {"Value": value}})
        _, addresses, cpus = quotas.room(project, aws)
    assert said([addresses, cpus]) == [
        ("todo", "Elastic IP addresses: 0 used, 3 more needed, limit 2: too few"),
        ("todo", "vCPUs of standard instances: 0 used, 16 more needed, limit 1: too few"),
    ]


def test_environments_that_are_there_take_no_more_of_a_quota(here: Here) -> None:
    here.world.apply_foundation()
    here.world.apply_environment(hosts=0)
    assert list(quotas.room(here.project, here.world.aws)) == []


@pytest.mark.parametrize(
    ("keys", "state", "what", "why"),
    [
        ({}, "ok", "staging: t3.small in eu-central-1a, eu-central-1b", ""),
        (
            {"instance_type": "zz9.nano"},
            "todo",
            "environments.staging: zz9.nano is not available in eu-central-1a, eu-central-1b",
            "eu-central-1 does not offer it",
        ),
        (
            {"zones": 4},
            "todo",
            "environments.staging: 4 zones not available",
            "eu-central-1 has eu-central-1a, eu-central-1b, eu-central-1c",
        ),
        (
            {"zones": ["eu-central-1a", "eu-central-1z"]},
            "todo",
            "environments.staging: eu-central-1z not available",
            "eu-central-1 has eu-central-1a, eu-central-1b, eu-central-1c",
        ),
    ],
)
def test_the_account_says_whether_zones_and_hosts_can_be_had(
    here: Here, keys: dict[str, object], state: str, what: str, why: str
) -> None:
    (found,) = region.places(of(one_environment(**keys), here.world), here.world.aws)
    assert (found.state, found.what, found.why) == (state, what, why)


def test_hosts_that_only_other_zones_have_name_these(here: Here) -> None:
    offering = {"InstanceType": "t3.small", "LocationType": "availability-zone", "Location": "eu-central-1b"}
    with Stubber(here.world.aws.ec2) as stub:
        zones = [{"ZoneName": f"eu-central-1{letter}"} for letter in "abc"]
        stub.add_response("describe_availability_zones", {"AvailabilityZones": zones})
        stub.add_response("describe_instance_type_offerings", {"InstanceTypeOfferings": [offering]})
        (found,) = region.places(here.project, here.world.aws)
    assert found.what == "environments.staging: t3.small is not available in eu-central-1a"
    assert found.why == "it is available in eu-central-1b"
    assert found.then == "correct environments.staging.instance_type, or use zones that offer it"


def test_services_that_a_region_had_not_are_asked_for(here: Here) -> None:
    assert list(region.services(here.project, here.world.aws)) == []
    aws = Aws("ca-west-1")
    project = of(minimal(region="ca-west-1"), here.world)
    found = said(region.services(project, aws))
    assert ("todo", "CodePipeline is not available in ca-west-1") in found
    with Stubber(aws.ssm) as stub:
        for _ in found:
            stub.add_response("get_parameter", {"Parameter": {"Value": "there"}})
        assert said(region.services(project, aws)) == [
            ("ok", f"ca-west-1 has {name}") for name in ("CodeBuild", "CodePipeline", "CodeConnections")
        ]


@pytest.mark.parametrize(
    ("limit", "state", "what"),
    [(61.0, "todo", "62 needed, limit 61: too few"), (62.0, "ok", "62 needed, limit 62")],
)
def test_many_ranges_are_held_against_the_quota(here: Here, limit: float, state: str, what: str) -> None:
    ranges = [f"198.51.{n}.0/24" for n in range(31)]
    way = {"domain": "my-app.example.com", "hosted_zone": "example.com"}
    project = of(one_environment(allowed_cidrs=ranges, **way), here.world)
    with Stubber(here.world.aws.service_quotas) as stub:
        stub.add_response("get_service_quota", {"Quota": {"Value": limit}})
        (found,) = quotas.rules(project, here.world.aws)
    assert (found.state, found.what) == (state, f"rules of a security group: {what}")
    assert list(quotas.rules(here.project, here.world.aws)) == []


@pytest.mark.parametrize(
    ("triggers", "state"),
    [
        (["StartPipelineExecution", "WebhookV2"], "ok"),
        (["Webhook"], "ok"),
        (["CreatePipeline", "StartPipelineExecution", "ManualRollback"], "later"),
        ([], "later"),
    ],
)
def test_whether_a_push_ever_started_the_pipeline_is_asked(
    here: Here, triggers: list[str], state: str
) -> None:
    executions = [{"pipelineExecutionId": "x", "trigger": {"triggerType": trigger}} for trigger in triggers]
    with Stubber(here.world.aws.codepipeline) as stub:
        stub.add_response("list_pipeline_executions", {"pipelineExecutionSummaries": executions})
        [found] = delivery.pushes(here.project, here.world.aws)
    assert found.state == state
    assert ("edit and save it in the console" in found.then) == (state == "later")
    assert ("-replace of the pipeline" in found.then) == (state == "later")


def test_without_a_pipeline_or_with_uploads_no_push_is_expected(here: Here) -> None:
    assert said(delivery.pushes(here.project, here.world.aws)) == []
    assert said(delivery.pushes(with_settings(here, source={"s3": {}}), here.world.aws)) == []


@pytest.mark.parametrize(
    ("architecture", "code", "kind"),
    [("x86_64", "L-9D07B6EF", "Linux/Small"), ("arm64", "L-5ED1D25B", "ARM/Small")],
)
def test_an_account_that_may_run_no_build_is_told(
    here: Here, architecture: str, code: str, kind: str
) -> None:
    project = with_settings(here, app={"architecture": architecture})
    asked = {"ServiceCode": "codebuild", "QuotaCode": code}
    with Stubber(here.world.aws.service_quotas) as stub:
        stub.add_response("get_service_quota", {"Quota": {"Value": 0.0}}, asked)
        [none] = quotas.builds(project, here.world.aws)
        stub.add_response("get_service_quota", {"Quota": {"Value": 1.0}}, asked)
        [one] = quotas.builds(project, here.world.aws)
        stub.add_client_error("get_service_quota", "NoSuchResourceException")
        [unknown] = quotas.builds(project, here.world.aws)
    assert (none.state, none.what) == (
        "todo", f"builds at the same time ({kind}): limit 0, so that nothing can be built",
    )  # fmt: skip
    assert f"--service-code codebuild --quota-code {code}" in none.then
    assert (one.state, unknown.state) == ("ok", "later")


def test_a_build_that_was_refused_counts_more_than_what_service_quotas_says(here: Here) -> None:
    refused = "Error calling startBuild: … (Error Code: AccountLimitExceededException)"
    failed = {"latestExecution": {"status": "Failed", "errorDetails": {"message": refused}}}
    stages = [{"stageName": "Build", "actionStates": [failed]}]
    with Stubber(here.world.aws.service_quotas) as numbers, Stubber(here.world.aws.codepipeline) as stub:
        numbers.add_response("get_service_quota", {"Quota": {"Value": 60.0}})
        stub.add_response("get_pipeline_state", {"stageStates": stages})
        stub.add_response("list_pipeline_executions", {"pipelineExecutionSummaries": []})
        [found] = quotas.builds(here.project, here.world.aws)
    assert (found.state, found.why) == ("todo", refused)
    assert "AWS refused one; Service Quotas says 60" in found.what
