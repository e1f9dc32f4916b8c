"""Acts when something appears at an emulated AWS: a person's click, a pipeline, a build, a deployment.

Lighter than `slipway rehearse`: no image is built and no container runs. What is uploaded is taken for good,
unless its Dockerfile ends with what never starts; deployments go through their states by reports. So the
steps of `slipway rehearse --account` meet the same answers of AWS's APIs, and nothing of what hosts do.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any  # what AWS answers is JSON

from local.emulator.handshakes import complete_handshakes, confirm_emails
from local.emulator.pipeline_reports import play_pipelines, report_action
from local.player.builds import build
from local.player.deployments import Deployments
from slipway.aws.clients import Aws
from slipway.aws.codepipeline import COMMAND
from slipway.aws.errors import RefusedError

LOOK = 0.5  # seconds between two looks


@dataclass
class Player:
    """Who plays. endpoint: the emulated AWS. say: is told what is played."""

    aws: Aws
    endpoint: str
    say: Callable[[str], None]
    _started: set[str] = field(default_factory=set)

    def play(self, going_on: Callable[[], bool] = lambda: True) -> None:
        """Plays for as long as it is to go on."""
        play_pipelines(self.endpoint, self.aws.region)
        deployments = Deployments(self.aws, self.endpoint, self.say)
        while going_on():
            try:
                self._people()
                for pipeline in self._pipelines():
                    self._start(pipeline)
                    self._builds(pipeline, deployments)
                deployments.go_on()
            except RefusedError as error:  # what was there a moment ago is being destroyed
                self.say(f"{error.what}: {error.message}")
            time.sleep(LOOK)

    def _people(self) -> None:
        for arn in complete_handshakes(self.endpoint):
            self.say(f"completed the handshake of {arn}")
        for address in confirm_emails(self.endpoint, self.aws.region):
            self.say(f"{address} confirmed AWS's e-mail")

    def _pipelines(self) -> Iterator[dict[str, Any]]:
        """The pipelines whose source is S3."""
        for each in self.aws.codepipeline.list_pipelines()["pipelines"]:
            found = self.aws.codepipeline.get_pipeline(name=each["name"])["pipeline"]
            if found["stages"][0]["actions"][0]["actionTypeId"]["provider"] == "S3":
                yield found  # type: ignore[misc]  # JSON

    def _start(self, pipeline: dict[str, Any]) -> None:
        """Starts a pipeline for each new version of its object, as EventBridge does."""
        action = pipeline["stages"][0]["actions"][0]
        place = action["configuration"]
        listed = self.aws.s3.list_object_versions(Bucket=place["S3Bucket"], Prefix=place["S3ObjectKey"])
        known = self._known(pipeline["name"])
        for each in reversed(listed.get("Versions", ())):
            if each["VersionId"] in known:
                continue
            self.aws.codepipeline.start_pipeline_execution(
                name=pipeline["name"],
                sourceRevisions=[
                    {
                        "actionName": action["name"],
                        "revisionType": "S3_OBJECT_VERSION_ID",
                        "revisionValue": each["VersionId"],
                    }
                ],
            )
            self.say(f"{pipeline['name']}: started for version {each['VersionId']}")

    def _known(self, pipeline: str) -> set[str]:
        listed = self.aws.codepipeline.list_pipeline_executions(pipelineName=pipeline)
        return {
            source.get("revisionId", "")
            for each in listed["pipelineExecutionSummaries"]
            for source in each.get("sourceRevisions", ())
        }

    def _builds(self, pipeline: dict[str, Any], deployments: Deployments) -> None:
        """Carries out what waits to be carried out: a build at once, a deployment step by step."""
        for execution in self.aws.codepipeline.list_pipeline_executions(pipelineName=pipeline["name"])[
            "pipelineExecutionSummaries"
        ]:
            if execution["status"] != "InProgress":
                continue
            ran = self.aws.codepipeline.list_action_executions(
                pipelineName=pipeline["name"],
                filter={"pipelineExecutionId": execution["pipelineExecutionId"]},
            )
            version = execution["sourceRevisions"][0]["revisionId"]
            for action in ran["actionExecutionDetails"]:
                if action["status"] == "InProgress":
                    self._carry_out(pipeline, execution["pipelineExecutionId"], action, version, deployments)

    def _carry_out(
        self,
        pipeline: dict[str, Any],
        execution: str,
        action: Any,  # noqa: ANN401 - JSON
        version: str,
        deployments: Deployments,
    ) -> None:
        def ended(status: str, external_id: str, error: str = "") -> None:
            report_action(
                self.endpoint,
                self.aws.region,
                pipeline["name"],
                execution,
                action["actionName"],
                status=status,
                external_id=external_id,
                error=error,
            )

        place = pipeline["stages"][0]["actions"][0]["configuration"]
        kind = action["input"]["actionTypeId"]["category"]
        if action["actionName"] == COMMAND:
            self.say(f"{pipeline['name']}: ran the release command")
            ended("Succeeded", f"{action['input']['configuration']['ProjectName']}:played")
        elif kind == "Build":
            commit = build(self.aws, pipeline["name"], place, version)
            self.say(f"{pipeline['name']}: built {commit}")
            ended("Succeeded", f"{pipeline['name']}-build:{commit}")
        elif kind == "Deploy" and execution not in self._started:
            self._started.add(execution)
            deployments.begin(action["input"]["configuration"], place["S3Bucket"], version, ended)
