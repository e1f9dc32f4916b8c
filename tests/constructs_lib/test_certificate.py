from functools import cache

from constructs_lib.certificate import Certificate
from constructs_lib.dns_record import AliasRecord, HostedZone
from constructs_lib.testing import (
    Testing,
    assert_has_data_source_with_properties,
    assert_has_resource_with_properties,
    resource,
    resources,
)

from cdktf import TerraformStack


class Elsewhere:
    """A load balancer, as far as a record is concerned."""

    dns_name = "my-app-1.eu-central-1.elb.amazonaws.com"
    zone_id = "Z215"


@cache
def synthesise() -> str:
    def build(stack: TerraformStack) -> None:
        zone = HostedZone(stack, "zone", name="example.com").zone_id
        certificate = Certificate(stack, "certificate", domain="my-app.example.com", zone_id=zone)
        AliasRecord(stack, "record", domain="my-app.example.com", zone_id=zone, load_balancer=Elsewhere())
        stack.add_override("output.arn.value", certificate.arn)

    return Testing.synth_scope(build)


def test_a_certificate_is_proved_by_dns_and_replaced_before_the_old_one_goes() -> None:
    assert_has_resource_with_properties(
        synthesise(),
        "aws_acm_certificate",
        {
            "domain_name": "my-app.example.com",
            "validation_method": "DNS",
            "lifecycle": {"create_before_destroy": True},
        },
    )


def test_the_validation_record_says_what_the_certificate_asks_for_and_may_be_there_already() -> None:
    synthesised = synthesise()

    (certificate,) = resources(synthesised, "aws_acm_certificate")
    option = f"tolist(aws_acm_certificate.{certificate}.domain_validation_options)[0]"
    assert_has_resource_with_properties(
        synthesised,
        "aws_route53_record",
        {
            "name": f"${{{option}.resource_record_name}}",
            "type": f"${{{option}.resource_record_type}}",
            "records": [f"${{{option}.resource_record_value}}"],
            "allow_overwrite": True,
            "alias": None,
        },
    )


def test_whoever_uses_the_certificate_waits_for_its_validation() -> None:
    assert '"value": "${aws_acm_certificate_validation.' in synthesise()


def test_a_domain_follows_its_load_balancer() -> None:
    found = resource(synthesise(), "aws_route53_record", "record_a")

    assert (found["name"], found["type"]) == ("my-app.example.com", "A")
    assert found["alias"] == {
        "name": Elsewhere.dns_name,
        "zone_id": Elsewhere.zone_id,
        "evaluate_target_health": False,
    }


def test_a_hosted_zone_is_looked_up_among_the_public_ones() -> None:
    assert_has_data_source_with_properties(
        synthesise(), "aws_route53_zone", {"name": "example.com", "private_zone": False}
    )
