"""Rules about retention: of logs, backups, messages, objects, images."""

import json
from collections.abc import Iterator

from plan_review.finding import Severity
from plan_review.plan import UNKNOWN, ResourceChange, Value
from plan_review.rules.attributes import first, number, present, shown, stays, values
from plan_review.rules.flags import flags, turned
from plan_review.rules.rule import ChangeRule, Match

FOREVER_IS_ZERO = frozenset({"retention_in_days", "retention_days"})
_PERIODS = (
    *("retention_in_days", "retention_days", "backup_retention_period", "backup_retention_days"),
    *("retention_period", "retention_period_in_hours", "snapshot_retention_limit"),
    *("automated_snapshot_retention_period", "automatic_backup_retention_days"),
    *("performance_insights_retention_period", "message_retention_seconds", "message_retention_duration"),
    *("data_retention_in_hours", "recovery_window_in_days", "deletion_window_in_days"),
    *("soft_delete_retention_days", "destroy_scheduled_duration"),
    *("point_in_time_recovery.recovery_period_in_days", "lifecycle.delete_after"),
    *("rule.lifecycle.delete_after", "retention_policy.retention_period"),
    *("settings.backup_configuration.backup_retention_settings.retained_backups",),
    *("blob_properties.delete_retention_policy.days", "default_retention.days"),
    *("rule.default_retention.days",),
)
_EXPIRIES = (
    "rule.expiration.days",
    "rule.noncurrent_version_expiration.noncurrent_days",
    "lifecycle_rule.expiration.days",
    "lifecycle_rule.noncurrent_version_expiration.days",
    "lifecycle_rule.condition.age",
)
_FOREVER = float("inf")
_ITEMS = flags({"Items expire by an attribute of theirs from now on": "ttl.enabled"}, wrong=(True,))
_DEAD_LETTERS = (
    *("redrive_policy", "dead_letter_config.target_arn", "dead_letter_policy.dead_letter_topic"),
    *("destination_config.on_failure.destination_arn", "destination_config.on_failure.destination"),
    *("dead_lettering_on_message_expiration", "retry_policy_dead_letter", "dead_letter_config.arn"),
)


@ChangeRule.of(
    "retention.shorter",
    Severity.MEDIUM,
    "a shorter retention of logs, backups, messages or deleted data",
    "Data that is older than the new limit is deleted when the plan is applied.",
    "Check who needs the older data (audits, restores, debugging), and export it first.",
    paths=_PERIODS,
)
def _shorter(change: ResourceChange) -> Iterator[Match]:
    for path in present(change, _PERIODS) if stays(change) else ():
        before, after = first(change.before, path), first(change.after, path)
        if before is None or after is UNKNOWN:
            continue
        was, becomes = _period(before, path), _period(after, path)
        if was is not None and becomes is not None and becomes < was:
            yield Match(f"{path} is reduced: {_told(before, was)} → {_told(after, becomes)}", path=path)


def _period(value: Value, path: str) -> float | None:
    if value is None:
        return _FOREVER if path in FOREVER_IS_ZERO else 0
    text = value.removesuffix("s") if isinstance(value, str) else value
    found = number(text)
    return _FOREVER if found == 0 and path in FOREVER_IS_ZERO else found


def _told(value: Value, period: float) -> str:
    return "for ever" if period == _FOREVER else shown(value)


def _sooner(change: ResourceChange) -> Iterator[Match]:
    for path in present(change, _EXPIRIES) if stays(change) else ():
        was, becomes = _soonest(change.before, path), _soonest(change.after, path)
        if becomes < was:
            before = "never" if was == _FOREVER else f"after {was:g} days"
            yield Match(f"Objects expire after {becomes:g} days (before: {before})", path=path)


def _soonest(side: Value, path: str) -> float:
    days = [found for value in values(side, path) if (found := number(value))]
    return min(days, default=_FOREVER)


def _images(change: ResourceChange) -> Iterator[Match]:
    if not stays(change):
        return
    before, after = _kept(first(change.before, "policy")), _kept(first(change.after, "policy"))
    for which, count in after.items():
        was = before.get(which, _FOREVER)
        if count < was:
            told = "all" if was == _FOREVER else f"{was:g}"
            yield Match(f"Fewer images are kept: {which}, {told} → {count:g}", path="policy")


def _kept(policy: Value) -> dict[str, float]:
    """What a repository's lifecycle policy keeps: how many images, or how long, by selection."""
    try:
        rules = json.loads(policy)["rules"] if isinstance(policy, str) else []
        return dict(_rule(rule["selection"]) for rule in rules)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _rule(selection: dict[str, object]) -> tuple[str, float]:
    tags = selection.get("tagPrefixList") or selection.get("tagPatternList") or []
    which = " ".join([str(selection["tagStatus"]), *map(str, tags if isinstance(tags, list) else [])])
    return f"{which} {selection['countType']}", float(str(selection["countNumber"]))


@ChangeRule.of(
    "retention.expires",
    Severity.MEDIUM,
    "objects or images that expire earlier than before",
    "Everything that is older than the new limit is deleted permanently within a day.",
    "Check what is older than the new limit. A rollback needs the images of earlier releases.",
    types=(
        "aws_ecr_lifecycle_policy",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket",
        "google_storage_bucket",
        "aws_dynamodb_table",
    ),
)
def _expires(change: ResourceChange) -> Iterator[Match]:
    if change.type == "aws_ecr_lifecycle_policy":
        yield from _images(change)
    elif change.type == "aws_dynamodb_table":
        yield from turned(change, _ITEMS)
    else:
        yield from _sooner(change)


@ChangeRule.of(
    "retention.dead-letters",
    Severity.MEDIUM,
    "a dead-letter queue, or another destination for failures, that is removed",
    "Messages that cannot be processed are lost without notice.",
    "Keep it, or name the new destination of failures in the pull request.",
    paths=_DEAD_LETTERS,
)
def _dead_letters(change: ResourceChange) -> Iterator[Match]:
    for path in present(change, _DEAD_LETTERS) if stays(change) else ():
        if first(change.before, path) not in (None, False) and first(change.after, path) in (None, False):
            yield Match(f"What fails is no longer kept ({path} is no longer set)", path=path)
