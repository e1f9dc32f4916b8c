"""Rules about values that are known only after apply although a reviewer needs them before."""

from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import UNKNOWN, Action, Difference, Path, ResourceChange
from plan_review.rules.attributes import dotted, leaves, stays
from plan_review.rules.rule import ChangeRule, Match

_NETWORK = {
    "aws_security_group": ("ingress", "ingress.cidr_blocks", "ingress.ipv6_cidr_blocks"),
    "aws_default_security_group": ("ingress", "ingress.cidr_blocks", "ingress.ipv6_cidr_blocks"),
    "aws_security_group_rule": ("cidr_blocks", "ipv6_cidr_blocks", "from_port", "to_port"),
    "aws_vpc_security_group_ingress_rule": ("cidr_ipv4", "cidr_ipv6", "from_port", "to_port"),
    "aws_ec2_managed_prefix_list_entry": ("cidr",),
    "google_compute_firewall": ("source_ranges", "allow.ports"),
    "azurerm_network_security_rule": ("source_address_prefix", "source_address_prefixes"),
}
_ACCESS = {
    "aws_lambda_permission": ("principal", "source_arn", "source_account"),
    "aws_lb": ("internal",),
    "aws_db_instance": ("publicly_accessible", "deletion_protection", "storage_encrypted"),
    "aws_rds_cluster": ("deletion_protection", "storage_encrypted"),
    "aws_s3_bucket_public_access_block": (
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
    ),
    "aws_ram_principal_association": ("principal",),
    "aws_eks_cluster": ("vpc_config.public_access_cidrs",),
    "google_project_iam_member": ("role", "member"),
    "google_storage_bucket_iam_member": ("role", "member"),
    "azurerm_role_assignment": ("role_definition_name", "principal_id"),
}
WATCHED = {**_NETWORK, **_ACCESS}


def _unknown(change: ResourceChange) -> tuple[Difference, ...]:
    found: dict[object, Difference] = {}
    for path in WATCHED[change.type]:
        before = dict(leaves(change.before, path))
        for place, value in leaves(change.after, path):
            if value is UNKNOWN and not _filled_in(change, path, place):
                found.setdefault(place, Difference(place, before.get(place), UNKNOWN, False))
    return tuple(found.values())


def _filled_in(change: ResourceChange, path: str, place: Path) -> bool:
    """Whether a new resource does not set it: the cloud's default then applies, which other rules check."""
    if change.action is not Action.CREATE:
        return False
    return place == ("ingress",) or change.defaults(path)


def _told(found: tuple[Difference, ...]) -> Iterator[Match]:
    if found:
        names = ", ".join(dict.fromkeys(dotted(changed.path) for changed in found))
        yield Match(f"Known only after apply: {names}", found)


@ChangeRule.of(
    "unknown.changed",
    Severity.MEDIUM,
    "addresses, ports, principals or protections that change to values that are known only after apply",
    "This review cannot tell whether the change opens anything, and there is no other check before it "
    "is applied.",
    "Write the value out, or create the resource that it comes from in an earlier, separate change.",
    types=WATCHED,
)
def _changed(change: ResourceChange) -> Iterator[Match]:
    if stays(change):
        yield from _told(_unknown(change))


@ChangeRule.of(
    "unknown.created",
    Severity.LOW,
    "addresses, ports, principals or protections of a new resource that are known only after apply",
    "This review cannot tell whether the new resource is exposed.",
    "Write the value out, or create the resource that it comes from in an earlier, separate change.",
    types=WATCHED,
)
def _created(change: ResourceChange) -> Iterator[Match]:
    if change.action is Action.CREATE:
        yield from _told(_unknown(change))
