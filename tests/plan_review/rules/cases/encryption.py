"""Encryption that goes, changes or is missing, and encryption that stays."""

from plan_review.plan import UNKNOWN, Value
from tests.plan_review.rules.cases.case import create, delete, ignores, sees, update

DATABASE, KEY, LISTENER = "aws_db_instance.main", "aws_kms_key.main", "aws_lb_listener.http"
SETTINGS = "aws_s3_bucket_server_side_encryption_configuration.data"


def listener(action: str, protocol: str = "HTTP") -> dict[str, Value]:
    return {"protocol": protocol, "default_action": [{"type": action}]}


def bucket_key(key: Value) -> dict[str, Value]:
    return {"rule": [{"apply_server_side_encryption_by_default": [{"kms_master_key_id": key}]}]}


CASES = [
    sees(
        "encryption.off",
        "storage_encrypted",
        update(DATABASE, {"storage_encrypted": True}, {"storage_encrypted": False}),
    ),
    sees(
        "encryption.off",
        "kms_key_id",
        update("aws_cloudwatch_log_group.a", {"kms_key_id": "k"}, {"kms_key_id": None}),
    ),
    sees("encryption.off", "kms_master_key_id", update("aws_sns_topic.a", {"kms_master_key_id": "k"}, {})),
    ignores("encryption.off", update(DATABASE, {"storage_encrypted": False}, {"storage_encrypted": True})),
    ignores(
        "encryption.off", update("aws_sns_topic.a", {"kms_master_key_id": "k"}, {"kms_master_key_id": "l"})
    ),
    sees("encryption.missing", "without encryption", create("aws_ebs_volume.a", {"encrypted": False})),
    sees("encryption.missing", "without encryption", create(DATABASE, {"storage_encrypted": False})),
    ignores("encryption.missing", create("aws_ebs_volume.a", {"encrypted": True})),
    ignores("encryption.missing", create("aws_ebs_volume.a", {"encrypted": UNKNOWN})),
    sees(
        "encryption.key-changed",
        "changes to l",
        update("aws_sns_topic.a", {"kms_master_key_id": "k"}, {"kms_master_key_id": "l"}),
    ),
    sees(
        "encryption.key-changed",
        "known only after apply",
        update(SETTINGS, bucket_key("k"), bucket_key(UNKNOWN)),
    ),
    ignores("encryption.key-changed", create("aws_sns_topic.a", {"kms_master_key_id": "k"})),
    ignores("encryption.key-changed", update(SETTINGS, bucket_key("k"), {**bucket_key("k"), "bucket": "b"})),
    sees(
        "encryption.key-weakened",
        "every year",
        update(KEY, {"enable_key_rotation": True}, {"enable_key_rotation": False}),
    ),
    sees(
        "encryption.key-weakened", "cannot be read", update(KEY, {"is_enabled": True}, {"is_enabled": False})
    ),
    ignores(
        "encryption.key-weakened", update(KEY, {"enable_key_rotation": False}, {"enable_key_rotation": True})
    ),
    ignores(
        "encryption.key-weakened",
        update("aws_lambda_event_source_mapping.a", {"enabled": True}, {"enabled": False}),
    ),
    sees(
        "encryption.old-tls",
        "ELBSecurityPolicy-2016-08",
        create("aws_lb_listener.a", {"ssl_policy": "ELBSecurityPolicy-2016-08"}),
    ),
    sees(
        "encryption.old-tls",
        "Plain HTTP",
        create(
            "aws_cloudfront_distribution.a",
            {"default_cache_behavior": [{"viewer_protocol_policy": "allow-all"}]},
        ),
    ),
    sees(
        "encryption.old-tls",
        "TLS1_0",
        update("azurerm_storage_account.a", {"min_tls_version": "TLS1_2"}, {"min_tls_version": "TLS1_0"}),
    ),
    ignores(
        "encryption.old-tls",
        create("aws_lb_listener.a", {"ssl_policy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"}),
    ),
    ignores(
        "encryption.old-tls",
        update("azurerm_storage_account.a", {"min_tls_version": "TLS1_0"}, {"min_tls_version": "TLS1_2"}),
    ),
    sees("encryption.plain-http", "plain HTTP", create(LISTENER, listener("forward"))),
    sees("encryption.plain-http", "plain HTTP", update(LISTENER, listener("redirect"), listener("forward"))),
    ignores("encryption.plain-http", create(LISTENER, listener("redirect"))),
    ignores("encryption.plain-http", create(LISTENER, listener("forward", "HTTPS"))),
    ignores(
        "encryption.plain-http", update(LISTENER, listener("forward"), {**listener("forward"), "port": 8080})
    ),
    sees("encryption.removed", "S3's own encryption", delete(SETTINGS, {"bucket": "data"})),
    ignores(
        "encryption.removed",
        delete(SETTINGS, {"bucket": "data"}),
        delete("aws_s3_bucket.data", {"bucket": "data"}),
    ),
]
