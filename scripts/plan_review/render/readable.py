"""Makes values readable: decodes base64 of text, and sorts a new resource's attributes by importance."""

from collections.abc import Iterable

from plan_review.plan import Difference
from plan_review.secrets import encodings

DECODED = "decoded from base64"
WHITESPACE = str.maketrans("", "", "\n\r\t")

FIRST = (
    *("name", "identifier", "bucket", "family", "function_name", "cluster_identifier", "repository"),
    *("domain", "image", "image_uri", "ami", "source", "engine", "runtime", "chart", "type", "kind"),
    *("instance_type", "instance_class", "node_type", "machine_type", "vm_size", "size", "sku_name"),
    *("tier", "policy", "assume_role_policy", "policy_arn", "role", "principal", "member", "members"),
    *("permissions", "action", "actions", "resources", "role_definition_name", "acl", "statement"),
    *("condition", "cidr_blocks", "cidr_ipv4", "cidr_ipv6", "ipv6_cidr_blocks", "cidr_block"),
    *("source_ranges", "ingress", "source_address_prefix", "source_address_prefixes", "from_port"),
    *("to_port", "port", "protocol", "ip_protocol", "destination_port_range", "destination_port_ranges"),
    *("access", "direction", "listener", "publicly_accessible", "public_network_access_enabled"),
    *("internal", "scheme", "privileged", "host_network", "host_path", "associate_public_ip_address"),
    *("map_public_ip_on_launch", "command", "args", "entrypoint", "handler", "user_data"),
    *("startup_script", "values", "container_definitions", "environment", "records", "target"),
    *("endpoint", "url", "schedule_expression", "replicas", "desired_capacity", "min_size", "max_size"),
    *("desired_count", "capacity", "allocated_storage", "engine_version", "version", "storage_encrypted"),
    *("encrypted", "kms_key_id", "kms_key_arn", "force_destroy", "deletion_protection"),
    *("skip_final_snapshot", "retention_in_days", "backup_retention_period", "multi_az", "region"),
    *("zone",),
)
"""The most informative attributes: what a resource is, runs, who may use or reach it, how much."""
RANKS = {name: rank for rank, name in enumerate(FIRST)}
LAST = frozenset({"tags", "tags_all", "labels", "annotations", "timeouts"})
LAST |= {"effective_labels", "terraform_labels"}

TRANSPARENT = frozenset({"metadata"})
ONLY_ON_TOP = frozenset(FIRST[: FIRST.index("image")]) | {"type", "kind", "version", "source"}
"""Attributes that are informative only at the top level: a variable's name is not the resource's."""


def readable(text: str) -> tuple[str, bool]:
    """The decoded text, and whether it was encoded. Encoded data that is not text stays as it is."""
    inner = encodings.unpacked(text)
    if not inner or not inner.translate(WHITESPACE).isprintable():
        return text, False
    return inner, True


def sorted_for_readers(found: Iterable[Difference]) -> list[Difference]:
    """The differences of a new resource, the most informative first."""
    return sorted(found, key=_rank)


def _rank(difference: Difference) -> tuple[bool, int, int]:
    names = [step for step in difference.path if isinstance(step, str) and step not in TRANSPARENT]
    plain = bool(LAST.intersection(names)) or difference.after is False
    last = names[-1] if names else ""
    telling = RANKS.get(last, len(RANKS)) if len(names) == 1 or last not in ONLY_ON_TOP else len(RANKS)
    return plain, telling, len(names)
