"""Plans that destroy, replace or forget what holds state, and some that only seem to."""

from dataclasses import replace as with_values

from plan_review.plan import Action, ResourceChange
from tests.plan_review.rules.cases.case import because, create, delete, forget, ignores, replace, sees, update

BUCKET, REPOSITORY = "aws_s3_bucket.data", "aws_ecr_repository.main"
LOGS = "aws_cloudwatch_log_group.app"


def importing(change: ResourceChange) -> ResourceChange:
    """The change of a resource that is imported in the same plan."""
    return with_values(change, imported="its-id")


CASES = [
    sees("state.destroyed", "The bucket data is destroyed", delete(BUCKET, {"bucket": "data"})),
    sees("state.destroyed", "everything in it is deleted", delete(BUCKET, {"force_destroy": True})),
    sees("state.destroyed", "AWS refuses if it is not empty", delete(BUCKET, {"force_destroy": False})),
    sees(
        "state.destroyed", "no final snapshot", delete("aws_db_instance.main", {"skip_final_snapshot": True})
    ),
    sees(
        "state.destroyed",
        "the apply fails there",
        delete("aws_db_instance.main", {"deletion_protection": True}),
    ),
    sees(
        "state.destroyed",
        "aws_ecr_repository.images is created in the same plan",
        delete(REPOSITORY, {"name": "shop"}),
        create("aws_ecr_repository.images", {"name": "shop"}),
    ),
    sees("state.destroyed", "The database", delete("google_sql_database_instance.main")),
    sees("state.destroyed", "The key vault", delete("azurerm_key_vault.main")),
    sees("state.destroyed", "The key", delete("module.a[0].aws_kms_key.main")),
    sees(
        "state.destroyed",
        "its key is no longer in for_each",
        because(delete(BUCKET), "delete_because_each_key"),
    ),
    sees("state.replaced", "(-replace)", because(replace(BUCKET, {}, {}), "replace_by_request")),
    ignores("state.destroyed", delete("aws_s3_bucket_policy.data")),
    ignores("state.destroyed", create(BUCKET, {"bucket": "data"})),
    ignores("state.destroyed", update(BUCKET, {"tags": {}}, {"tags": {"a": "b"}})),
    sees(
        "state.replaced",
        "The repository shop is replaced, with all its data; forced by name",
        replace(REPOSITORY, {"name": "shop"}, {"name": "shop-2"}, ("name",)),
    ),
    sees(
        "state.replaced",
        "encryption_configuration[0].kms_key",
        replace(REPOSITORY, {}, {}, ("encryption_configuration", 0, "kms_key")),
    ),
    sees(
        "state.replaced",
        "left behind, and a new, empty one is created",
        replace(BUCKET, {}, {}, action=Action.CREATE_BEFORE_FORGET),
    ),
    sees("state.replaced", "The volume", replace("aws_ebs_volume.data", {}, {}, ("availability_zone",))),
    ignores("state.replaced", update(BUCKET, {"tags": {}}, {"tags": {"a": "b"}})),
    ignores("state.replaced", replace("aws_lb.main", {"name": "a"}, {"name": "b"}, ("name",))),
    sees("state.logs-destroyed", "The log group /app is destroyed", delete(LOGS, {"name": "/app"})),
    sees("state.logs-destroyed", "forced by name", replace(LOGS, {"name": "a"}, {"name": "b"}, ("name",))),
    ignores("state.logs-destroyed", update(LOGS, {"retention_in_days": 7}, {"retention_in_days": 30})),
    ignores("state.logs-destroyed", delete("aws_cloudwatch_log_stream.app")),
    sees(
        "state.import-replaced",
        "imported, and replaced by a new one",
        importing(replace("aws_vpc.main", {}, {}, ("cidr_block",))),
    ),
    ignores("state.import-replaced", importing(update("aws_vpc.main", {"tags": {}}, {"tags": {"a": "b"}}))),
    ignores("state.import-replaced", replace("aws_vpc.main", {}, {}, ("cidr_block",))),
    sees("state.forgotten", "The bucket is kept", forget(BUCKET)),
    ignores("state.forgotten", delete(BUCKET)),
]
