"""A load balancer that exists: the service's rule and certificate, and what a plan refuses."""

import json
from typing import Any

from constructs_lib.named_load_balancer import NamedLoadBalancer
from constructs_lib.named_network import NamedNetwork, SubnetLookup
from constructs_lib.testing import Testing

import pytest
from cdktf import TerraformOutput, TerraformStack

LISTENER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/a/b"
GROUP = "sg-0123456789abcdef0"


def synthesise(**keys: Any) -> dict[str, Any]:  # noqa: ANN401 - of any kind
    def build(stack: TerraformStack) -> None:
        network = NamedNetwork(stack, "network", vpc_id="vpc-1", private=SubnetLookup(ids=["subnet-1"]))
        traffic = NamedLoadBalancer(
            stack,
            "traffic",
            target_group_name="my-app-8080",
            network=network,
            port=8080,
            health_path="/readyz",
            security_group_id=GROUP,
            **{"name": "shared", "host_names": ["a.example.com"], **keys},
        )
        for name in ("arn_suffix", "dns_name", "zone_id", "security_group_id", "url"):
            TerraformOutput(stack, name, value=getattr(traffic, name))

    found: dict[str, Any] = json.loads(Testing.synth_scope(build))
    return found


def only(synthesised: dict[str, Any], block: str, kind: str) -> dict[str, Any]:
    (found,) = synthesised[block][kind].values()
    return dict(found)


def outputs(synthesised: dict[str, Any]) -> dict[str, str]:
    return {name: output["value"] for name, output in synthesised["output"].items()}


def test_only_a_rule_and_a_target_group_are_created() -> None:
    assert set(synthesise()["resource"]) == {"aws_lb_listener_rule", "aws_lb_target_group"}


def test_by_name_the_listener_is_the_one_on_port_443() -> None:
    synthesised = synthesise()
    assert only(synthesised, "data", "aws_lb")["name"] == "shared"
    listener = only(synthesised, "data", "aws_lb_listener")
    assert listener["port"] == 443
    assert listener["load_balancer_arn"].startswith("${data.aws_lb.")


def test_by_its_listener_the_load_balancer_is_the_listeners_own() -> None:
    synthesised = synthesise(name=None, listener_arn=LISTENER)
    assert only(synthesised, "data", "aws_lb_listener")["arn"] == LISTENER
    arn = only(synthesised, "data", "aws_lb")["arn"]
    assert arn.startswith("${data.aws_lb_listener.")
    assert arn.endswith(".load_balancer_arn}")


def test_a_plan_fails_unless_the_listener_is_https() -> None:
    (condition,) = only(synthesise(), "data", "aws_lb_listener")["lifecycle"]["postcondition"]
    assert condition["condition"] == '${self.protocol == "HTTPS"}'
    assert "Name the load balancer's HTTPS listener" in condition["error_message"]


def test_a_plan_fails_unless_the_load_balancer_is_in_the_network_and_has_the_group() -> None:
    conditions = only(synthesise(), "data", "aws_lb")["lifecycle"]["postcondition"]
    parts = (
        'self.load_balancer_type == "application"',
        "self.vpc_id == data.aws_vpc.network_vpc_",
        f'contains(self.security_groups, "{GROUP}")',
    )
    for condition, part in zip(conditions, parts, strict=True):
        assert part in condition["condition"]


def test_the_rule_forwards_its_host_names_and_paths() -> None:
    rule = only(synthesise(paths=["/a/*"], priority=7), "resource", "aws_lb_listener_rule")
    assert rule["condition"] == [
        {"host_header": {"values": ["a.example.com"]}},
        {"path_pattern": {"values": ["/a/*"]}},
    ]
    assert rule["priority"] == 7
    (action,) = rule["action"]
    assert action["type"] == "forward"
    assert action["target_group_arn"].startswith("${aws_lb_target_group.")


def test_without_a_priority_aws_gives_the_next_free_one() -> None:
    assert "priority" not in only(synthesise(), "resource", "aws_lb_listener_rule")


def test_a_certificate_is_added_to_the_listener() -> None:
    added = only(synthesise(certificate_arn="arn:c"), "resource", "aws_lb_listener_certificate")
    assert added["certificate_arn"] == "arn:c"
    assert added["listener_arn"].startswith("${data.aws_lb_listener.")


def test_what_others_use_is_what_was_looked_up() -> None:
    found = outputs(synthesise())
    assert found["security_group_id"] == GROUP
    assert found["url"] == "https://a.example.com"
    for name in ("arn_suffix", "dns_name", "zone_id"):
        assert found[name].startswith("${data.aws_lb.")
        assert found[name].endswith(f".{name}}}")


def test_with_paths_alone_the_address_is_the_load_balancers_own() -> None:
    url = outputs(synthesise(host_names=[], paths=["/a/*"], priority=7))["url"]
    assert url.startswith("https://${data.aws_lb.")


@pytest.mark.parametrize(
    "keys",
    [
        {"name": None},
        {"listener_arn": LISTENER},
        {"host_names": []},
        {"host_names": ["a.example.com"], "paths": ["/a", "/b", "/c", "/d", "/e"]},
    ],
    ids=["neither", "both", "no condition", "six conditions"],
)
def test_what_cannot_be_a_rule_is_refused(keys: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^a (load balancer is found|rule has)"):
        synthesise(**keys)
