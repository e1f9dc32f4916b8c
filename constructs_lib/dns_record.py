"""A hosted zone, and a DNS record that points to a load balancer."""

from typing import Protocol

from cdktf_cdktf_provider_aws.data_aws_route53_zone import DataAwsRoute53Zone
from cdktf_cdktf_provider_aws.route53_record import Route53Record, Route53RecordAlias
from constructs import Construct


class HostedZone(Construct):
    """An existing public hosted zone.

    name: the zone's domain; a plan looks the zone up by it and fails if there is none.

    >>> zone = HostedZone(stack, "zone", name="example.com")
    >>> certificate = Certificate(stack, "certificate", domain="my-app.example.com", zone_id=zone.zone_id)
    """

    def __init__(self, scope: Construct, id: str, *, name: str) -> None:
        super().__init__(scope, id)
        self.data = DataAwsRoute53Zone(self, "zone", name=name, private_zone=False)
        self.zone_id = self.data.zone_id


class Addressed(Protocol):
    """What an alias record can point to, such as a ``LoadBalancer``."""

    dns_name: str
    zone_id: str


class AliasRecord(Construct):
    """An alias record that resolves a domain to a load balancer's IPv4 addresses.

    domain: the full domain name.
    zone_id: the public hosted zone that contains the domain.
    load_balancer: the target of the record.

    >>> from types import SimpleNamespace
    >>> elsewhere = SimpleNamespace(dns_name="my-app-1.eu-central-1.elb.amazonaws.com", zone_id="Z215")
    >>> record = AliasRecord(stack, "record", domain="my-app.example.com", zone_id="Z123",
    ...     load_balancer=elsewhere)
    """

    def __init__(
        self, scope: Construct, id: str, *, domain: str, zone_id: str, load_balancer: Addressed
    ) -> None:
        super().__init__(scope, id)
        self.resource = Route53Record(
            self,
            "a",
            zone_id=zone_id,
            name=domain,
            type="A",
            alias=Route53RecordAlias(
                name=load_balancer.dns_name,
                zone_id=load_balancer.zone_id,
                # There is no other record to answer with if the target is unhealthy.
                evaluate_target_health=False,
            ),
        )
