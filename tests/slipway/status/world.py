"""A service that is deployed, inside the test's own process: moto with its gaps filled, put in order by hand.

What no API sets is set on moto's own records: when a deployment was made, how it ended, on which host.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from moto.codedeploy.models import DeploymentInfo, codedeploy_backends

from local.emulator.gaps.codedeploy_details import details_of, take_targets
from modules.config.names import EnvironmentNames, Names
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws
from tests.settings import ACCOUNT, minimal
from tests.slipway.accounts import REGION, emptied

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import S3LocationTypeDef

ROLE = f"arn:aws:iam::{ACCOUNT}:role/service"
IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
NOW = datetime.now(UTC).replace(microsecond=0)
ENDED = ("Succeeded", "Failed", "Stopped")


def commit(name: str) -> str:
    """A commit's hash, from a name."""
    return sha256(name.encode()).hexdigest()[:40]


def digest(name: str) -> str:
    """The digest of its image."""
    return f"sha256:{sha256(f'image of {name}'.encode()).hexdigest()}"


def revision(name: str, **other: object) -> bytes:
    """A revision as the build packs it."""
    said = {
        "repository": "registry/my-app",
        "commit": commit(name),
        "digest": digest(name),
        "built_at": "2026-11-01T10:00:00Z",
        **other,
    }
    return zipped({"appspec.yml": "version: 0.0\n", "image.json": json.dumps(said)})


def zipped(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


@dataclass
class World:
    """An account with a service in it. settings: of the service."""

    aws: Aws
    settings: PipelineSettings
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names.of(self.settings)

    def environment(self, name: str = "staging") -> EnvironmentNames:
        return next(each for each in self.names.environments if each.environment == name)

    # what the stacks make

    def apply_foundation(self) -> None:
        self.aws.s3.create_bucket(
            Bucket=self.names.artifact_bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self.aws.s3.put_bucket_versioning(
            Bucket=self.names.artifact_bucket, VersioningConfiguration={"Status": "Enabled"}
        )
        self.aws.ecr.create_repository(repositoryName=self.names.repository)
        self.aws.sns.create_topic(Name=self.names.topic)
        self.aws.codedeploy.create_application(
            applicationName=self.names.application, computePlatform="Server"
        )

    def apply_environment(self, name: str = "staging", *, hosts: int = 2) -> list[str]:
        """An environment with its hosts; their ids, sorted."""
        names = self.environment(name)
        network = self.aws.ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        target_group = self.aws.elbv2.create_target_group(
            Name=names.target_group, Protocol="HTTP", Port=8080, VpcId=network
        )["TargetGroups"][0]["TargetGroupArn"]
        self._hosts(names, hosts)
        self.aws.codedeploy.create_deployment_group(
            applicationName=self.names.application,
            deploymentGroupName=names.deployment_group,
            serviceRoleArn=ROLE,
            autoScalingGroups=[names.prefix],
            loadBalancerInfo={"targetGroupInfoList": [{"name": names.target_group}]},
            alarmConfiguration={"enabled": True, "alarms": [{"name": names.alarm("latency")}]},
        )
        ids = self.hosts(name)
        if ids:
            self.aws.elbv2.register_targets(
                TargetGroupArn=target_group, Targets=[{"Id": each} for each in ids]
            )
        return ids

    def _hosts(self, names: EnvironmentNames, number: int) -> None:
        self.aws.ec2.create_launch_template(
            LaunchTemplateName=names.prefix,
            LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.small"},
        )
        self.aws.autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=names.prefix,
            MinSize=number,
            MaxSize=max(number, 1),
            DesiredCapacity=number,
            AvailabilityZones=[f"{REGION}a"],
            LaunchTemplate={"LaunchTemplateName": names.prefix, "Version": "1"},
        )

    def hosts(self, name: str = "staging") -> list[str]:
        groups = self.aws.autoscaling.describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.environment(name).prefix]
        )["AutoScalingGroups"]
        return sorted(instance["InstanceId"] for instance in groups[0]["Instances"])

    def alarm(self, name: str, *, state: str = "OK", environment: str = "staging", **options: Any) -> None:  # noqa: ANN401 - as boto3 takes them
        alarm = self.environment(environment).alarm(name)
        given = {"AlarmActions": [self.names.topic_arn], **options}
        self.aws.cloudwatch.put_metric_alarm(
            AlarmName=alarm,
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            MetricName=name,
            Namespace="Tests",
            Period=60,
            Statistic="Sum",
            Threshold=1,
            **given,
        )
        self.aws.cloudwatch.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason="test")  # type: ignore[arg-type]  # as tests say it

    # what the pipeline makes

    def keep(self, name: str) -> str:
        """A build's revision, kept by its commit; the commit."""
        self.aws.s3.put_object(
            Bucket=self.names.artifact_bucket,
            Key=f"{self.names.revision_prefix}{commit(name)}.zip",
            Body=revision(name),
        )
        return commit(name)

    def artifact(self, name: str, content: bytes | None = None) -> "S3LocationTypeDef":
        """The same revision as the pipeline hands it on, named after nothing."""
        key = f"{self.names.revision_artifact_prefix}{sha256(name.encode()).hexdigest()[:7]}"
        put = self.aws.s3.put_object(
            Bucket=self.names.artifact_bucket, Key=key, Body=revision(name) if content is None else content
        )
        return {
            "bucket": self.names.artifact_bucket,
            "key": key,
            "bundleType": "zip",
            "version": put["VersionId"],
            "eTag": put["ETag"].strip('"'),
        }

    def push(self, name: str) -> None:
        """Its image, in the registry."""
        self.aws.ecr.put_image(
            repositoryName=self.names.repository,
            imageManifest=json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "name": name}),
            imageTag=commit(name),
            imageDigest=digest(name),
        )

    def deploy(
        self,
        name: str,
        status: str = "Succeeded",
        *,
        environment: str = "staging",
        ago: timedelta = timedelta(hours=1),
        hosts: Mapping[str, str] | Sequence[str] = (),
        creator: str = "user",
        location: "S3LocationTypeDef | None" = None,
    ) -> str:
        """A deployment that was made so long ago and took a minute; its id. hosts: how it went on each."""
        made = self.aws.codedeploy.create_deployment(
            applicationName=self.names.application,
            deploymentGroupName=self.environment(environment).deployment_group,
            revision={"revisionType": "S3", "s3Location": location or self.artifact(name)},
        )["deploymentId"]
        record = self.record(made)
        record.status, record.creator = status, creator
        record.create_time = (NOW - ago).replace(tzinfo=None)
        record.start_time = record.create_time
        if status in ENDED:
            record.complete_time = record.create_time + timedelta(minutes=1)
        details_of(record)
        each_status = hosts if isinstance(hosts, Mapping) else dict.fromkeys(hosts, status)
        take_targets(
            record,
            [
                {"targetId": host, "status": said, "lastUpdatedAt": (NOW - ago).timestamp()}
                for host, said in each_status.items()
            ],
        )
        return made

    def record(self, made: str) -> DeploymentInfo:
        """What moto keeps of a deployment."""
        deployments: dict[str, DeploymentInfo] = codedeploy_backends[ACCOUNT][REGION].deployments
        return deployments[made]


@contextmanager
def world(settings: PipelineSettings | None = None) -> Iterator[World]:
    """An empty account for a service."""
    with emptied() as clients:
        yield World(clients, settings or minimal())
