"""A load balancer that exists: a service gets a rule on its HTTPS listener, and a target group."""

from collections.abc import Sequence

from constructs_lib.lookup import LookupCondition, postcondition
from constructs_lib.named_network import NamedNetwork
from constructs_lib.target_group import TargetGroup

from cdktf_cdktf_provider_aws.data_aws_lb import DataAwsLb
from cdktf_cdktf_provider_aws.data_aws_lb_listener import DataAwsLbListener
from cdktf_cdktf_provider_aws.lb_listener_certificate import LbListenerCertificate
from cdktf_cdktf_provider_aws.lb_listener_rule import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleCondition,
    LbListenerRuleConditionHostHeader,
    LbListenerRuleConditionPathPattern,
)
from constructs import Construct

HTTPS = 443
MOST_CONDITIONS = 5
"""The most values in the conditions of a rule; AWS does not raise it."""


class NamedLoadBalancer(Construct):
    """An Application Load Balancer that exists, used as ``LoadBalancer`` is.

    It gets a rule, and the service's certificate, on its HTTPS listener. Nothing else of it is changed; what
    it does with other requests, its access logs and its own 5xx responses are its owner's.

    target_group_name, port, health_path: see ``TargetGroup``.
    deregistration_delay_seconds: see ``TargetGroup``. Default: 30.
    network: the network that it is in; a plan fails if it is in another one.
    listener_arn: the ARN of its HTTPS listener. Default: none; then ``name`` is required.
    name: its name; its listener is the one on port 443. Default: none; then ``listener_arn`` is required.
    host_names, paths: the requests that the service gets: any of these host names and any of these paths, in
        which ``*`` and ``?`` are wildcards. At most five together, one at least. Default: every one.
    priority: the rule's number, 1 to 50000; lower ones are tried first. Default: the next free one.
    certificate_arn: a certificate that the listener gets in addition to its own. Default: none.
    security_group_id: the security group from which it connects to hosts; a plan fails if it is not one of
        its own.

    Raises ValueError if ``listener_arn`` and ``name`` are both given or both missing, or unless there are one
    to five host names and paths
    (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html).

    >>> network = NamedNetwork(stack, "network", vpc_id="vpc-0123456789abcdef0",
    ...     private=SubnetLookup(tags={"tier": "private"}))
    >>> traffic = NamedLoadBalancer(stack, "traffic", name="shared", target_group_name="my-app-8080",
    ...     network=network, port=8080, health_path="/readyz", host_names=["my-app.example.com"],
    ...     security_group_id="sg-0123456789abcdef0")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        target_group_name: str,
        network: NamedNetwork,
        port: int,
        health_path: str,
        security_group_id: str,
        listener_arn: str | None = None,
        name: str | None = None,
        host_names: Sequence[str] = (),
        paths: Sequence[str] = (),
        priority: int | None = None,
        certificate_arn: str | None = None,
        deregistration_delay_seconds: int = 30,
    ) -> None:
        super().__init__(scope, id)
        if bool(listener_arn) == bool(name):
            raise ValueError(
                "a load balancer is found by its name or by its listener; give exactly one of them"
            )
        if not 1 <= len(host_names) + len(paths) <= MOST_CONDITIONS:
            raise ValueError(f"a rule has 1 to {MOST_CONDITIONS} host names and paths")
        self.resource, self.listener = self._look_up(network, listener_arn, name, security_group_id)
        self.target_group = TargetGroup(
            self,
            "targets",
            name=target_group_name,
            vpc_id=network.vpc_id,
            port=port,
            health_path=health_path,
            deregistration_delay_seconds=deregistration_delay_seconds,
        )
        if certificate_arn:
            LbListenerCertificate(
                self, "certificate", listener_arn=self.listener.arn, certificate_arn=certificate_arn
            )
        self.rule = LbListenerRule(
            self,
            "rule",
            listener_arn=self.listener.arn,
            priority=priority,
            condition=_conditions(host_names, paths),
            action=[LbListenerRuleAction(type="forward", target_group_arn=self.target_group.arn)],
        )
        self.security_group_id = security_group_id
        self.arn_suffix = self.resource.arn_suffix
        self.dns_name = self.resource.dns_name
        self.zone_id = self.resource.zone_id
        self.url = f"https://{host_names[0] if host_names else self.dns_name}"

    def _look_up(
        self, network: NamedNetwork, listener_arn: str | None, name: str | None, group: str
    ) -> tuple[DataAwsLb, DataAwsLbListener]:
        """Look up the load balancer and its listener; a plan fails if a service cannot use them."""
        https = postcondition(
            LookupCondition(
                'self.protocol == "HTTPS"',
                "The listener ${self.arn} has the protocol ${self.protocol}. Name the load balancer's HTTPS"
                " listener.",
            )
        )
        usable = postcondition(
            LookupCondition(
                'self.load_balancer_type == "application"',
                "The load balancer ${self.name} is of the type ${self.load_balancer_type}. Name an"
                " Application Load Balancer.",
            ),
            LookupCondition(
                f"self.vpc_id == {network.vpc_reference}",
                "The load balancer ${self.name} is in ${self.vpc_id}, but the environment's VPC is"
                f" ${{{network.vpc_reference}}}. Name a load balancer of that VPC.",
            ),
            LookupCondition(
                f'contains(self.security_groups, "{group}")',
                f"The load balancer ${{self.name}} does not have the security group {group}. Name one of its"
                ' own: ${join(", ", self.security_groups)}.',
            ),
        )
        if listener_arn:
            listener = DataAwsLbListener(self, "listener", arn=listener_arn, lifecycle=https)
            arn = listener.load_balancer_arn
            return DataAwsLb(self, "load-balancer", arn=arn, lifecycle=usable), listener
        found = DataAwsLb(self, "load-balancer", name=name, lifecycle=usable)
        return found, DataAwsLbListener(
            self, "listener", load_balancer_arn=found.arn, port=HTTPS, lifecycle=https
        )


def _conditions(host_names: Sequence[str], paths: Sequence[str]) -> list[LbListenerRuleCondition]:
    hosts = LbListenerRuleConditionHostHeader(values=list(host_names))
    patterns = LbListenerRuleConditionPathPattern(values=list(paths))
    return [
        *([LbListenerRuleCondition(host_header=hosts)] if host_names else []),
        *([LbListenerRuleCondition(path_pattern=patterns)] if paths else []),
    ]
