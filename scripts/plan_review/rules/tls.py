"""Rules about encryption in transit: old versions of TLS, or none."""

from collections.abc import Iterator
from functools import partial

from plan_review.finding import Severity
from plan_review.plan import ResourceChange, Value
from plan_review.rules.attributes import leaves
from plan_review.rules.flags import flags, turned
from plan_review.rules.rule import ChangeRule, Match

_OLD_POLICIES = tuple(
    f"ELBSecurityPolicy-{name}"
    for name in (
        *("2015-05", "2016-08", "TLS-1-0-2015-04", "TLS-1-1-2017-01", "FS-2018-06", "FS-1-1-2019-08"),
        *("TLS13-1-0-2021-06", "TLS13-1-1-2021-06", "TLS13-1-0-PQ-2025-09"),
    )
)
_OLD = (
    *("TLSv1", "TLSv1_2016", "TLSv1.1_2016", "SSLv3", "TLS1_0", "TLS1_1", "TLS_1_0", "TLS_1_1", "1.0", "1.1"),
    *("Policy-Min-TLS-1-0-2019-07",),
)
_ACCEPTED = "Old versions of TLS are accepted"
_TLS = (
    *flags({_ACCEPTED: "ssl_policy"}, wrong=_OLD_POLICIES, when_created=True),
    *flags(
        {
            _ACCEPTED: (
                "viewer_certificate.minimum_protocol_version domain_endpoint_options.tls_security_policy "
                "minimum_tls_version min_tls_version minimum_protocol_version security_policy "
                "domain_name_configuration.security_policy"
            )
        },
        wrong=_OLD,
        when_created=True,
    ),
    *flags(
        {"Plain HTTP is served": "default_cache_behavior.viewer_protocol_policy"},
        wrong=("allow-all",),
        when_created=True,
    ),
)
_LISTENERS = frozenset({"aws_lb_listener", "aws_alb_listener"})


_tls = ChangeRule(
    "encryption.old-tls",
    Severity.MEDIUM,
    "a listener, distribution or domain that accepts TLS before 1.2, or plain HTTP",
    "TLS before 1.2 is insecure; audits and browsers reject it.",
    "Choose a policy with TLS 1.2 or later, for example ELBSecurityPolicy-TLS13-1-2-Res-2021-06.",
    partial(turned, flags=_TLS),
)


@ChangeRule.of(
    "encryption.plain-http",
    Severity.MEDIUM,
    "a listener of a load balancer that serves plain HTTP instead of redirecting to HTTPS",
    "Everybody on the network path can read and change the traffic, including session cookies.",
    "Add a certificate, and redirect port 80 to HTTPS.",
    types=_LISTENERS,
)
def _plain(change: ResourceChange) -> Iterator[Match]:
    if _serves_plain(change.after) and not _serves_plain(change.before):
        yield Match("The listener serves plain HTTP", path="protocol")


def _serves_plain(side: Value) -> bool:
    protocols = [value for _, value in leaves(side, "protocol")]
    actions = [value for _, value in leaves(side, "default_action.type")]
    return "HTTP" in protocols and any(isinstance(action, str) and action != "redirect" for action in actions)
