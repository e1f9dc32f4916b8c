"""Rules about encryption: off, with another key, or with a weaker one."""

from collections.abc import Iterator
from functools import partial

from plan_review.finding import Severity
from plan_review.plan import UNKNOWN, ResourceChange, Value
from plan_review.rules.attributes import leaves, present, shown, stays
from plan_review.rules.dependent_resources import Dependent, removed_dependents
from plan_review.rules.flags import ON, Flag, flags, paths, turned
from plan_review.rules.rule import ChangeRule, Match, PlanRule

_FLAGS = flags(
    {
        "It is no longer encrypted": (
            "encrypted storage_encrypted at_rest_encryption_enabled transit_encryption_enabled "
            "encryption_at_rest_enabled encrypt_at_rest.enabled node_to_node_encryption.enabled "
            "server_side_encryption.enabled sqs_managed_sse_enabled enable_https_traffic_only "
            "https_traffic_only_enabled https_only ssl_enforcement_enabled "
            "settings.ip_configuration.require_ssl domain_endpoint_options.enforce_https "
            "root_block_device.encrypted ebs_block_device.encrypted block_device_mappings.ebs.encrypted "
            "encryption_at_host_enabled infrastructure_encryption_enabled user_volume_encryption_enabled "
            "root_volume_encryption_enabled cache_data_encrypted"
        )
    },
    right=ON,
) + flags({"It is no longer encrypted with a key of ours": "encryption_type"}, right=("KMS",))
_MISSING = tuple(
    Flag(path, "It is created without encryption", (), (False, "false"), frozenset(types.split()), True)
    for path, types in {
        "storage_encrypted": "aws_db_instance aws_rds_cluster aws_docdb_cluster aws_neptune_cluster",
        "encrypted": "aws_ebs_volume aws_efs_file_system aws_redshift_cluster",
        "at_rest_encryption_enabled": "aws_elasticache_replication_group",
        "encrypt_at_rest.enabled": "aws_opensearch_domain aws_elasticsearch_domain",
        "root_block_device.encrypted": "aws_instance",
        "block_device_mappings.ebs.encrypted": "aws_launch_template",
    }.items()
)
_KEYS = (
    *("kms_key_id", "kms_key_arn", "kms_key", "kms_master_key_id", "kms_key_name", "kms_key_self_link"),
    *("key_vault_key_id", "disk_encryption_set_id", "encryption_key", "encryption_configuration.kms_key"),
    *("encryption_config.provider.key_arn", "server_side_encryption.kms_key_arn"),
    *("rule.apply_server_side_encryption_by_default.kms_master_key_id", "artifact_store.encryption_key.id"),
    *("block_device_mappings.ebs.kms_key_id", "root_block_device.kms_key_id"),
    *("encryption.default_kms_key_name", "disk_encryption_key.kms_key_self_link"),
    *("customer_managed_key.key_vault_key_id", "encryption_at_rest_kms_key_arn", "target_key_id"),
)
_DISABLED = "The key is disabled: whatever it encrypted cannot be read"
_WEAKER_KEYS = (
    Flag("enable_key_rotation", "The key is no longer changed every year", right=ON),
    Flag("is_enabled", _DISABLED, right=ON),
    Flag("enabled", _DISABLED, right=ON, types=frozenset({"aws_kms_external_key", "aws_kms_replica_key"})),
)
_DEPENDENTS = {
    "aws_s3_bucket_server_side_encryption_configuration": Dependent(
        "bucket", "The bucket falls back to S3's own encryption"
    ),
    "aws_ebs_encryption_by_default": Dependent("", "New volumes are no longer encrypted by themselves"),
    "aws_sns_topic_data_protection_policy": Dependent("arn", "What the topic carries is no longer checked"),
}


@ChangeRule.of(
    "encryption.off",
    Severity.HIGH,
    "encryption switched off, or a key of ours no longer used",
    "What is written from now on can be read by whoever gets at the disk, the copy or the wire.",
    "Leave it as it is. To go back to AWS's own key, say in the request who decided so.",
    paths=(*paths(_FLAGS), *_KEYS),
)
def _off(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _FLAGS)
    for path, before, after in _keys(change):
        if before is not None and after is None:
            yield Match(f"The key of ours is no longer used ({path} is no longer set)", path=path)


@ChangeRule.of(
    "encryption.missing",
    Severity.MEDIUM,
    "a database, volume or file system that is created without encryption",
    "It cannot be switched on later without making it anew.",
    "Switch it on now, while there is nothing to move.",
    paths=paths(_MISSING),
)
def _missing(change: ResourceChange) -> Iterator[Match]:
    if change.before is None:
        yield from turned(change, _MISSING)


@ChangeRule.of(
    "encryption.key-changed",
    Severity.MEDIUM,
    "data that is encrypted with another key than before",
    "Whoever may use the old key only can no longer read it; what is there may still need the old one.",
    "Check that everybody who reads it may use the new key; keep the old one as long as data needs it.",
    paths=_KEYS,
)
def _other_key(change: ResourceChange) -> Iterator[Match]:
    for path, before, after in _keys(change):
        if before is not None and after is not None:
            told = "a key that is known only after apply" if after is UNKNOWN else shown(after)
            yield Match(f"{path} changes to {told}", path=path)


def _keys(change: ResourceChange) -> Iterator[tuple[str, Value, Value]]:
    """The keys that change, with what they were and become."""
    for path in present(change, _KEYS) if stays(change) else ():
        before, after = dict(leaves(change.before, path)), dict(leaves(change.after, path))
        for place, value in before.items():
            if value not in (None, "") and after.get(place) != value:
                yield path, value, after.get(place) or None
                break


_weaker_key = ChangeRule(
    "encryption.key-weakened",
    Severity.HIGH,
    "a key that is disabled, or no longer rotated",
    "A disabled key stops everything that it encrypted, at once.",
    "Leave it on until nothing uses it; CloudTrail says who still does.",
    partial(turned, flags=_WEAKER_KEYS),
    frozenset({"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key"}),
)


_gone = PlanRule(
    "encryption.removed",
    Severity.HIGH,
    "a bucket's encryption settings, or the account's default, destroyed while the bucket stays",
    "What is written from now on is encrypted with a key that nobody here controls, or not at all.",
    "Keep it; replace it in one change with what takes its place.",
    partial(removed_dependents, dependents=_DEPENDENTS),
    _DEPENDENTS,
)
