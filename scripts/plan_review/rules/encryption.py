"""Rules about encryption: disabled, with another key, or weaker."""

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
) + flags({"It is no longer encrypted with a customer-managed key": "encryption_type"}, right=("KMS",))
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
    Flag("enable_key_rotation", "The key is no longer rotated every year", right=ON),
    Flag("is_enabled", _DISABLED, right=ON),
    Flag("enabled", _DISABLED, right=ON, types=frozenset({"aws_kms_external_key", "aws_kms_replica_key"})),
)
_DEPENDENTS = {
    "aws_s3_bucket_server_side_encryption_configuration": Dependent(
        "bucket", "The bucket falls back to S3's own encryption"
    ),
    "aws_ebs_encryption_by_default": Dependent("", "New volumes are no longer encrypted by default"),
    "aws_sns_topic_data_protection_policy": Dependent(
        "arn", "The topic's messages are no longer checked for sensitive data"
    ),
}


@ChangeRule.of(
    "encryption.off",
    Severity.HIGH,
    "encryption that is switched off, or a customer-managed key that is no longer used",
    "New data can be read by everybody with access to the disk, the copy or the connection.",
    "Leave it as it is. If you go back to an AWS-managed key, name in the pull request who decided it.",
    paths=(*paths(_FLAGS), *_KEYS),
)
def _off(change: ResourceChange) -> Iterator[Match]:
    yield from turned(change, _FLAGS)
    for path, before, after in _keys(change):
        if before is not None and after is None:
            yield Match(f"The customer-managed key is no longer used ({path} is no longer set)", path=path)


@ChangeRule.of(
    "encryption.missing",
    Severity.MEDIUM,
    "a database, volume or file system that is created without encryption",
    "Encryption cannot be switched on later without creating the resource again.",
    "Switch encryption on now, while there is no data to migrate.",
    paths=paths(_MISSING),
)
def _missing(change: ResourceChange) -> Iterator[Match]:
    if change.before is None:
        yield from turned(change, _MISSING)


@ChangeRule.of(
    "encryption.key-changed",
    Severity.MEDIUM,
    "data that is encrypted with a different key than before",
    "Principals that can use only the old key can no longer read the data. Existing data may still "
    "require the old key.",
    "Check that every reader can use the new key. Keep the old key as long as data is encrypted with it.",
    paths=_KEYS,
)
def _other_key(change: ResourceChange) -> Iterator[Match]:
    for path, before, after in _keys(change):
        if before is not None and after is not None:
            told = "a key that is known only after apply" if after is UNKNOWN else shown(after)
            yield Match(f"{path} changes to {told}", path=path)


def _keys(change: ResourceChange) -> Iterator[tuple[str, Value, Value]]:
    """The keys that change, before and after."""
    for path in present(change, _KEYS) if stays(change) else ():
        before, after = dict(leaves(change.before, path)), dict(leaves(change.after, path))
        for place, value in before.items():
            if value not in (None, "") and after.get(place) != value:
                yield path, value, after.get(place) or None
                break


_weaker_key = ChangeRule(
    "encryption.key-weakened",
    Severity.HIGH,
    "a key that is disabled or no longer rotated",
    "Everything that is encrypted with a disabled key becomes unreadable immediately.",
    "Leave it as it is until nothing uses the key. CloudTrail shows who uses it.",
    partial(turned, flags=_WEAKER_KEYS),
    frozenset({"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key"}),
)


_gone = PlanRule(
    "encryption.removed",
    Severity.HIGH,
    "a bucket's encryption settings, or the account's default, that are destroyed while the bucket stays",
    "New data is encrypted with a key that you do not control, or not at all.",
    "Keep them, or replace them in the same change.",
    partial(removed_dependents, dependents=_DEPENDENTS),
    _DEPENDENTS,
)
