"""A deployment's hosts in the format of CodeDeploy's API."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self  # Any: JSON

from local.rehearsal.codedeploy_agent.agent import FAILED, ORDER, SKIPPED, SUCCEEDED
from local.rehearsal.results.record import IN_PROGRESS, PENDING, DeploymentRecord, EventRecord, HostRecord
from slipway.aws.clients import Aws

SCRIPT = re.compile(r"specified location: (\S+)")
ERRORS = {
    "failed to complete": "ScriptTimedOut",
    "does not exist": "ScriptMissing",
    "failed with": "ScriptFailed",
}


@dataclass(frozen=True)
class Instances:
    """The instances that the hosts of a rehearsal represent. began: its start, in seconds since 1970.

    ids: by the hosts' names; Auto Scaling changes them. arn: the part before an id.
    """

    ids: dict[str, str]
    arn: str
    began: float

    @classmethod
    def of(cls, aws: Aws, ids: dict[str, str], began: float) -> Self:
        """Instances of this account. began: the rehearsal's start, on the monotonic clock."""
        return cls(
            ids=ids,
            arn=f"arn:aws:codedeploy:{aws.region}:{aws.identity.account}:instance/",
            began=time.time() - time.monotonic() + began,
        )

    def targets(self, record: DeploymentRecord) -> list[dict[str, Any]]:
        """An API_InstanceTarget for each host, its times in seconds since 1970."""
        return [self._target(host, record.at) for host in record.hosts]

    def _target(self, host: HostRecord, at: float) -> dict[str, Any]:
        ends = [event.at + event.seconds for event in host.events]
        return {
            "targetId": self.ids[host.name],
            "targetArn": self.arn + self.ids[host.name],
            "status": host.status,
            "lastUpdatedAt": self.began + max(ends, default=at),
            "lifecycleEvents": list(self._events(host)),
        }

    def _events(self, host: HostRecord) -> Iterator[dict[str, Any]]:
        """All events of a deployment; those after a failed one are skipped."""
        yield from (self._event(event) for event in host.events)
        rest = PENDING if host.status in (PENDING, IN_PROGRESS) else SKIPPED
        for name in ORDER[len(host.events) :]:
            yield {"lifecycleEventName": name, "status": rest}

    def _event(self, event: EventRecord) -> dict[str, Any]:
        told: dict[str, Any] = {
            "lifecycleEventName": event.name,
            "startTime": self.began + event.at,
            "status": event.status,
        }
        if event.status != IN_PROGRESS:
            told["endTime"] = self.began + event.at + event.seconds
            told["diagnostics"] = _diagnostics(event)
        return told


def _diagnostics(event: EventRecord) -> dict[str, str]:
    """A failed script's error code, name and log (API_Diagnostics)."""
    if event.status == SUCCEEDED:
        return {"errorCode": "Success", "scriptName": "", "message": "Succeeded", "logTail": ""}
    assert event.status == FAILED
    script = SCRIPT.search(event.message)
    code = next((code for words, code in ERRORS.items() if words in event.message), "UnknownError")
    return {
        "errorCode": code,
        "scriptName": script[1] if script else "",
        "message": event.message,
        "logTail": event.log,
    }
