"""Acts when something appears in an emulated AWS: confirms e-mails, runs pipelines, builds, deployments.

Builds and deployments are carried out by the machines of `slipway rehearse`: real images, a real registry,
hosts with real containers behind a real load balancer, buildspec.yml, appspec.yml and the host scripts.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any  # what AWS answers is JSON

from local.emulator.handshakes import complete_handshakes, confirm_emails
from local.emulator.pipeline_reports import play_pipelines, report_action
from local.player.deployments import Deployments
from local.player.machines import MachineRoom
from slipway.aws.clients import Aws
from slipway.aws.codepipeline import COMMAND
from slipway.aws.errors import RefusedError
from slipway.console.errors import SlipwayError

BUILD = "Build"
LOOK = 0.5  # seconds between two checks


@dataclass
class Player:
    """Simulates people, builds and deployments. endpoint: of the emulated AWS; say: called with progress."""

    aws: Aws
    endpoint: str
    say: Callable[[str], None]
    machines: MachineRoom
    _begun: set[str] = field(default_factory=set)

    def play(self, going_on: Callable[[], bool] = lambda: True) -> None:
        """Runs as long as ``going_on`` returns true."""
        play_pipelines(self.endpoint, self.aws.region)
        deployments = Deployments(self.aws, self.endpoint, self.say, self.machines.of)
        while going_on():
            try:
                self._people()
                for pipeline in self._pipelines():
                    self._start(pipeline)
                    self._actions(pipeline, deployments)
                deployments.go_on()
            except RefusedError as error:  # a resource is being destroyed at the same time
                self.say(f"{error.what}: {error.message}")
            time.sleep(LOOK)

    def _people(self) -> None:
        for arn in complete_handshakes(self.endpoint):
            self.say(f"completed the handshake of {arn}")
        for address in confirm_emails(self.endpoint, self.aws.region):
            self.say(f"{address} confirmed AWS's e-mail")

    def _pipelines(self) -> Iterator[dict[str, Any]]:
        """The pipelines whose source is S3."""
        for pipeline in self.aws.codepipeline.list_pipelines()["pipelines"]:
            found = self.aws.codepipeline.get_pipeline(name=pipeline["name"])["pipeline"]
            if found["stages"][0]["actions"][0]["actionTypeId"]["provider"] == "S3":
                yield found  # type: ignore[misc]  # JSON

    def _start(self, pipeline: dict[str, Any]) -> None:
        """Starts a pipeline for each new version of its object, as EventBridge does."""
        action = pipeline["stages"][0]["actions"][0]
        place = action["configuration"]
        listed = self.aws.s3.list_object_versions(Bucket=place["S3Bucket"], Prefix=place["S3ObjectKey"])
        known = self._known(pipeline["name"])
        for version in reversed(listed.get("Versions", ())):
            if version["VersionId"] in known:
                continue
            self.aws.codepipeline.start_pipeline_execution(
                name=pipeline["name"],
                sourceRevisions=[
                    {
                        "actionName": action["name"],
                        "revisionType": "S3_OBJECT_VERSION_ID",
                        "revisionValue": version["VersionId"],
                    }
                ],
            )
            self.say(f"{pipeline['name']}: started for version {version['VersionId']}")

    def _known(self, pipeline: str) -> set[str]:
        listed = self.aws.codepipeline.list_pipeline_executions(pipelineName=pipeline)
        return {
            source.get("revisionId", "")
            for summary in listed["pipelineExecutionSummaries"]
            for source in summary.get("sourceRevisions", ())
        }

    def _actions(self, pipeline: dict[str, Any], deployments: Deployments) -> None:
        """Carries out the actions that are in progress."""
        executions = self.aws.codepipeline.list_pipeline_executions(pipelineName=pipeline["name"])
        for execution in executions["pipelineExecutionSummaries"]:
            if execution["status"] != "InProgress":
                continue
            ran = self.aws.codepipeline.list_action_executions(
                pipelineName=pipeline["name"],
                filter={"pipelineExecutionId": execution["pipelineExecutionId"]},
            )["actionExecutionDetails"]
            for action in ran:
                if action["status"] == "InProgress":
                    self._carry_out(pipeline, execution, action, _built_by(ran), deployments)

    def _carry_out(
        self,
        pipeline: dict[str, Any],
        execution: Any,  # noqa: ANN401 - JSON
        action: Any,  # noqa: ANN401 - JSON
        build: str,
        deployments: Deployments,
    ) -> None:
        def ended(status: str, external_id: str, error: str = "") -> None:
            report_action(
                self.endpoint,
                self.aws.region,
                pipeline["name"],
                execution["pipelineExecutionId"],
                action["actionName"],
                status=status,
                external_id=external_id,
                error=error,
            )

        place = pipeline["stages"][0]["actions"][0]["configuration"]
        kind, begun = action["input"]["actionTypeId"]["category"], action["actionExecutionId"]
        if action["actionName"] == COMMAND:
            self.say(f"{pipeline['name']}: ran the release command")
            ended("Succeeded", f"{action['input']['configuration']['ProjectName']}:{begun}")
        elif kind == "Build":
            version = execution["sourceRevisions"][0]["revisionId"]
            ended(*self._build(pipeline["name"], place, version))
        elif kind == "Deploy" and begun not in self._begun:
            self._begun.add(begun)
            deployments.begin(action["input"]["configuration"], place["S3Bucket"], build, ended)

    def _build(self, pipeline: str, place: dict[str, str], version: str) -> tuple[str, str, str]:
        """Builds a version of the source; its status, its id, and why it failed."""
        self.say(f"{pipeline}: build started")
        bucket, key = place["S3Bucket"], place["S3ObjectKey"]
        source = self.aws.s3.get_object(Bucket=bucket, Key=key, VersionId=version)["Body"].read()
        try:
            build = self.machines.of(pipeline).build(source)
        except SlipwayError as error:
            self.say(f"{pipeline}: {error}")
            return "Failed", "", str(error)
        self.say(f"{pipeline}: {build} succeeded")
        return "Succeeded", build, ""


def _built_by(ran: Any) -> str:  # noqa: ANN401 - JSON
    """The id of the build among an execution's actions; "" if no build has succeeded."""
    for action in ran:
        if action["actionName"] == BUILD and action["status"] == "Succeeded":
            build: str = action["output"]["executionResult"]["externalExecutionId"]
            return build
    return ""
