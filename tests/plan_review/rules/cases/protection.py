"""Protections taken off and kept, and how long things are kept."""

import json

from plan_review.plan import UNKNOWN, Value
from tests.plan_review.rules.cases.case import create, delete, ignores, sees, update

DATABASE, BUCKET, LOGS = "aws_db_instance.main", "aws_s3_bucket.data", "aws_cloudwatch_log_group.app"
VERSIONING = "aws_s3_bucket_versioning.data"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.data"


def versioning(status: str) -> dict[str, Value]:
    return {"bucket": "data", "versioning_configuration": [{"status": status}]}


def expiry(days: int) -> dict[str, Value]:
    return {"rule": [{"id": "old", "expiration": [{"days": days}]}]}


def images(count: int) -> dict[str, Value]:
    selection = {"tagStatus": "tagged", "tagPatternList": ["*"], "countType": "imageCountMoreThan"}
    return {"policy": json.dumps({"rules": [{"selection": {**selection, "countNumber": count}}]})}


CASES = [
    sees(
        "protection.off",
        "deletion_protection = false",
        update(DATABASE, {"deletion_protection": True}, {"deletion_protection": False}),
    ),
    sees("protection.off", "no longer set", update(DATABASE, {"deletion_protection": True}, {})),
    sees(
        "protection.off",
        "enable_deletion_protection",
        update("aws_lb.main", {"enable_deletion_protection": True}, {"enable_deletion_protection": False}),
    ),
    sees(
        "protection.off",
        "deletes everything in it",
        update(BUCKET, {"force_destroy": False}, {"force_destroy": True}),
    ),
    sees(
        "protection.off",
        "No final snapshot",
        update(DATABASE, {"skip_final_snapshot": False}, {"skip_final_snapshot": True}),
    ),
    sees("protection.off", "Suspended", update(VERSIONING, versioning("Enabled"), versioning("Suspended"))),
    sees(
        "protection.off",
        "INACTIVE",
        update(
            "aws_cognito_user_pool.main",
            {"deletion_protection": "ACTIVE"},
            {"deletion_protection": "INACTIVE"},
        ),
    ),
    sees(
        "protection.off",
        "Point-in-time",
        update(
            "aws_dynamodb_table.main",
            {"point_in_time_recovery": [{"enabled": True}]},
            {"point_in_time_recovery": [{"enabled": False}]},
        ),
    ),
    sees(
        "protection.off",
        "can be overwritten",
        update(
            "aws_ecr_repository.main",
            {"image_tag_mutability": "IMMUTABLE"},
            {"image_tag_mutability": "MUTABLE"},
        ),
    ),
    sees(
        "protection.off",
        "purge_protection_enabled",
        update(
            "azurerm_key_vault.main", {"purge_protection_enabled": True}, {"purge_protection_enabled": False}
        ),
    ),
    ignores(
        "protection.off", update(DATABASE, {"deletion_protection": False}, {"deletion_protection": True})
    ),
    ignores(
        "protection.off", update(DATABASE, {"deletion_protection": True}, {"deletion_protection": UNKNOWN})
    ),
    ignores("protection.off", create(BUCKET, {"force_destroy": True})),
    ignores("protection.off", update(VERSIONING, versioning("Suspended"), versioning("Enabled"))),
    sees("protection.removed", "versioning", delete(VERSIONING, versioning("Enabled"))),
    sees("protection.removed", "backed up", delete("aws_backup_selection.all", {"plan_id": "p"})),
    ignores(
        "protection.removed", delete(VERSIONING, versioning("Enabled")), delete(BUCKET, {"bucket": "data"})
    ),
    ignores(
        "protection.removed",
        delete(VERSIONING, versioning("Enabled")),
        create("aws_s3_bucket_versioning.renamed", versioning("Enabled")),
    ),
    sees(
        "retention.shorter",
        "retention_in_days is reduced: 30 → 7",
        update(LOGS, {"retention_in_days": 30}, {"retention_in_days": 7}),
    ),
    sees(
        "retention.shorter",
        "for ever → 30",
        update(LOGS, {"retention_in_days": 0}, {"retention_in_days": 30}),
    ),
    sees(
        "retention.shorter",
        "7 → 0",
        update(DATABASE, {"backup_retention_period": 7}, {"backup_retention_period": 0}),
    ),
    sees(
        "retention.shorter",
        "message_retention_duration",
        update(
            "google_pubsub_topic.a",
            {"message_retention_duration": "604800s"},
            {"message_retention_duration": "600s"},
        ),
    ),
    ignores("retention.shorter", update(LOGS, {"retention_in_days": 30}, {"retention_in_days": 90})),
    ignores("retention.shorter", update(LOGS, {"retention_in_days": 30}, {"retention_in_days": 0})),
    ignores("retention.shorter", update(LOGS, {"retention_in_days": 30}, {"retention_in_days": UNKNOWN})),
    ignores("retention.shorter", create(LOGS, {"retention_in_days": 1})),
    sees(
        "retention.expires",
        "after 30 days (before: after 90 days)",
        update(LIFECYCLE, expiry(90), expiry(30)),
    ),
    sees("retention.expires", "before: never", update(LIFECYCLE, {"rule": []}, expiry(30))),
    sees("retention.expires", "50 → 10", update("aws_ecr_lifecycle_policy.main", images(50), images(10))),
    sees(
        "retention.expires", "all → 10", update("aws_ecr_lifecycle_policy.main", {"policy": "?"}, images(10))
    ),
    ignores("retention.expires", update(LIFECYCLE, expiry(30), expiry(90))),
    ignores("retention.expires", update("aws_ecr_lifecycle_policy.main", images(10), images(50))),
    ignores("retention.expires", update("aws_ecr_lifecycle_policy.main", images(10), {"policy": "{"})),
]
