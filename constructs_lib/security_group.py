"""A security group without rules; every rule that is added is a resource of its own."""

import re

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.security_group import SecurityGroup as AwsSecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")
"""docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html, GroupDescription"""


class SecurityGroup(Construct):
    """A security group whose rules each allow one TCP port for one source or destination.

    name: the prefix of its name; Terraform adds the rest, so that a group in use can be replaced.
    description: what the group is for, as the console shows it; a changed text replaces the group. 1 to 255
        letters, digits and some signs, of which an apostrophe is none.
    vpc_id: the VPC that it belongs to.

    Raises ValueError for a description that AWS refuses.

    >>> group = SecurityGroup(stack, "db", name="my-app-db", description="The database.", vpc_id="vpc-1")
    >>> group.allow_from_range(5432, "10.20.0.0/16")
    """

    def __init__(self, scope: Construct, id: str, *, name: str, description: str, vpc_id: str) -> None:
        super().__init__(scope, id)
        if not DESCRIPTION.fullmatch(description):
            raise ValueError(
                "a security group's description must be 1 to 255 letters, digits, spaces and"
                f" ._-:/()#,@[]+=&;{{}}!$*, received {description!r}"
            )
        self.resource = AwsSecurityGroup(
            self,
            "group",
            name_prefix=f"{name}-",
            description=description,
            vpc_id=vpc_id,
            tags={"Name": name},
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.id = self.resource.id
        self.arn = self.resource.arn

    def allow_from_range(self, port: int, cidr: str) -> None:
        """Allow connections from the IPv4 range ``cidr`` to a TCP ``port`` of the members."""
        VpcSecurityGroupIngressRule(
            self,
            f"{port}-from-{_readable(cidr)}",
            security_group_id=self.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=cidr,
        )

    def allow_to_range(self, port: int, cidr: str) -> None:
        """Allow connections from the members to a TCP ``port`` in the IPv4 range ``cidr``."""
        self._egress(f"{port}-to-{_readable(cidr)}", port, self.id, cidr=cidr)

    def allow_to_group(self, port: int, security_group_id: str) -> None:
        """Allow connections from the members to those of another group, whose rules do not change.

        port: TCP, 1 to 65535.
        security_group_id: the literal id, not an expression: it is part of the rule's construct path.
        """
        self._egress(f"{port}-to-{security_group_id}", port, self.id, group=security_group_id)

    def allow_to_prefix_list(self, port: int, name: str, prefix_list_id: str) -> ITerraformDependable:
        """Allow connections from the members to the ranges of a prefix list; returns the rule.

        port: TCP, 1 to 65535.
        name: what the list holds, such as ``s3``; part of the rule's construct path.
        prefix_list_id: the list's id, as an endpoint of type Gateway has it.
        """
        return self._egress(f"{port}-to-{name}", port, self.id, prefix_list=prefix_list_id)

    def allow_from_group(
        self, security_group_id: str, port: int, *, egress_rule: bool = True
    ) -> list[ITerraformDependable]:
        """Allow connections from the members of another group: an ingress rule here, an egress rule there.

        security_group_id: the other group's id.
        port: TCP, 1 to 65535.
        egress_rule: whether the other group gets its rule; without it, that group must allow the connections
            already. Default: yes.

        Both rules are created here, and returned: two groups that referred to each other would form a
        dependency cycle. The construct ids do not contain the port, so a changed port updates the rules in
        place.
        """
        ingress = VpcSecurityGroupIngressRule(
            self,
            "from-group",
            security_group_id=self.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            referenced_security_group_id=security_group_id,
        )
        if not egress_rule:
            return [ingress]
        return [ingress, self._egress("out-of-group", port, security_group_id, group=self.id)]

    def _egress(
        self,
        id: str,
        port: int,
        members_of: str,
        *,
        cidr: str | None = None,
        group: str | None = None,
        prefix_list: str | None = None,
    ) -> VpcSecurityGroupEgressRule:
        return VpcSecurityGroupEgressRule(
            self,
            id,
            security_group_id=members_of,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=cidr,
            referenced_security_group_id=group,
            prefix_list_id=prefix_list,
        )


def _readable(cidr: str) -> str:
    """A range for a construct's id, which must not contain a slash."""
    return cidr.replace("/", "-")
