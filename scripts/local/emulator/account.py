"""Creates in an emulated account what pipeline.toml refers to but Slipway does not create.

Hosted zones, networks, load balancers, keys, a source bucket, certificates, a connection: in a real account
a person creates them before.
"""

import json
from typing import TYPE_CHECKING

from local.emulator.gaps.given_ids import ID_TAG
from local.emulator.team_network import create_networks
from modules.config import arns
from modules.config.names import Names
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws

if TYPE_CHECKING:
    from mypy_boto3_s3.literals import BucketLocationConstraintType

NO_CONSTRAINT = "us-east-1"  # the one region that CreateBucket refuses as a location constraint


def existing(pipeline: PipelineSettings) -> list[str]:
    """The ARNs of certificates and the connection in the settings: the emulator starts with them."""
    named = {environment.certificate_arn for environment in pipeline.environments}
    return sorted(arn for arn in {*named, pipeline.source.connection_arn} if arn)


def prepare(aws: Aws, *pipelines: PipelineSettings) -> None:
    """Creates what the settings name, each once: zones, networks, registries, topics, keys, buckets."""
    environments = [environment for pipeline in pipelines for environment in pipeline.environments]
    for zone in sorted({environment.hosted_zone for environment in environments if environment.hosted_zone}):
        aws.route53.create_hosted_zone(Name=zone, CallerReference=zone)
    create_networks(aws, pipelines)
    for repository in sorted({name for pipeline in pipelines if (name := pipeline.registry.repository)}):
        aws.ecr.create_repository(repositoryName=repository)
    for topic in sorted({arn for pipeline in pipelines if (arn := pipeline.alerts.topic_arn)}):
        aws.sns.create_topic(Name=topic.rpartition(":")[2])
    for arn in sorted({arn for pipeline in pipelines for arn in Names.of(pipeline).existing_keys}):
        _make_key(aws, arn)
    sources = [pipeline.source.s3 for pipeline in pipelines if pipeline.source.s3]
    for bucket in sorted({source.bucket for source in sources if source.bucket}):
        _make_source_bucket(aws, bucket)
    for bucket in sorted({name for environment in environments if (name := environment.access_log_bucket)}):
        _make_bucket(aws, bucket)


def _make_key(aws: Aws, arn: str) -> None:
    """Creates a key whose policy also lets all AWS services use it; the emulator evaluates no conditions."""
    region, account = arns.place(arn)
    services = (f"logs.{region}.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
            for principal in ({"AWS": f"arn:aws:iam::{account}:root"}, {"Service": services})
        ],
    }
    aws.kms.create_key(
        KeyUsage="ENCRYPT_DECRYPT",  # the default, which moto does not return
        Policy=json.dumps(policy),
        Tags=[{"TagKey": ID_TAG, "TagValue": arn.rpartition("/")[2]}],
    )


def _make_source_bucket(aws: Aws, name: str) -> None:
    """Creates a bucket for sources: versioned, with events to EventBridge."""
    _make_bucket(aws, name)
    aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    aws.s3.put_bucket_notification_configuration(
        Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )


def _make_bucket(aws: Aws, name: str) -> None:
    if aws.region == NO_CONSTRAINT:
        aws.s3.create_bucket(Bucket=name)
    else:
        location: BucketLocationConstraintType = aws.region  # type: ignore[assignment] # a setting
        aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": location})
