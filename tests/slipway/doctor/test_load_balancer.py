"""What doctor finds of load balancers that exist: the listener, and the rules that are on it already."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from local.emulator.team_network import create_networks
from modules.config.settings import ExistingLoadBalancer
from slipway.aws import account, load_balancers, networks
from slipway.aws.account import bucket_region
from slipway.doctor import access_logs, certificates, delivery, load_balancer
from slipway.doctor.check import Check
from tests.settings import (
    BALANCER_GROUP,
    NETWORK_BY_TAGS,
    NETWORK_OF_HOSTS,
    TOPIC_ARN,
    Table,
    minimal,
    one_environment,
)
from tests.slipway.doctor.balancers import BALANCER, balanced, let_write, listener_of, settings
from tests.slipway.doctor.test_account import Here, of, said


@pytest.fixture
def here() -> Iterator[Here]:
    with balanced() as made:
        yield made


def add_rule(here: Here, priority: int, target: str = "other", **conditions: Any) -> None:  # noqa: ANN401
    aws: Any = here.world.aws
    group = aws.elbv2.create_target_group(
        Name=target, Protocol="HTTP", Port=80, VpcId=str(NETWORK_OF_HOSTS["vpc"])
    )["TargetGroups"][0]
    fields = {
        "host_names": ("host-header", "HostHeaderConfig"),
        "paths": ("path-pattern", "PathPatternConfig"),
    }
    aws.elbv2.create_rule(
        ListenerArn=listener_of(aws),
        Priority=priority,
        Conditions=[
            {"Field": fields[name][0], fields[name][1]: {"Values": values}}
            for name, values in conditions.items()
        ],
        Actions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
    )


def checks(here: Here, **keys: object) -> list[Check]:
    return list(load_balancer.existing(of(settings(**keys), here.world), here.world.aws))


def problems(here: Here, **keys: object) -> list[str]:
    return [check.what for check in checks(here, **keys) if check.state != "ok"]


def test_a_listener_that_can_get_a_rule_has_no_problem(here: Here) -> None:
    assert said(checks(here)) == [
        ("ok", "staging: shared, HTTPS, ELBSecurityPolicy-TLS13-1-2-2021-06"),
        ("ok", "staging: certificates of shared cover a.example.com"),
    ]


def test_a_load_balancer_that_is_not_there(here: Here) -> None:
    assert problems(here, name="nobody") == [
        "staging: there is no load balancer nobody with a listener on port 443"
    ]
    here.world.aws.elbv2.delete_listener(ListenerArn=listener_of(here.world.aws))
    assert problems(here) == ["staging: there is no load balancer shared with a listener on port 443"]


def test_a_listener_of_an_old_tls_policy_is_said_and_left_to_its_owner(here: Here) -> None:
    here.world.aws.elbv2.modify_listener(
        ListenerArn=listener_of(here.world.aws), SslPolicy="ELBSecurityPolicy-2016-08"
    )
    (found,) = (check for check in checks(here) if check.state != "ok")
    assert found.state == "later"
    assert "ELBSecurityPolicy-2016-08, which may allow TLS 1.0" in found.what


def test_a_security_group_of_another(here: Here) -> None:
    assert problems(here, security_group="sg-0123456789abcdef9") == [
        "staging: shared does not have the security group sg-0123456789abcdef9"
    ]


def test_a_priority_that_is_taken_and_the_next_free_one(here: Here) -> None:
    add_rule(here, 7, "seven", host_names=["x.example.com"])
    add_rule(here, 8, "eight", host_names=["y.example.com"])
    (found,) = (check for check in checks(here, priority=7) if check.state == "todo")
    assert found.what == "staging: another rule of shared has the priority 7"
    assert found.then == "choose another, such as priority = 9"


def test_the_highest_priority_is_taken(here: Here) -> None:
    add_rule(here, 50_000, host_names=["x.example.com"])
    (found,) = (check for check in checks(here, priority=50_000) if check.state == "todo")
    assert found.then == "choose another, such as priority = 49999"
    (found,) = (check for check in checks(here) if check.state == "todo")
    assert found.what == "staging: shared has a rule 50000, after which Terraform can add none"
    assert found.then == "set a priority, such as priority = 1"
    assert problems(here, priority=3) == []


def test_the_services_own_rule_is_no_problem(here: Here) -> None:
    add_rule(here, 7, "my-app-staging-8080", host_names=["a.example.com"])
    assert problems(here, priority=7) == []


@pytest.mark.parametrize(
    ("rule", "keys", "taken"),
    [
        ({"host_names": ["*.example.com"]}, {}, True),
        ({"host_names": ["a.example.com"]}, {"priority": 3}, False),
        ({"host_names": ["b.example.com"]}, {}, False),
        ({"paths": ["/*"]}, {}, True),
        ({"paths": ["/orders/*"]}, {}, False),
        ({"paths": ["/orders/*"]}, {"paths": ["/orders/*"], "priority": 9}, True),
    ],
    ids=["a wildcard", "a later rule", "another name", "every path", "some paths", "our path"],
)
def test_a_rule_that_gets_the_services_requests_first(
    here: Here, rule: dict[str, Any], keys: Table, taken: bool
) -> None:
    add_rule(here, 5, **rule)
    found = problems(here, **keys)
    first = "staging: the rule 5 of shared gets the requests for a.example.com before this service does"
    assert found == ([first] if taken else [])


def test_a_rule_in_upper_case_gets_the_same_requests(here: Here) -> None:
    add_rule(here, 5, host_names=["*.EXAMPLE.com"])
    assert problems(here) == [
        "staging: the rule 5 of shared gets the requests for a.example.com before this service does"
    ]


def test_a_rule_for_every_host_name(here: Here) -> None:
    add_rule(here, 5, paths=["/*"])
    assert problems(here, host_names=None, paths=["/orders"], priority=9) == [
        "staging: the rule 5 of shared gets the requests for every host name before this service does"
    ]


@pytest.mark.parametrize(
    "condition",
    [
        {"Field": "source-ip", "SourceIpConfig": {"Values": ["192.0.2.0/24"]}},
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Beta", "Values": ["yes"]}},
    ],
)
def test_a_rule_for_some_of_the_requests_is_no_problem(here: Here, condition: dict[str, Any]) -> None:
    add_rule(here, 5, host_names=["a.example.com"])
    (rule,) = (rule for rule in rules_of(here) if rule["Priority"] == "5")
    here.world.aws.elbv2.modify_rule(
        RuleArn=rule["RuleArn"],
        Conditions=[{"Field": "host-header", "HostHeaderConfig": {"Values": ["a.example.com"]}}, condition],  # type: ignore[list-item]
    )
    assert problems(here) == []


def test_a_regular_expression_gets_nobody_knows_which_requests() -> None:
    assert load_balancers._narrows({"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^a"]}})
    assert not load_balancers._narrows({"Field": "path-pattern", "Values": ["/a"]})


def test_a_rule_after_the_one_that_is_there_already_is_no_problem(here: Here) -> None:
    add_rule(here, 5, "my-app-staging-8080", host_names=["a.example.com"])
    add_rule(here, 9, host_names=["*.example.com"])
    assert problems(here) == []
    add_rule(here, 3, "first", host_names=["*.example.com"])
    assert problems(here) == [
        "staging: the rule 3 of shared gets the requests for a.example.com before this service does"
    ]


def test_a_load_balancer_of_another_vpc(here: Here) -> None:
    create_networks(here.world.aws, [one_environment(network=NETWORK_BY_TAGS)])
    (vpc,) = networks.vpcs(here.world.aws, None, {"Name": "shared"})
    elsewhere = {"vpc_tags": {"Name": "shared"}, "private_tags": NETWORK_BY_TAGS["private_tags"]}
    named = one_environment(network=elsewhere, load_balancer=BALANCER)
    found = load_balancer.existing(of(named, here.world), here.world.aws)
    assert [check.what for check in found if check.state == "todo"] == [
        f"staging: shared is in {NETWORK_OF_HOSTS['vpc']}, and the network is {vpc}"
    ]


def test_a_load_balancer_of_another_type(here: Here) -> None:
    listener = load_balancers.listener(here.world.aws, ExistingLoadBalancer(name="shared"))
    assert listener is not None
    (environment,) = settings().environments
    (found,) = load_balancer._listener(
        environment, ExistingLoadBalancer(name="shared"), replace(listener, kind="network", protocol="TLS")
    )
    assert (found.state, found.what) == ("todo", "staging: shared is of the type network")


def test_a_security_group_that_gets_no_rule_must_let_the_load_balancer_out(here: Here) -> None:
    aws, anywhere = here.world.aws, [{"CidrIp": "0.0.0.0/0"}]
    every = [{"IpProtocol": "-1", "IpRanges": anywhere}]
    assert problems(here, egress_rule=False) == []
    aws.ec2.revoke_security_group_egress(GroupId=BALANCER_GROUP, IpPermissions=every)  # type: ignore[arg-type]
    assert problems(here) == []
    closed = f"staging: {BALANCER_GROUP} lets nothing out to port 8080, so no host would become healthy"
    assert problems(here, egress_rule=False) == [closed]
    for port, expected in ((9090, [closed]), (8080, [])):
        ports = [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": anywhere}]
        aws.ec2.authorize_security_group_egress(GroupId=BALANCER_GROUP, IpPermissions=ports)  # type: ignore[arg-type]
        assert problems(here, egress_rule=False) == expected


def test_a_certificate_that_the_listener_has_already(here: Here) -> None:
    added = issued(here, "*.example.com")
    here.world.aws.elbv2.add_listener_certificates(
        ListenerArn=listener_of(here.world.aws), Certificates=[{"CertificateArn": added}]
    )
    named = one_environment(network=NETWORK_OF_HOSTS, load_balancer=BALANCER, certificate_arn=added)

    def said_() -> list[tuple[str, str]]:
        found = load_balancer.existing(of(named, here.world), here.world.aws)
        return [line for line in said(found) if line[0] != "ok"]

    assert said_() == [("todo", f"staging: shared has the certificate {added} already")]
    add_rule(here, 5, "my-app-staging-8080", host_names=["a.example.com"])
    assert said_() == []


def test_more_certificates_than_the_default_quota_allows(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "MOST_CERTIFICATES", 1)
    here.world.aws.elbv2.add_listener_certificates(
        ListenerArn=listener_of(here.world.aws),
        Certificates=[{"CertificateArn": issued(here, "b.example.com")}],
    )
    own = issued(here, "a.example.com")
    named = one_environment(network=NETWORK_OF_HOSTS, load_balancer=BALANCER, certificate_arn=own)
    found = said(load_balancer.existing(of(named, here.world), here.world.aws))
    assert [line for line in found if line[0] == "later"] == [
        ("later", "staging: shared has 1 certificates besides its default one; the default quota is 1")
    ]


def issued(here: Here, domain: str) -> str:
    """The ARN of a new certificate."""
    acm: Any = here.world.aws.client("acm")
    return str(acm.request_certificate(DomainName=domain, ValidationMethod="DNS")["CertificateArn"])


def rules_of(here: Here) -> Any:  # noqa: ANN401 - of the listener
    return here.world.aws.elbv2.describe_rules(ListenerArn=listener_of(here.world.aws))["Rules"]


def test_a_registry_and_a_topic_that_exist(here: Here) -> None:
    named = minimal(registry={"repository": "team/my-app"}, alerts={"topic_arn": TOPIC_ARN})
    project, aws = of(named, here.world), here.world.aws
    assert said(delivery.registry(project, aws)) == [
        ("todo", "the repository team/my-app does not exist in this account and region")
    ]
    assert said(delivery.subscribers(project, aws)) == [("todo", "the topic on-call does not exist")]
    aws.ecr.create_repository(
        repositoryName="team/my-app",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
    )
    aws.sns.create_topic(Name="on-call")
    (immutable,) = delivery.registry(project, aws)
    assert "has immutable tags" in immutable.what
    assert said(delivery.subscribers(project, aws)) == [
        ("todo", "the topic on-call has no confirmed subscription")
    ]
    aws.ecr.put_image_tag_mutability(repositoryName="team/my-app", imageTagMutability="MUTABLE")
    assert said(delivery.registry(project, aws)) == [("ok", "repository team/my-app")]
    scanning = {"scanOnPush": False}
    aws.ecr.put_image_scanning_configuration(
        repositoryName="team/my-app",
        imageScanningConfiguration=scanning,  # type: ignore[arg-type]
    )
    assert [state for state, _ in said(delivery.registry(project, aws))] == ["ok", "later"]


@pytest.mark.parametrize(
    ("mutability", "filters", "moves"),
    [
        ("IMMUTABLE_WITH_EXCLUSION", ["release-*", "lat*"], True),
        ("IMMUTABLE_WITH_EXCLUSION", ["release-*"], False),
        ("MUTABLE_WITH_EXCLUSION", ["release-*"], True),
        ("MUTABLE_WITH_EXCLUSION", ["*"], False),
    ],
)
def test_a_tag_that_the_filters_of_a_repository_exclude(
    here: Here, mutability: str, filters: list[str], moves: bool
) -> None:
    entries = [{"filterType": "WILDCARD", "filter": pattern} for pattern in filters]
    described = {"imageTagMutability": mutability, "imageTagMutabilityExclusionFilters": entries}
    with Stubber(here.world.aws.ecr) as stub:
        stub.add_response("describe_repositories", {"repositories": [described]})
        found = account.repository(here.world.aws, "team/my-app")
    assert found is not None
    assert found.moves_latest is moves


def test_a_bucket_for_access_logs(here: Here) -> None:
    project, aws = of(one_environment(access_log_bucket="team-logs"), here.world), here.world.aws
    assert [state for state, _ in said(access_logs.existing(project, aws))] == ["todo"]
    for service, state in (("other", "later"), ("logdelivery.elasticloadbalancing", "ok")):
        let_write(aws, "team-logs", f"{service}.amazonaws.com")
        assert [found for found, _ in said(access_logs.existing(project, aws))] == [state]


def test_a_bucket_to_which_no_load_balancer_can_write(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    project, aws = of(one_environment(access_log_bucket="team-logs"), here.world), here.world.aws
    let_write(aws, "team-logs", access_logs.DELIVERY)
    rule: Any = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    aws.s3.put_bucket_encryption(Bucket="team-logs", ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert bucket_region(aws, "team-logs") == "eu-central-1"
    monkeypatch.setattr(access_logs, "bucket_region", lambda *_: "eu-west-1")
    assert said(access_logs.existing(project, aws)) == [
        ("todo", "the bucket team-logs for access logs is in eu-west-1, but must be in eu-central-1"),
        ("todo", "the bucket team-logs for access logs is encrypted with aws:kms"),
    ]
