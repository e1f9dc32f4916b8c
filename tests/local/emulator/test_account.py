"""What pipeline.toml takes for granted is in the emulated account before anything is applied."""

import pytest

from local.emulator import account
from local.emulator.environment import settings
from slipway.aws.clients import Aws
from tests.local.emulator.clients import CERTIFICATE_ARN, CONNECTION_ARN, REGION, Clients
from tests.settings import environment, minimal


@pytest.fixture
def emulated(aws: Clients) -> Aws:
    """The emulated account, as the rest of Slipway reaches it."""
    return Aws(REGION, settings(aws.endpoint, REGION))


def test_each_hosted_zone_that_environments_name_is_made_once(emulated: Aws) -> None:
    in_zone = {"hosted_zone": "zone.example", "approval": True}
    pipeline = minimal(
        environments=[
            environment(name="staging", domain="staging.zone.example", **in_zone),
            environment(name="prod", cidr="10.30.0.0/16", domain="www.zone.example", **in_zone),
        ]
    )
    account.prepare(emulated, pipeline)
    zones = [hosted_zone["Name"] for hosted_zone in emulated.route53.list_hosted_zones()["HostedZones"]]
    assert zones.count("zone.example.") == 1


def test_a_source_bucket_of_the_teams_is_versioned_and_sends_its_events(emulated: Aws) -> None:
    account.prepare(emulated, minimal(source={"s3": {"bucket": "sources-of-the-team"}}))
    versioning = emulated.s3.get_bucket_versioning(Bucket="sources-of-the-team")
    notification = emulated.s3.get_bucket_notification_configuration(Bucket="sources-of-the-team")
    assert versioning["Status"] == "Enabled"
    assert "EventBridgeConfiguration" in notification


def test_where_the_settings_take_nothing_for_granted_nothing_is_made(emulated: Aws) -> None:
    before = emulated.s3.list_buckets()["Buckets"], emulated.route53.list_hosted_zones()["HostedZones"]
    account.prepare(emulated, minimal(source={"s3": {}}))
    after = emulated.s3.list_buckets()["Buckets"], emulated.route53.list_hosted_zones()["HostedZones"]
    assert after == before


def test_what_the_settings_name_by_arn_exists() -> None:
    pipeline = minimal(
        environments=[
            environment(certificate_arn=CERTIFICATE_ARN),
            environment(name="prod", cidr="10.30.0.0/16", certificate_arn=CERTIFICATE_ARN),
            environment(name="test", cidr="10.40.0.0/16"),
        ],
        source={"repository": "example/my-app", "connection_arn": CONNECTION_ARN},
        account=CERTIFICATE_ARN.split(":")[4],
    )
    assert account.existing(pipeline) == [CERTIFICATE_ARN, CONNECTION_ARN]


def test_a_listener_takes_a_certificate_that_the_account_has_already(aws: Clients) -> None:
    network = aws.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        aws.ec2.create_subnet(VpcId=network, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for n, zone in enumerate("ab")
    ]
    (balancer,) = aws.elbv2.create_load_balancer(
        Name="https", Subnets=[subnet["Subnet"]["SubnetId"] for subnet in subnets]
    )["LoadBalancers"]
    (listener,) = aws.elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Port=443,
        Protocol="HTTPS",
        Certificates=[{"CertificateArn": CERTIFICATE_ARN}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )["Listeners"]
    assert listener["Certificates"] == [{"CertificateArn": CERTIFICATE_ARN}]
