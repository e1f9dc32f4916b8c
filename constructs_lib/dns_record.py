"""A domain that leads to a load balancer."""

from constructs_lib.load_balancer import LoadBalancer

from cdktf_cdktf_provider_aws.data_aws_route53_zone import DataAwsRoute53Zone
from cdktf_cdktf_provider_aws.route53_record import Route53Record, Route53RecordAlias
from constructs import Construct


class HostedZone(Construct):
    """A public hosted zone that exists already, found by its name.

    >>> zone = HostedZone(stack, "zone", name="example.com")
    """

    def __init__(self, scope: Construct, id: str, *, name: str) -> None:
        super().__init__(scope, id)
        self.data = DataAwsRoute53Zone(self, "zone", name=name, private_zone=False)
        self.zone_id = self.data.zone_id


class AliasRecord(Construct):
    """An A record of a domain that follows a load balancer's addresses; IPv4, as those are.

    domain: the whole name.
    zone_id: the public hosted zone that it lies in.
    load_balancer: where it leads.

    >>> record = AliasRecord(stack, "record", domain="my-app.example.com", zone_id="Z123",
    ...     load_balancer=load_balancer)  # doctest: +SKIP
    """

    def __init__(
        self, scope: Construct, id: str, *, domain: str, zone_id: str, load_balancer: LoadBalancer
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
                # A single record: there is no other to turn to when the target is not well.
                evaluate_target_health=False,
            ),
        )
