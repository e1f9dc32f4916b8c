"""Bucket policies with conditions, emptying of buckets with delete markers, EventBridge in notifications.

Policies (AmazonS3/latest/userguide, "Bucket policies"): a statement applies only if its condition holds. moto
ignores conditions, so a Deny of plain HTTP refuses everything. Here statements with a condition are ignored:
the emulator is reached over plain HTTP in place of TLS, and it does not test permissions.
API_DeleteObject: if versioning is suspended, as Terraform does before it empties a bucket, moto returns 500
for an object with a delete marker.
API_GetBucketNotificationConfiguration: moto leaves out EventBridge.
"""

import json
from collections.abc import Callable
from typing import Any  # a policy is JSON
from xml.etree import ElementTree

from moto.core.common_types import TYPE_RESPONSE
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker
from moto.s3.responses import S3Response

from local.emulator.gaps.patching import add, wrap

GetNotification = Callable[[S3Response], TYPE_RESPONSE]


def fill() -> None:
    """Patches moto's buckets."""
    add(FakeBucket, get_permission)
    wrap(S3Response, "get_bucket_notification", _with_event_bridge)
    add(FakeDeleteMarker, dispose)


def unconditional(policy: str) -> str:
    """A policy without the statements that have a condition."""
    document: dict[str, Any] = json.loads(policy)
    statements = document["Statement"]
    every = statements if isinstance(statements, list) else [statements]
    return json.dumps(
        {**document, "Statement": [statement for statement in every if "Condition" not in statement]}
    )


def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    """The decision of the bucket's policy on an action, from statements without a condition."""
    if self.policy is None:
        return PermissionResult.NEUTRAL
    return IAMPolicy(unconditional(self.policy.decode())).is_action_permitted(action, resource)


def _with_event_bridge(original: GetNotification) -> GetNotification:
    def get_bucket_notification(self: S3Response) -> TYPE_RESPONSE:
        status, headers, body = original(self)
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration is None or configuration.event_bridge is None:
            return status, headers, body
        root = ElementTree.fromstring(body)  # noqa: S314 - moto wrote it
        ElementTree.SubElement(root, root.tag.replace("Notification", "EventBridge"))
        return status, headers, ElementTree.tostring(root, encoding="unicode")

    return get_bucket_notification


def dispose(self: FakeDeleteMarker, garbage: bool = False) -> None:
    """Called by moto to free an object's content; a delete marker has none."""
