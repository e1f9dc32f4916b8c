"""The section that says what is encrypted with which key, and what is logged where, for how long."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.security.page.markdown import DEMO, code, short, table
from tests.synthesis import Resource

SSE_S3 = "S3's own (SSE-S3)"
EBS = "AWS's own for EBS"

Encryption = Callable[[Resource], tuple[str, str]]


def section() -> str:
    """Read from what is synthesised."""
    return f"""## What is encrypted with which key

{table(("what", "key"), sorted(set(_encrypted())))}

Terraform's state bucket also uses S3's own key ([0015](decisions/0015-sse-s3-buckets.md)). The keys
that Slipway creates are rotated every year, and deleting one takes 30 days. In transit: buckets and
the topic refuse plain HTTP; the load balancer uses HTTPS unless `plain_http` is set for an
environment; between load balancer and hosts, within the network, it is plain HTTP.

## What is logged where, and for how long

{table(("what", "where", "kept"), sorted(_logged()))}

Not created here, but recommended for the account: CloudTrail, which records who called these actions."""


def _encrypted() -> Iterator[tuple[str, str]]:
    for kind, encryption in ENCRYPTION.items():
        for resource in DEMO.synthesised.resources(kind):
            what, key = encryption(resource)
            yield what, code(short(_arn(resource, key))) if key.startswith(("$", "arn")) else key


def _arn(resource: Resource, value: str) -> str:
    """The ARN that a reference to a key will be."""
    for key in DEMO.synthesised.resources("aws_kms_key"):
        if key.stack == resource.stack and value.startswith(key.reference):
            (alias,) = DEMO.synthesised.referring_to(key, "aws_kms_alias")
            return str(alias["name"])
    return value


def _bucket(encryption: Resource) -> tuple[str, str]:
    (rule,) = encryption["rule"]
    default = rule["apply_server_side_encryption_by_default"]
    bucket = next(
        resource
        for resource in DEMO.synthesised.resources("aws_s3_bucket")
        if resource.stack == encryption.stack and resource.reference in encryption["bucket"]
    )
    return f"bucket {code(bucket['bucket'])}", default.get("kms_master_key_id", SSE_S3)


def _first(value: Any) -> Any:  # noqa: ANN401 - JSON: a block stands alone or in a list
    return value[0] if isinstance(value, list) else value


ENCRYPTION: dict[str, Encryption] = {
    "aws_cloudwatch_log_group": lambda it: (f"log {code(it['name'])}", it["kms_key_id"]),
    "aws_codebuild_project": lambda it: (f"what builds hand on ({code(it['name'])})", it["encryption_key"]),
    "aws_codepipeline": lambda it: (
        f"the pipeline's artifacts ({code(it['name'])})",
        _first(it["artifact_store"])["encryption_key"]["id"],
    ),
    "aws_ecr_repository": lambda it: (
        f"images in {code(it['name'])}",
        _first(it["encryption_configuration"])["kms_key"],
    ),
    "aws_launch_template": lambda it: (f"disks of hosts ({code(it['name'])})", EBS),
    "aws_s3_bucket_server_side_encryption_configuration": _bucket,
    "aws_sns_topic": lambda it: (f"topic {code(it['name'])}", it["kms_master_key_id"]),
}


def _logged() -> Iterator[tuple[str, str, str]]:
    says = {
        "agent": "a host's first start, the CodeDeploy agent",
        "app": "what the service prints",
        "build": "builds",
        "deployments": "what deployments' scripts print",
        "sessions": "what is typed and shown in sessions on hosts",
        "flow-logs": "each connection in the network, accepted or not",
    }
    for resource in DEMO.synthesised.resources("aws_cloudwatch_log_group"):
        what = says[resource["name"].rpartition("/")[2]]
        yield what, code(resource["name"]), f"{resource['retention_in_days']} days"
    for resource in DEMO.synthesised.resources("aws_s3_bucket_lifecycle_configuration"):
        for rule in resource["rule"]:
            if rule.get("filter", [{}])[0].get("prefix") == "AWSLogs/":
                days = _first(rule["expiration"])["days"]
                environment = resource.stack.removeprefix(f"{DEMO.names.service}-")
                names = next(it for it in DEMO.names.environments if it.environment == environment)
                yield "requests to the load balancer", code(names.load_balancer_log_bucket), f"{days} days"
