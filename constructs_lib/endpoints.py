"""Interface endpoints: private addresses in a network's own subnets, at which AWS's services answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from constructs_lib.place import place_of
from constructs_lib.policy import Statement, document
from constructs_lib.security_group import SecurityGroup

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

HTTPS = 443
WITHOUT_POLICY = ("codedeploy", "codedeploy-commands-secure")
"""AWS's page on CodeDeploy's endpoints says nothing of policies, and AWS refuses one that a service does not
support (docs.aws.amazon.com/codedeploy/latest/userguide/vpc-endpoints.html)."""


@dataclass(frozen=True)
class NoNat:
    """What the private subnets of a network reach if it has no NAT gateway.

    services: AWS's services by the last part of their endpoints' names, such as ``ecr.api``.
    buckets: the policy of the endpoint for S3: everything that may be done with any bucket. Default:
        AWS's own policy, which allows everything.
    """

    services: Sequence[str]
    buckets: Sequence[Statement] = field(default_factory=tuple)


class Endpoints(Construct):
    """Interface endpoints in private subnets, for hosts that have no other way to AWS.

    With private DNS, hosts use the services' usual names. Only members of security groups that are let in
    reach an endpoint. Where a service supports it, an endpoint accepts requests of the account's own
    principals only: keys of another account could otherwise carry data to it.

    name: the prefix of the tags ``Name``.
    vpc_id: a VPC that resolves names and gives names to its addresses.
    subnet_ids: one subnet for each zone.
    services: see ``NoNat``.

    An endpoint costs by the hour and zone, so nine of them cost more than a NAT gateway (docs/costs.md).

    >>> endpoints = Endpoints(stack, "endpoints", name="my-app", vpc_id="vpc-1",
    ...     subnet_ids=["subnet-1"], services=["logs", "ecr.api", "ecr.dkr"])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        services: Sequence[str],
    ) -> None:
        super().__init__(scope, id)
        place = place_of(scope)
        self.security_group = SecurityGroup(
            self,
            "security-group",
            name=f"{name}-endpoints",
            description="Endpoints of AWS services.",
            vpc_id=vpc_id,
        )
        own = document(_own_principals(place.account))
        self.resources = [
            VpcEndpoint(
                self,
                service,
                vpc_id=vpc_id,
                service_name=f"com.amazonaws.{place.region}.{service}",
                vpc_endpoint_type="Interface",
                subnet_ids=list(subnet_ids),
                security_group_ids=[self.security_group.id],
                private_dns_enabled=True,
                policy=None if service in WITHOUT_POLICY else own,
                tags={"Name": f"{name}-{service}"},
            )
            for service in services
        ]
        self._rules: list[ITerraformDependable] = []

    @property
    def ready(self) -> list[ITerraformDependable]:
        """The endpoints and the rules that let clients in, for ``depends_on`` of these clients."""
        return [*self.resources, *self._rules]

    def let_in(self, group: SecurityGroup) -> None:
        """Allow HTTPS from the members of one security ``group``, in the rules of both groups."""
        self._rules += self.security_group.allow_from_group(group.id, HTTPS)


def _own_principals(account: str) -> Statement:
    """Every request, if it is signed with keys of this account.

    docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html; for a whole organisation AWS shows
    it in github.com/aws-samples/data-perimeter-policy-examples, vpc_endpoint_policies.
    """
    return Statement(
        principals="*",
        actions=["*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:PrincipalAccount": account}},
    )
