"""Rules about public exposure: buckets, databases, clusters, functions, addresses."""

from collections.abc import Iterator
from functools import partial
from typing import cast

from plan_review.finding import Severity
from plan_review.json_input import json_in
from plan_review.plan import UNKNOWN, ResourceChange, Value
from plan_review.rules.attributes import difference, first, present, stays, values
from plan_review.rules.dependent_resources import Dependent, removed_dependents
from plan_review.rules.flags import ON, Flag, flags, paths, turned
from plan_review.rules.ingress import is_world
from plan_review.rules.rule import ChangeRule, Match, PlanRule

_DATABASE = "The internet can reach it, and only its password keeps strangers out"
_DATABASES = (
    *flags({_DATABASE: "publicly_accessible endpoint_properties.public"}, wrong=ON, when_created=True),
    *flags(
        {_DATABASE: "connectivity_info.public_access.type"},
        wrong=("SERVICE_PROVIDED_EIPS",),
        when_created=True,
    ),
)
_READABLE = ("public-read", "public-read-write", "authenticated-read", "publicRead", "publicReadWrite")
_GROUPS = tuple(
    f"http://acs.amazonaws.com/groups/global/{group}" for group in ("AllUsers", "AuthenticatedUsers")
)
_READ, _GRANTED = "Everybody can read it", "Everybody is granted access"
_ACLS = (
    *flags({_READ: "acl predefined_acl canned_acl"}, wrong=_READABLE, when_created=True),
    *flags({_READ: "container_access_type"}, wrong=("blob", "container"), when_created=True),
    *flags({_GRANTED: "access_control_policy.grant.grantee.uri grant.uri"}, wrong=_GROUPS, when_created=True),
    *flags({_GRANTED: "special_group"}, wrong=("allAuthenticatedUsers",), when_created=True),
    *flags({_GRANTED: "entity"}, wrong=("allUsers", "allAuthenticatedUsers"), when_created=True),
    *flags(
        {"Everybody can start it, and read what is in it": "group"},
        wrong=("all",),
        types=("aws_ami_launch_permission",),
        when_created=True,
    ),
    *flags({"Everybody can copy it": "shared_accounts"}, wrong=("all",), when_created=True),
)
_FOUR_BLOCKS = "block_public_acls block_public_policy ignore_public_acls restrict_public_buckets"
_FLAGS_OF_BLOCKS = (
    *flags(
        {
            "Public access is no longer blocked": _FOUR_BLOCKS,
            "Single objects can be made public": "uniform_bucket_level_access",
            "Clusters can be opened to the internet": "block_public_security_group_rules",
        },
        right=ON,
    ),
    *flags({"Public access is no longer blocked": "public_access_prevention"}, right=("enforced",)),
    *flags(
        {
            "Its containers can be made public": "allow_nested_items_to_be_public allow_blob_public_access",
            "The internet can reach it": "public_network_access_enabled",
        },
        wrong=ON,
    ),
)
_BLOCKS_CREATED = flags({"Public access is not blocked": _FOUR_BLOCKS}, wrong=(False,), when_created=True)
_BLOCKS = frozenset({"aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"})
_DEPENDENTS = {
    "aws_s3_bucket_public_access_block": Dependent(
        "bucket", "Public access to the bucket is no longer blocked"
    ),
    "aws_s3_account_public_access_block": Dependent(
        "", "Public access is no longer blocked in the whole account"
    ),
    "aws_wafv2_web_acl_association": Dependent("resource_arn", "It is no longer protected by a web firewall"),
    "aws_wafregional_web_acl_association": Dependent(
        "resource_arn", "It is no longer protected by a web firewall"
    ),
    "aws_shield_protection": Dependent("resource_arn", "It is no longer protected against DDoS attacks"),
    "aws_ecr_registry_scanning_configuration": Dependent(
        "", "The registry's scanning configuration is removed"
    ),
}
_LOAD_BALANCERS = frozenset({"aws_lb", "aws_alb", "aws_elb"})
_BALANCER = (Flag("internal", "The load balancer becomes public", right=ON, types=_LOAD_BALANCERS),)
_ADDRESSES = (
    *flags(
        {"The load balancer is public": "internal"},
        wrong=(False,),
        types=_LOAD_BALANCERS,
        when_created=True,
    ),
    *flags(
        {
            "It gets a public IP address": (
                "associate_public_ip_address network_interfaces.associate_public_ip_address "
                "network_configuration.assign_public_ip"
            ),
            "Instances in it get a public IP address": "map_public_ip_on_launch",
        },
        wrong=ON,
        when_created=True,
    ),
)
_REPOSITORIES = (
    *flags({"The repository becomes public": "visibility visibility_level"}, wrong=("public",)),
    *flags({"The repository becomes public": "private is_private"}, wrong=(False,)),
)
_FIREWALLS = ("web_acl_id", "web_acl_arn", "firewall_policy_id", "waf_configuration", "security_policy")
_PRIVILEGED = (
    *("environment.privileged_mode", "container_definitions.privileged"),
    "spec.template.spec.container.security_context.privileged",
    "spec.container.security_context.privileged",
)
_CALLED = "Everybody can call it"
_OPEN_DOORS = (
    *flags(
        {_CALLED: "authorization_type"},
        wrong=("NONE",),
        types=("aws_lambda_function_url",),
        when_created=True,
    ),
    *flags({_CALLED: "authorization"}, wrong=("NONE",), types=("aws_api_gateway_method",)),
    *flags({_CALLED: "authorization_type"}, wrong=("NONE",), types=("aws_apigatewayv2_route",)),
    *flags({_CALLED: "ingress"}, wrong=("INGRESS_TRAFFIC_ALL",), types=("google_cloud_run_v2_service",)),
    *flags(
        {"Its credentials can be fetched without a token (IMDSv1)": "metadata_options.http_tokens"},
        wrong=("optional",),
        when_created=True,
    ),
)


def _eks(side: Value, change: ResourceChange) -> bool:
    """Whether the API is public, which is AWS's default (EKS, API_VpcConfigRequest)."""
    if not isinstance(side, dict):
        return False
    switch, cidrs = first(side, _SWITCH), values(side, _CIDRS)
    by_default = switch is UNKNOWN and change.defaults(_SWITCH)
    if switch is not True and not by_default:
        return False
    if cidrs == [UNKNOWN]:
        return change.defaults(_CIDRS)
    return any(is_world(str(cidr)) for cidr in cidrs)


def _aks(side: Value, _change: ResourceChange) -> bool:
    """Public unless it is private or lists addresses (azurerm_kubernetes_cluster)."""
    if not isinstance(side, dict) or first(side, "private_cluster_enabled") is True:
        return False
    named = [value for path in _AKS for value in values(side, path)]
    return not named or any(is_world(str(cidr)) for cidr in named)


def _gke(side: Value, _change: ResourceChange) -> bool:
    """Public unless its endpoint is private or networks are listed (google_container_cluster)."""
    if not isinstance(side, dict) or first(side, _GKE[0]) is True:
        return False
    named = values(side, _GKE[1])
    return not named or any(is_world(str(cidr)) for cidr in named)


_SWITCH, _CIDRS = "vpc_config.endpoint_public_access", "vpc_config.public_access_cidrs"
_AKS = ("api_server_access_profile.authorized_ip_ranges", "api_server_authorized_ip_ranges")
_GKE = (
    "private_cluster_config.enable_private_endpoint",
    "master_authorized_networks_config.cidr_blocks.cidr_block",
)
CLUSTERS = {"aws_eks_cluster": _eks, "azurerm_kubernetes_cluster": _aks, "google_container_cluster": _gke}
CLUSTER_PATHS = {
    "aws_eks_cluster": (_SWITCH, _CIDRS),
    "azurerm_kubernetes_cluster": ("private_cluster_enabled", *_AKS),
    "google_container_cluster": _GKE,
}


@ChangeRule.of(
    "exposure.database",
    Severity.BLOCK,
    "a database, message broker or data warehouse that can be reached from the internet",
    "Only its password protects it, and passwords leak.",
    "Place it in private subnets, and connect through a host in the network or a VPN.",
    paths=("settings", *paths(_DATABASES)),
)
def _databases(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _DATABASES)
    authorised = "settings.ip_configuration.authorized_networks.value"
    if change.type == "google_sql_database_instance":
        before = {str(value) for value in values(change.before, authorised)}
        new = [str(value) for value in values(change.after, authorised) if str(value) not in before]
        if any(is_world(cidr) for cidr in new):
            yield Match(_DATABASE, path=authorised)


_acls = ChangeRule(
    "exposure.acl",
    Severity.BLOCK,
    "a bucket, container, object, image or snapshot that everybody can read",
    "Public buckets are found by scanners. Consider everything in it published.",
    "Use a CDN or signed URLs. If it is a public site, acknowledge the finding.",
    partial(turned, flags=_ACLS),
)


@ChangeRule.of(
    "exposure.public-access-block",
    Severity.HIGH,
    "a setting that blocks public access or public networks, and is switched off",
    "It is the last protection against a policy or an ACL that makes the data public.",
    "Block public access: in a public access block, set all four settings to true. Share single "
    "objects by signed URLs or a CDN.",
    paths=(*paths(_FLAGS_OF_BLOCKS), *paths(_BLOCKS_CREATED)),
)
def _blocks(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _FLAGS_OF_BLOCKS)
    if change.type in _BLOCKS and change.before is None:
        yield from turned(change, _BLOCKS_CREATED)


_balancer = ChangeRule(
    "exposure.load-balancer",
    Severity.HIGH,
    "an internal load balancer that becomes public",
    "Services that were built for internal use become public. The load balancer is also replaced.",
    "Create a second load balancer for the public services, with its own listener rules and firewall.",
    partial(turned, flags=_BALANCER),
    _LOAD_BALANCERS,
)


@ChangeRule.of(
    "exposure.address",
    Severity.LOW,
    "a load balancer, host or subnet that gets a public IP address",
    "Only its security groups protect it from the internet.",
    "As a rule, only load balancers and NAT gateways need public addresses.",
)
def _addresses(change: ResourceChange) -> Iterator[Match]:
    was_internal = change.type in _LOAD_BALANCERS and first(change.before, "internal") is True
    yield from () if was_internal else turned(change, _ADDRESSES)
    if change.type == "aws_eip_association" and change.before is None:
        yield Match("An instance gets a public IP address")


@ChangeRule.of(
    "exposure.cluster",
    Severity.HIGH,
    "a cluster whose API can be reached from the whole internet",
    "A leaked token is enough to run anything in the cluster.",
    "Allow only the addresses that need the API, or only private access.",
    types=CLUSTERS,
)
def _cluster(change: ResourceChange) -> Iterator[Match]:
    reachable, paths = CLUSTERS[change.type], CLUSTER_PATHS[change.type]
    if reachable(change.after, change) and not reachable(change.before, change):
        said = tuple(changed for path in paths for changed in difference(change, path))
        yield Match("The cluster's API can be reached from the whole internet", said)


@ChangeRule.of(
    "exposure.api",
    Severity.HIGH,
    "a private API that becomes public",
    "An API that was built for internal use becomes public.",
    "Create a second API for the public part, with its own authorization and firewall.",
    types=("aws_api_gateway_rest_api", "aws_api_gateway_domain_name"),
)
def _api(change: ResourceChange) -> Iterator[Match]:
    path = "endpoint_configuration.types"
    before, after = values(change.before, path), values(change.after, path)
    if "PRIVATE" in before and after and "PRIVATE" not in after and UNKNOWN not in after:
        yield Match(f"The API becomes public ({path} = {after[0]})", path=path)


_repositories = ChangeRule(
    "exposure.repository",
    Severity.HIGH,
    "a repository that becomes public",
    "Everybody can read and copy it, including its history and everything that was ever committed.",
    "Scan its history for secrets first. Copies that others make cannot be withdrawn.",
    partial(turned, flags=_REPOSITORIES),
)


@ChangeRule.of(
    "exposure.firewall-off",
    Severity.HIGH,
    "a web firewall that is removed from the resource that it protects",
    "Attacks that it blocked reach the resource.",
    "Keep it, or replace it in the same change.",
    paths=_FIREWALLS,
)
def _firewall_off(change: ResourceChange) -> Iterator[Match]:
    for path in present(change, _FIREWALLS) if stays(change) else ():
        if values(change.before, path) and not values(change.after, path):
            yield Match(f"It is no longer protected by a web firewall ({path} is no longer set)", path=path)


@ChangeRule.of(
    "exposure.privileged",
    Severity.HIGH,
    "a container or build that runs with full privileges on its host",
    "Whoever compromises the container controls the host, and everything that runs on it.",
    "Grant single capabilities instead. Current tools build images without privileges.",
    paths=_PRIVILEGED,
)
def _privileged(change: ResourceChange) -> Iterator[Match]:
    for path in present(change, _PRIVILEGED):
        before, after = _switches(change.before, path), _switches(change.after, path)
        if after.count(True) > before.count(True):
            yield Match(f"It runs with full privileges on its host ({path} = true)", path=path)


def _switches(side: Value, path: str) -> list[Value]:
    """The values at a path, also in JSON within a text, as in ECS."""
    first_step, _, rest = path.partition(".")
    texts = [cast("Value", json_in(value)) for value in values(side, first_step) if isinstance(value, str)]
    return [*values(side, path), *(found for text in texts for found in values(text, rest))]


_doors = ChangeRule(
    "exposure.door",
    Severity.HIGH,
    "functions and routes without authorization, and instance metadata without tokens",
    "Everybody who knows the address can call it. Without IMDSv2, a forged request can read the role's "
    "credentials.",
    "Require IAM or a token; set http_tokens = required.",
    partial(turned, flags=_OPEN_DOORS),
)


_guards = PlanRule(
    "exposure.guard-removed",
    Severity.HIGH,
    "a public access block, web firewall or DDoS protection that is destroyed while the protected "
    "resource stays",
    "The protected resource stays, and is exposed.",
    "Keep it, or replace it in the same change.",
    partial(removed_dependents, dependents=_DEPENDENTS),
    _DEPENDENTS,
)
