"""Rules about encryption: off, with another key, or weaker, at rest and on the way."""

from collections.abc import Iterator

from slipway.review.finding import Severity
from slipway.review.plan import UNKNOWN, Plan, ResourceChange, Value
from slipway.review.rules.companions import Companion, removed
from slipway.review.rules.flags import ON, Flag, turned
from slipway.review.rules.rule import Rule, Seen
from slipway.review.rules.values import difference, leaves, present, shown, stays

_FLAGS = (
    *(
        Flag(path, "It is no longer encrypted", right=ON)
        for path in (
            "encrypted",
            "storage_encrypted",
            "at_rest_encryption_enabled",
            "transit_encryption_enabled",
            "encryption_at_rest_enabled",
            "encrypt_at_rest.enabled",
            "node_to_node_encryption.enabled",
            "server_side_encryption.enabled",
            "sqs_managed_sse_enabled",
            "enable_https_traffic_only",
            "https_traffic_only_enabled",
            "https_only",
            "ssl_enforcement_enabled",
            "settings.ip_configuration.require_ssl",
            "domain_endpoint_options.enforce_https",
            "root_block_device.encrypted",
            "ebs_block_device.encrypted",
            "block_device_mappings.ebs.encrypted",
            "encryption_at_host_enabled",
            "infrastructure_encryption_enabled",
            "user_volume_encryption_enabled",
            "root_volume_encryption_enabled",
            "cache_data_encrypted",
        )
    ),
    Flag("encryption_type", "It is no longer encrypted with a key of ours", right=("KMS",)),
)
_MISSING = tuple(
    Flag(
        path,
        "It is created without encryption",
        wrong=(False, "false"),
        types=frozenset(types),
        when_created=True,
    )
    for path, types in {
        "storage_encrypted": (
            "aws_db_instance",
            "aws_rds_cluster",
            "aws_docdb_cluster",
            "aws_neptune_cluster",
        ),
        "encrypted": ("aws_ebs_volume", "aws_efs_file_system", "aws_redshift_cluster"),
        "at_rest_encryption_enabled": ("aws_elasticache_replication_group",),
        "encrypt_at_rest.enabled": ("aws_opensearch_domain", "aws_elasticsearch_domain"),
        "root_block_device.encrypted": ("aws_instance",),
        "block_device_mappings.ebs.encrypted": ("aws_launch_template",),
    }.items()
)
_KEYS = (
    "kms_key_id",
    "kms_key_arn",
    "kms_key",
    "kms_master_key_id",
    "kms_key_name",
    "kms_key_self_link",
    "key_vault_key_id",
    "disk_encryption_set_id",
    "encryption_key",
    "encryption_configuration.kms_key",
    "encryption_config.provider.key_arn",
    "server_side_encryption.kms_key_arn",
    "rule.apply_server_side_encryption_by_default.kms_master_key_id",
    "artifact_store.encryption_key.id",
    "block_device_mappings.ebs.kms_key_id",
    "root_block_device.kms_key_id",
    "encryption.default_kms_key_name",
    "disk_encryption_key.kms_key_self_link",
    "customer_managed_key.key_vault_key_id",
    "encryption_at_rest_kms_key_arn",
    "target_key_id",
)
_WEAKER_KEYS = (
    Flag("enable_key_rotation", "The key is no longer changed every year", right=ON),
    Flag("is_enabled", "The key is disabled: whatever it encrypted cannot be read", right=ON),
    Flag(
        "enabled",
        "The key is disabled: whatever it encrypted cannot be read",
        right=ON,
        types=frozenset({"aws_kms_external_key", "aws_kms_replica_key"}),
    ),
)
_OLD_POLICIES = tuple(
    f"ELBSecurityPolicy-{name}"
    for name in (
        *("2015-05", "2016-08", "TLS-1-0-2015-04", "TLS-1-1-2017-01", "FS-2018-06", "FS-1-1-2019-08"),
        *("TLS13-1-0-2021-06", "TLS13-1-1-2021-06", "TLS13-1-0-PQ-2025-09"),
    )
)
_OLD = (
    "TLSv1",
    "TLSv1_2016",
    "TLSv1.1_2016",
    "SSLv3",
    "TLS1_0",
    "TLS1_1",
    "TLS_1_0",
    "TLS_1_1",
    "1.0",
    "1.1",
    "Policy-Min-TLS-1-0-2019-07",
)
_TLS = (
    Flag("ssl_policy", "Old versions of TLS are accepted", wrong=_OLD_POLICIES, when_created=True),
    *(
        Flag(path, "Old versions of TLS are accepted", wrong=_OLD, when_created=True)
        for path in (
            "viewer_certificate.minimum_protocol_version",
            "domain_endpoint_options.tls_security_policy",
            "minimum_tls_version",
            "min_tls_version",
            "minimum_protocol_version",
            "security_policy",
            "domain_name_configuration.security_policy",
        )
    ),
    Flag(
        "default_cache_behavior.viewer_protocol_policy",
        "Plain HTTP is served",
        wrong=("allow-all",),
        when_created=True,
    ),
)
_LISTENERS = frozenset({"aws_lb_listener", "aws_alb_listener"})
_COMPANIONS = {
    "aws_s3_bucket_server_side_encryption_configuration": Companion(
        ("bucket",), "The bucket falls back to S3's own encryption"
    ),
    "aws_ebs_encryption_by_default": Companion((), "New volumes are no longer encrypted by themselves"),
    "aws_sns_topic_data_protection_policy": Companion(
        ("arn",), "What the topic carries is no longer checked"
    ),
}


def _off(change: ResourceChange) -> Iterator[Seen]:
    yield from turned(change, _FLAGS)
    for path, before, after in _keys(change):
        if before is not None and after is None:
            yield Seen(
                f"The key of ours is no longer used ({path} is no longer set)", difference(change, path)
            )


def _other_key(change: ResourceChange) -> Iterator[Seen]:
    for path, before, after in _keys(change):
        if before is not None and after is not None:
            told = "a key that is known only after apply" if after is UNKNOWN else shown(after)
            yield Seen(f"{path} changes to {told}", difference(change, path))


def _keys(change: ResourceChange) -> Iterator[tuple[str, Value, Value]]:
    """The keys that change, with what they were and become."""
    for path in present(change, _KEYS) if stays(change) else ():
        before, after = dict(leaves(change.before, path)), dict(leaves(change.after, path))
        for place, value in before.items():
            if value not in (None, "") and after.get(place) != value:
                yield path, value, after.get(place) or None
                break


def _missing(change: ResourceChange) -> Iterator[Seen]:
    if change.before is None:
        yield from turned(change, _MISSING)


def _weaker_key(change: ResourceChange) -> Iterator[Seen]:
    return turned(change, _WEAKER_KEYS)


def _tls(change: ResourceChange) -> Iterator[Seen]:
    return turned(change, _TLS)


def _plain(change: ResourceChange) -> Iterator[Seen]:
    if _serves_plain(change.after) and not _serves_plain(change.before):
        yield Seen("The listener serves plain HTTP", difference(change, "protocol"))


def _serves_plain(side: Value) -> bool:
    protocols = [value for _, value in leaves(side, "protocol")]
    actions = [value for _, value in leaves(side, "default_action.type")]
    return "HTTP" in protocols and any(isinstance(each, str) and each != "redirect" for each in actions)


def _gone(plan: Plan) -> Iterator[Seen]:
    return removed(plan, _COMPANIONS)


RULES_OF_CHANGES: tuple[Rule[ResourceChange], ...] = (
    Rule(
        "encryption.off",
        Severity.HIGH,
        "encryption switched off, or a key of ours no longer used",
        "What is written from now on can be read by whoever gets at the disk, the copy or the wire.",
        "Leave it on. To go back to AWS's own key, say in the request who decided so.",
        _off,
    ),
    Rule(
        "encryption.missing",
        Severity.MEDIUM,
        "a database, volume or file system that is created without encryption",
        "It cannot be switched on later without making it anew.",
        "Switch it on now, while there is nothing to move.",
        _missing,
    ),
    Rule(
        "encryption.key-changed",
        Severity.MEDIUM,
        "data that is encrypted with another key than before",
        "Whoever may use the old key only can no longer read it; what is there may still need the old one.",
        "Check that everybody who reads it may use the new key; keep the old one as long as data needs it.",
        _other_key,
    ),
    Rule(
        "encryption.key-weakened",
        Severity.HIGH,
        "a key that is disabled, or no longer rotated",
        "A disabled key stops everything that it encrypted, at once.",
        "Leave it on until nothing uses it; CloudTrail says who still does.",
        _weaker_key,
        frozenset({"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key"}),
    ),
    Rule(
        "encryption.old-tls",
        Severity.MEDIUM,
        "a listener, distribution or domain that accepts old TLS, or plain HTTP",
        "TLS before 1.2 is broken; audits and browsers refuse it.",
        "Choose a policy of TLS 1.2 or later, for example ELBSecurityPolicy-TLS13-1-2-Res-2021-06.",
        _tls,
    ),
    Rule(
        "encryption.plain-http",
        Severity.MEDIUM,
        "a load balancer's listener that serves plain HTTP, instead of redirecting to HTTPS",
        "Whoever sits in between reads and changes what is sent, session cookies too.",
        "Add a certificate, and let port 80 redirect.",
        _plain,
        _LISTENERS,
    ),
)
RULES_OF_PLANS: tuple[Rule[Plan], ...] = (
    Rule(
        "encryption.removed",
        Severity.HIGH,
        "a bucket's encryption settings, or the account's default, destroyed while the bucket stays",
        "What is written from now on is encrypted with a key that nobody here controls, or not at all.",
        "Keep it; replace it in one change with what takes its place.",
        _gone,
    ),
)
