"""Plays deployments: host by host through their states, and one of its own for each host that is new."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any  # what AWS answers is JSON

from local.emulator.deployment_reports import report_deployment
from local.player.builds import commit_of, is_broken
from slipway.aws.clients import Aws

EVENTS = (
    *("BlockTraffic", "ApplicationStop", "DownloadBundle", "BeforeInstall", "Install", "AfterInstall"),
    *("ApplicationStart", "ValidateService", "AllowTraffic"),
)
FAILS_AT = "ApplicationStart"
FAILED = {
    "code": "HEALTH_CONSTRAINTS",
    "message": "The overall deployment failed because too many individual instances failed deployment, too "
    "few healthy instances are available for deployment, or some instances in your deployment group are "
    "experiencing problems.",
}

Ended = Callable[[str, str, str], None]
"""Is told the status of a deployment at its end, its id, and why it failed."""


@dataclass
class Deployments:
    """Whoever creates a deployment at the emulated AWS has it played, a host each time that it goes on."""

    aws: Aws
    endpoint: str
    say: Callable[[str], None]
    _ended: dict[str, Ended] = field(default_factory=dict)

    def begin(self, configuration: Mapping[str, str], bucket: str, version: str, ended: Ended) -> None:
        """Creates the deployment of a pipeline's action."""
        application, group = configuration["ApplicationName"], configuration["DeploymentGroupName"]
        key = f"revisions/{commit_of(application, version)}.zip"
        made = self._create(application, group, bucket, key)
        self._ended[made] = ended
        self.say(f"{group}: {made} deploys {key}")

    def go_on(self) -> None:
        """Plays one host of each deployment that has not ended, or begins one for a host that is new."""
        for application in self.aws.codedeploy.list_applications()["applications"]:
            groups = self.aws.codedeploy.list_deployment_groups(applicationName=application)
            for group in groups["deploymentGroups"]:
                self._go_on(application, group)

    def _go_on(self, application: str, group: str) -> None:
        listed = self.aws.codedeploy.list_deployments(applicationName=application, deploymentGroupName=group)[
            "deployments"
        ]
        infos = [self.aws.codedeploy.get_deployment(deploymentId=each)["deploymentInfo"] for each in listed]
        active = [each for each in infos if each["status"] in ("Created", "InProgress")]
        for each in active:
            self._step(application, group, each)
        succeeded = next((each for each in infos if each["status"] == "Succeeded"), None)
        if not active and succeeded:
            new = sorted(self._hosts(application, group) - set(self._played(infos)))
            if new:
                place = succeeded["revision"]["s3Location"]
                made = self._create(application, group, place["bucket"], place["key"])
                self._report(made, {"status": "InProgress", "creator": "autoscaling"}, [])
                self.say(f"{group}: {made} brings the new host {new[0]} up to date")

    def _step(self, application: str, group: str, deployment: Any) -> None:  # noqa: ANN401 - JSON
        """One host more; after the last, or the first that fails, the end."""
        made = deployment["deploymentId"]
        played = set(self._targets(made)) if deployment["status"] == "InProgress" else set()
        new = set(self._hosts(application, group)) - played
        if deployment.get("creator") == "autoscaling":
            new -= set(self._played_before(application, group, made))
        place = deployment["revision"]["s3Location"]
        broken = is_broken(self.aws, place["bucket"], place["key"])
        if new and not (broken and played):
            host = sorted(new)[0]
            self._report(made, {"status": "InProgress"}, [self._target(host, broken=broken)])
            return
        status, error = ("Failed", FAILED) if broken else ("Succeeded", {})
        self._report(made, {"status": status, "errorInformation": error}, [])
        self.say(f"{group}: {made} {status}")
        if made in self._ended:
            words = f"Deployment {made} failed" if broken else ""
            self._ended.pop(made)(status, made, words)

    def _played_before(self, application: str, group: str, made: str) -> Iterator[str]:
        listed = self.aws.codedeploy.list_deployments(applicationName=application, deploymentGroupName=group)[
            "deployments"
        ]
        for each in listed:
            if each != made:
                yield from self._targets(each)

    def _played(self, infos: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        for each in infos:
            yield from self._targets(each["deploymentId"])

    def _targets(self, deployment: str) -> list[str]:
        return self.aws.codedeploy.list_deployment_targets(deploymentId=deployment)["targetIds"]

    def _hosts(self, application: str, group: str) -> set[str]:
        info = self.aws.codedeploy.get_deployment_group(
            applicationName=application, deploymentGroupName=group
        )["deploymentGroupInfo"]
        names = [each.get("name", "") for each in info.get("autoScalingGroups", ())]
        found = self.aws.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=names)
        return {
            each["InstanceId"]
            for group_ in found["AutoScalingGroups"]
            for each in group_["Instances"]
            if each["LifecycleState"] == "InService"
        }

    def _create(self, application: str, group: str, bucket: str, key: str) -> str:
        return self.aws.codedeploy.create_deployment(
            applicationName=application,
            deploymentGroupName=group,
            revision={
                "revisionType": "S3",
                "s3Location": {"bucket": bucket, "key": key, "bundleType": "zip"},
            },
        )["deploymentId"]

    def _target(self, host: str, *, broken: bool) -> dict[str, Any]:
        now = time.time()
        fails = EVENTS.index(FAILS_AT) if broken else len(EVENTS)
        return {
            "targetId": host,
            "targetArn": f"arn:aws:ec2:{self.aws.region}:{self.aws.identity.account}:instance/{host}",
            "status": "Failed" if broken else "Succeeded",
            "lastUpdatedAt": now,
            "lifecycleEvents": [_event(name, n, fails, now) for n, name in enumerate(EVENTS)],
        }

    def _report(self, deployment: str, info: Mapping[str, object], targets: list[dict[str, Any]]) -> None:
        report_deployment(self.endpoint, self.aws.region, deployment, info=info, targets=targets)


def _event(name: str, number: int, fails: int, now: float) -> dict[str, Any]:
    """One lifecycle event: well before the one that fails, skipped behind it."""
    if number > fails:
        return {"lifecycleEventName": name, "status": "Skipped"}
    status = "Failed" if number == fails else "Succeeded"
    return {"lifecycleEventName": name, "status": status, "startTime": now, "endTime": now}
