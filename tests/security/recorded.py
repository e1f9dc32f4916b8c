"""The recorded calls of builds, hosts and plans at the emulated AWS: a committed table, and its update.

``recorded.json`` is written by the tests that play them for real, with UPDATE_RECORDED=1: a whole rehearsal,
and a plan of every stack. Without it they fail if a call is not in the table, or the table holds one that
nobody makes any more.
"""

import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from local.emulator import calls
from local.emulator.calls import Call

TABLE = Path(__file__).with_name("recorded.json")
RANDOM = re.compile(r"\bi-[0-9a-f]{17}\b|[0-9a-f]{40}|[0-9a-f-]{36}|\d{14,}|[A-Z0-9]{20,}")
"""Commits, ids, times: values that differ in each run."""

# Where the action that IAM checks is not named as the operation is.
# docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html, each operation's page.
ACTIONS = {
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:DeleteObjects": "s3:DeleteObjectVersion",  # and DeleteObject, for markers
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
SERVICES = {"monitoring": "cloudwatch"}
"""Services whose signing name differs from their name in policies."""

NEEDS_NO_PERMISSION = {
    "iam:GetUser",  # the provider's first try to learn the account; refused, it asks STS
    "sts:GetCallerIdentity",
}


def recorded(who: str) -> frozenset[str]:
    """The recorded actions of a caller."""
    return frozenset(each.split(" ")[0] for each in table().get(who, ()))


def table() -> dict[str, list[str]]:
    """Each caller's calls: the action and its resource."""
    content: dict[str, list[str]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return content


def hold_against(record: Path, callers: Sequence[str] = ("build", "host")) -> None:
    """Compares what an emulator recorded with the table, or writes it there."""
    made = _by_caller(calls.read(record))
    seen = {who: made.get(who, []) for who in callers}
    assert all(seen.values()), f"nobody called as {', '.join(who for who in seen if not seen[who])}"
    if os.environ.get("UPDATE_RECORDED"):
        TABLE.write_text(json.dumps({**table(), **seen}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert seen == {who: table().get(who, []) for who in callers}


def hold_actions_against(record: Path, who: str) -> None:
    """Compares the actions of a caller with the table, or writes them there.

    What is called only while something is waited for may be missing in a run; nothing may be new.
    """
    made = {line.split(" ")[0] for line in _by_caller(calls.read(record)).get(who, ())}
    assert made, f"nobody called as {who}"
    if os.environ.get("UPDATE_RECORDED"):
        TABLE.write_text(
            json.dumps({**table(), who: sorted(made)}, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
    assert made - set(table().get(who, ())) == set()


def _by_caller(made: Iterable[Call]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for call in made:
        if (action := iam_action(call)) not in NEEDS_NO_PERMISSION:
            found.setdefault(call.who, set()).add(f"{action} {_about(call)}".strip())
    return {who: sorted(lines) for who, lines in found.items()}


def iam_action(call: Call) -> str:
    """The action that IAM checks for a call."""
    name = f"{SERVICES.get(call.service, call.service)}:{call.operation}"
    return ACTIONS.get(name, name)


def _about(call: Call) -> str:
    """The resource of a call, without values that differ in each run."""
    return RANDOM.sub("*", " ".join(call.on[each] for each in sorted(call.on)))
