"""A service in an emulated AWS, as its stacks would leave it, and someone who carries deployments out."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.emulator.deployment_reports import report_deployment
from local.emulator.gaps import codedeploy_reports
from modules.config.names import EnvironmentNames, Names
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws
from tests.settings import ACCOUNT, REGION, environment, minimal

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import DeploymentInfoTypeDef

ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": ["codepipeline.amazonaws.com", "codedeploy.amazonaws.com"]},
}
HOSTS = ("i-0000000000000000a", "i-0000000000000000b")
EVENTS = ("BlockTraffic", "ApplicationStart", "ValidateService", "AllowTraffic")
TOML = """
service = "{service}"
account = "{account}"
region = "{region}"

[source]
repository = "example/{service}"

[alerts]
emails = ["team@example.com"]

[[environments]]
name = "staging"
cidr = "10.20.0.0/16"
plain_http = true

[[environments]]
name = "prod"
cidr = "10.30.0.0/16"
plain_http = true
approval = true
"""


def commit(number: int) -> str:
    """A commit's id, always the same for a number."""
    return sha1(str(number).encode()).hexdigest()


def settings(service: str) -> PipelineSettings:
    """The service's settings, as TOML has them too."""
    prod = environment(name="prod", cidr="10.30.0.0/16", approval=True)
    return minimal(
        service=service, source={"repository": f"example/{service}"}, environments=[environment(), prod]
    )


def revision(commit: str, digest: str) -> bytes:
    """A revision, as builds make them."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("image.json", json.dumps({"commit": commit, "digest": digest}))
    return content.getvalue()


@dataclass
class World:
    """The service.

    endpoint: of the emulated AWS, if it is a process of its own. Default: moto in this process.
    ends: how deployments end that somebody creates, one after the other. Default: well.
    """

    service: str
    aws: Aws
    endpoint: str = ""
    ends: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> Names:
        return Names.of(settings(self.service))

    def environment(self, name: str) -> EnvironmentNames:
        return next(each for each in self.names.environments if each.environment == name)

    def make(self) -> None:
        """What the stacks make, as far as it matters here."""
        here: Any = {"LocationConstraint": REGION}
        self.aws.s3.create_bucket(Bucket=self.names.artifact_bucket, CreateBucketConfiguration=here)
        self.aws.s3.put_bucket_versioning(
            Bucket=self.names.artifact_bucket, VersioningConfiguration={"Status": "Enabled"}
        )
        self.aws.ecr.create_repository(repositoryName=self.names.repository)
        topic = self.aws.sns.create_topic(Name=self.names.topic)["TopicArn"]
        self.aws.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="team@example.com")
        self.aws.codedeploy.create_application(
            applicationName=self.names.application, computePlatform="Server"
        )
        self.aws.iam.create_role(
            RoleName="deploy", AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]})
        )
        for each in self.names.environments:
            self._group(each, topic)
        self._pipeline()

    def _group(self, environment: EnvironmentNames, topic: str) -> None:
        alarm = environment.alarm("target-5xx")
        self.aws.cloudwatch.put_metric_alarm(
            AlarmName=alarm,
            AlarmActions=[topic],
            MetricName="HTTPCode_Target_5XX_Count",
            Namespace="AWS/ApplicationELB",
            Period=60,
            Threshold=1.0,
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanThreshold",
            Statistic="Sum",
        )
        self.aws.codedeploy.create_deployment_group(
            applicationName=self.names.application,
            deploymentGroupName=environment.deployment_group,
            serviceRoleArn=ROLE,
            alarmConfiguration={"enabled": True, "alarms": [{"name": alarm}]},
            autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE"]},
        )

    def _pipeline(self) -> None:
        name = self.names.delivery_pipeline
        self.aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]}))
        stages = {
            "Source": [_action("Source", "Source", "S3")],
            "staging": [_action("Deploy", "Deploy", "CodeDeploy")],
            "prod": [_action("Approve", "Approval", "Manual"), _action("Deploy", "Deploy", "CodeDeploy", 2)],
        }
        definition: Any = {
            "name": name,
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
            "artifactStore": {"type": "S3", "location": "artifacts"},
            "stages": [{"name": stage, "actions": actions} for stage, actions in stages.items()],
        }
        self.aws.codepipeline.create_pipeline(pipeline=definition)

    def build(self, *commits: str) -> None:
        """Images, and the revisions that their builds keep."""
        for each in commits:
            self.digests[each] = f"sha256:{each:0<64}"
            self.aws.ecr.put_image(
                repositoryName=self.names.repository,
                imageManifest=_manifest(each),
                imageTag=each,
                imageDigest=self.digests[each],
            )
            self.aws.s3.put_object(
                Bucket=self.names.artifact_bucket,
                Key=f"{self.names.revision_prefix}{each}.zip",
                Body=revision(each, self.digests[each]),
            )

    def artifact(self, commit: str) -> dict[str, str]:
        """The revision as the pipeline keeps it, in its version."""
        key = f"{self.names.revision_artifact_prefix}{commit[:7]}"
        put = self.aws.s3.put_object(
            Bucket=self.names.artifact_bucket, Key=key, Body=revision(commit, self.digests[commit])
        )
        return {
            "bucket": self.names.artifact_bucket,
            "key": key,
            "bundleType": "zip",
            "version": put["VersionId"],
            "eTag": put["ETag"].strip('"'),
        }

    def deployed(self, environment: str, commit: str, status: str = "Succeeded") -> str:
        """A deployment by the pipeline that ended so; or has not, if that is InProgress."""
        location: Any = self.artifact(commit)
        made = self.aws.codedeploy.create_deployment(
            applicationName=self.names.application,
            deploymentGroupName=self.environment(environment).deployment_group,
            revision={"revisionType": "S3", "s3Location": location},
        )["deploymentId"]
        self.report(made, status)
        return made

    def report(self, deployment: str, status: str, *targets: dict[str, object]) -> None:
        if self.endpoint:
            report_deployment(self.endpoint, REGION, deployment, info={"status": status}, targets=targets)
        else:
            said = {"region": REGION, "deploymentId": deployment, "info": {"status": status}}
            codedeploy_reports.take(ACCOUNT, {**said, "targets": targets})

    def alarm(self, environment: str, state: str = "ALARM") -> str:
        """Sets the environment's alarm; its name."""
        name = self.environment(environment).alarm("target-5xx")
        self.aws.cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")  # type: ignore[arg-type]  # one of its states
        return name

    def release(self, commit: str) -> str:
        """An execution of the pipeline; its id."""
        return self.aws.codepipeline.start_pipeline_execution(
            name=self.names.delivery_pipeline,
            sourceRevisions=[{"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": commit}],
        )["pipelineExecutionId"]

    def stage(self, name: str) -> dict[str, Any]:
        """A stage's state."""
        found = self.aws.codepipeline.get_pipeline_state(name=self.names.delivery_pipeline)
        return next(
            dict(stage_state) for stage_state in found["stageStates"] if stage_state["stageName"] == name
        )

    def deployments(self, environment: str) -> "list[DeploymentInfoTypeDef]":
        """All of them, newest first."""
        group = self.environment(environment).deployment_group
        ids = self.aws.codedeploy.list_deployments(
            applicationName=self.names.application, deploymentGroupName=group
        )["deployments"]
        found = self.aws.codedeploy.batch_get_deployments(deploymentIds=ids)["deploymentsInfo"]
        return sorted(found, key=lambda each: each["createTime"], reverse=True)

    def go_on(self, _seconds: float) -> None:
        """In place of waiting: deployments take a step, as CodeDeploy carries them out."""
        for name in ("staging", "prod"):
            for deployment in self.deployments(name):
                if deployment["status"] == "Created":
                    self.report(deployment["deploymentId"], "InProgress", *(target(host) for host in HOSTS))
                elif deployment["status"] == "InProgress":
                    status = self.ends.pop(0) if self.ends else "Succeeded"
                    self.report(deployment["deploymentId"], status, *(target(host, status) for host in HOSTS))

    def project(self, directory: Path) -> None:
        """Writes what makes a directory the service's project."""
        toml = TOML.format(service=self.service, account=ACCOUNT, region=REGION)
        (directory / "pipeline.toml").write_text(toml, encoding="utf-8")
        (directory / "main.py").touch()


def target(host: str, status: str = "InProgress") -> dict[str, object]:
    """A host of a deployment: in its first event, through all, or failed in its health check."""
    return {"targetId": host, "status": status, "lifecycleEvents": list(_events(status))}


def _events(status: str) -> Iterator[dict[str, object]]:
    for number, name in enumerate(EVENTS):
        event: dict[str, object] = {
            "lifecycleEventName": name,
            "status": "Succeeded",
            "startTime": 1,
            "endTime": 3,
        }
        if status == "InProgress":
            event = {"lifecycleEventName": name, "status": "Pending" if number else "InProgress"}
        if status == "Failed" and name == "ValidateService":
            said = {
                "errorCode": "ScriptFailed",
                "scriptName": "scripts/health_check.sh",
                "message": "exit code 1",
                "logTail": "[stdout]no answer from /readyz\n",
            }
            event |= {"status": "Failed", "diagnostics": said}
        yield event


def _manifest(commit: str) -> str:
    digest = f"sha256:{commit:0<64}"
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": {"mediaType": "application/json", "size": 1, "digest": digest},
            "layers": [],
        }
    )


def _action(name: str, category: str, provider: str, order: int = 1) -> dict[str, object]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, "runOrder": order}
