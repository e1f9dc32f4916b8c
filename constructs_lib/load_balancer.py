"""An internet-facing Application Load Balancer, with HTTPS if it gets a certificate."""

from collections.abc import Sequence

from constructs_lib.arn import arn
from constructs_lib.bucket import Bucket, Expiry
from constructs_lib.named_network import NamedNetwork
from constructs_lib.network import Network
from constructs_lib.place import Place, place_of
from constructs_lib.policy import Statement
from constructs_lib.security_group import SecurityGroup
from constructs_lib.target_group import TargetGroup

from cdktf_cdktf_provider_aws.lb import Lb, LbAccessLogs
from cdktf_cdktf_provider_aws.lb_listener import (
    LbListener,
    LbListenerDefaultAction,
    LbListenerDefaultActionRedirect,
)
from constructs import Construct

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.2 and 1.3, forward secrecy, post-quantum key exchange: what AWS recommends
(docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html)."""

HTTP, HTTPS = 80, 443


class LoadBalancer(Construct):
    """A load balancer with its listeners, target group, security group and access log bucket.

    It drops invalid header fields and mitigates request smuggling (desync mode "defensive"). Its
    security group allows no outgoing traffic until hosts are added: see ``HostGroup``.

    name: 1 to 32 letters, digits and hyphens; not ``internal-…``.
    target_group_name: see ``TargetGroup``.
    network: its public subnets hold the load balancer.
    port: the TCP port that the hosts listen on.
    health_path: the path that a healthy host answers with status 200.
    log_bucket_name: the name of the bucket for the access logs. It is encrypted with S3's own keys (SSE-S3),
        the only encryption that access logs support.
    creates_log_bucket: whether the bucket is created; one that exists must allow the delivery of access logs
        already. Default: yes.
    certificate_arn: HTTPS with this certificate, and a redirect of plain HTTP to it. If None: plain HTTP
        only.
    allowed_cidrs: IPv4 ranges that may connect. Default: the whole internet.
    deletion_protection: whether AWS refuses to delete it. Default: yes.
    deregistration_delay_seconds: see ``TargetGroup``. Default: 30.
    idle_timeout_seconds: an idle connection is closed after this time, in seconds. Default: 60. The
        service should keep idle connections open longer, or clients may receive 502.
    log_retention_days: how long access logs are kept, in days. Default: 30.

    >>> key = Key(stack, "key", description="Logs.", alias="alias/logs")
    >>> network = Network(stack, "network", name="my-app", cidr="10.20.0.0/16", zones=2, nat="single",
    ...     log_group=LogGroup(stack, "flow-log", name="/my-app/flow-logs", key=key),
    ...     flow_log_role_name="my-app-flow-logs")
    >>> traffic = LoadBalancer(stack, "traffic", name="my-app", target_group_name="my-app-8080",
    ...     network=network, port=8080, health_path="/readyz", log_bucket_name="my-app-alb-logs",
    ...     certificate_arn=None)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        target_group_name: str,
        network: Network | NamedNetwork,
        port: int,
        health_path: str,
        log_bucket_name: str,
        certificate_arn: str | None,
        creates_log_bucket: bool = True,
        allowed_cidrs: Sequence[str] = ("0.0.0.0/0",),
        deletion_protection: bool = True,
        deregistration_delay_seconds: int = 30,
        idle_timeout_seconds: int = 60,
        log_retention_days: int = 30,
    ) -> None:
        super().__init__(scope, id)
        self.place = place_of(scope)
        if creates_log_bucket:
            self.log_bucket = Bucket(
                self,
                "logs",
                name=log_bucket_name,
                statements=[_log_delivery(log_bucket_name, self.place)],
                expiries=[Expiry("AWSLogs/", log_retention_days)],
            )
            log_bucket_ready = [self.log_bucket.policy, self.log_bucket.encryption]
        else:
            log_bucket_ready = []
        self.security_group = self._open_to(allowed_cidrs, name, network, https=certificate_arn is not None)
        self.security_group_id = self.security_group.id
        self.resource = Lb(
            self,
            "load-balancer",
            name=name,
            load_balancer_type="application",
            internal=False,
            subnets=network.public_subnet_ids,
            security_groups=[self.security_group_id],
            access_logs=LbAccessLogs(bucket=log_bucket_name, enabled=True),
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            idle_timeout=idle_timeout_seconds,
            enable_deletion_protection=deletion_protection,
            # AWS writes a test object to the bucket at once; public addresses need the internet gateway.
            depends_on=[*log_bucket_ready, *network.internet_routes],
        )
        self.target_group = TargetGroup(
            self,
            "targets",
            name=target_group_name,
            vpc_id=network.vpc_id,
            port=port,
            health_path=health_path,
            deregistration_delay_seconds=deregistration_delay_seconds,
        )
        self.listeners = self._listen(certificate_arn)
        self.arn_suffix = self.resource.arn_suffix
        self.dns_name = self.resource.dns_name
        self.zone_id = self.resource.zone_id
        self.url = f"{'https' if certificate_arn else 'http'}://{self.dns_name}"

    def _open_to(
        self, cidrs: Sequence[str], name: str, network: Network | NamedNetwork, *, https: bool
    ) -> SecurityGroup:
        group = SecurityGroup(
            self,
            "security-group",
            name=f"{name}-alb",
            description="The load balancer.",
            vpc_id=network.vpc_id,
        )
        for cidr in cidrs:
            for port in (HTTP, HTTPS) if https else (HTTP,):
                group.allow_from_range(port, cidr)
        return group

    def _listen(self, certificate_arn: str | None) -> list[LbListener]:
        """The listeners. With a certificate, the listener of plain HTTP becomes the redirect in place."""
        forward = LbListenerDefaultAction(type="forward", target_group_arn=self.target_group.arn)
        if certificate_arn is None:
            return [self._listener("http", HTTP, forward)]
        return [
            self._listener("http", HTTP, _redirect_to_https()),
            LbListener(
                self,
                "https",
                load_balancer_arn=self.resource.arn,
                port=HTTPS,
                protocol="HTTPS",
                ssl_policy=TLS_POLICY,
                certificate_arn=certificate_arn,
                default_action=[forward],
            ),
        ]

    def _listener(self, id: str, port: int, action: LbListenerDefaultAction) -> LbListener:
        return LbListener(
            self,
            id,
            load_balancer_arn=self.resource.arn,
            port=port,
            protocol="HTTP",
            default_action=[action],
        )


def _redirect_to_https() -> LbListenerDefaultAction:
    """A permanent redirect to the same host and path."""
    return LbListenerDefaultAction(
        type="redirect",
        redirect=LbListenerDefaultActionRedirect(port=str(HTTPS), protocol="HTTPS", status_code="HTTP_301"),
    )


def _log_delivery(bucket: str, place: Place) -> Statement:
    """Let load balancers write the access logs of this account.

    The path contains the account of the load balancer, so no condition is needed. A condition on
    ``aws:SourceArn`` was reported to make AWS refuse the bucket.
    docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    return Statement(
        sid="DeliverAccessLogs",
        principals={"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]},
        actions=["s3:PutObject"],
        resources=[arn("s3", f"{bucket}/AWSLogs/{place.account}/*")],
    )
