"""Rules about protection from data loss: deletion protection, versioning, backups, retention."""

from collections.abc import Iterator
from functools import partial

from plan_review.finding import Severity
from plan_review.plan import ResourceChange
from plan_review.rules.attributes import first, number, present, stays
from plan_review.rules.dependent_resources import Dependent, removed_dependents
from plan_review.rules.flags import ON, Flag, flags, turned
from plan_review.rules.rule import ChangeRule, Match, PlanRule

_STAY_OFF = (
    "Leave it off. If the resource has to go with all its data, switch it on in a change of its own, "
    "right before the one that destroys it."
)
_VERSIONS = "Old versions of overwritten or deleted data are no longer kept"
_FLAGS = (
    *flags(
        {
            "It is no longer protected against deletion": (
                "deletion_protection deletion_protection_enabled enable_deletion_protection "
                "delete_protection delete_protection_enabled settings.deletion_protection_enabled "
                "disable_api_termination disable_api_stop termination_protection protect_from_scale_in "
                "purge_protection_enabled enable_drop_protection prevent_deletion_if_contains_resources"
            ),
            _VERSIONS: "blob_properties.versioning_enabled",
            "Objects can be deleted before their retention ends": "object_lock_enabled",
            "Point-in-time recovery is switched off": (
                "point_in_time_recovery.enabled settings.backup_configuration.point_in_time_recovery_enabled"
            ),
            "It is no longer backed up": "settings.backup_configuration.enabled",
            "Existing tags can be overwritten": "docker_config.immutable_tags",
            "Its backups are no longer copied to another region": "geo_redundant_backup_enabled",
        },
        right=ON,
    ),
    *flags(
        {
            "Destroying it deletes everything in it from now on": "force_destroy force_delete",
            "No final snapshot is taken when it is destroyed": "skip_final_snapshot",
            "No final backup is taken when it is destroyed": "skip_final_backup",
            "Its backups are deleted when it is destroyed": "delete_automated_backups",
        },
        wrong=ON,
        answer=_STAY_OFF,
    ),
    Flag("versioning_configuration.status", _VERSIONS, right=("Enabled",)),
    Flag("versioning_configuration.mfa_delete", "Versions can be deleted without MFA", right=("Enabled",)),
    *flags({_VERSIONS: "versioning.enabled"}, right=ON, types=("aws_s3_bucket", "google_storage_bucket")),
    Flag(
        "image_tag_mutability",
        "Existing tags can be overwritten",
        right=("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
    ),
)
_BACKUPS = (
    *("backup_retention_period", "snapshot_retention_limit", "automated_snapshot_retention_period"),
    *("automatic_backup_retention_days", "backup_retention_days", "preferred_backup_retention_period"),
    "settings.backup_configuration.backup_retention_settings.retained_backups",
)
_DEPENDENTS = {
    "aws_s3_bucket_versioning": Dependent("bucket", "The bucket's versioning is no longer managed"),
    "aws_s3_bucket_object_lock_configuration": Dependent(
        "bucket", "Objects can be deleted before their retention ends"
    ),
    "aws_s3_bucket_replication_configuration": Dependent("bucket", "The bucket is no longer replicated"),
    "aws_ecr_replication_configuration": Dependent("", "Images are no longer replicated"),
    "aws_backup_plan": Dependent("", "A backup plan is destroyed"),
    "aws_backup_selection": Dependent("plan_id", "What it selects is no longer backed up"),
    "aws_backup_vault_lock_configuration": Dependent(
        "backup_vault_name", "Backups can be deleted before their retention ends"
    ),
    "aws_dlm_lifecycle_policy": Dependent("", "Snapshots are no longer taken"),
    "aws_db_instance_automated_backups_replication": Dependent(
        "source_db_instance_arn", "Backups are no longer replicated"
    ),
    "google_compute_disk_resource_policy_attachment": Dependent(
        "disk", "The disk no longer has a snapshot schedule"
    ),
    "github_branch_protection": Dependent("repository_id", "The branch can be pushed to without review"),
    "github_branch_protection_v3": Dependent("repository", "The branch can be pushed to without review"),
    "github_repository_ruleset": Dependent("repository", "The branch can be pushed to without review"),
    "gitlab_branch_protection": Dependent("project", "The branch can be pushed to without review"),
    "google_sql_backup_run": Dependent("instance", "A backup is deleted"),
    "azurerm_management_lock": Dependent("scope", "It is no longer protected against deletion"),
    "azurerm_backup_protected_vm": Dependent("source_vm_id", "The machine is no longer backed up"),
    "azurerm_backup_policy_vm": Dependent("", "A backup policy is destroyed"),
}
_weaker = ChangeRule(
    "protection.off",
    Severity.HIGH,
    "deletion protection, versioning or backups that are switched off, or force_destroy that is switched on",
    "The next mistake cannot be undone.",
    "Keep the protection. If it has to go, remove it in a separate change, directly before the change "
    "that requires it.",
    partial(turned, flags=_FLAGS),
)


@ChangeRule.of(
    "protection.backups-off",
    Severity.HIGH,
    "automatic backups or snapshots that are switched off",
    "There is no backup to restore from, and existing automatic backups are deleted.",
    "Keep the protection. If it has to go, remove it in a separate change, directly before the change "
    "that requires it.",
    paths=_BACKUPS,
)
def _backups_off(change: ResourceChange) -> Iterator[Match]:
    for path in present(change, _BACKUPS) if stays(change) else ():
        was, becomes = number(first(change.before, path)), number(first(change.after, path))
        if was and becomes == 0:
            yield Match(f"It is no longer backed up ({path}: {was:g} → 0)", path=path)


_gone = PlanRule(
    "protection.removed",
    Severity.HIGH,
    "a resource that protects another one (versioning, lock, backup plan) and is destroyed while the "
    "other stays",
    "The other resource stays, without protection.",
    "Keep the protection. If it has to go, remove it in a separate change, directly before the change "
    "that requires it.",
    partial(removed_dependents, dependents=_DEPENDENTS),
    _DEPENDENTS,
)
