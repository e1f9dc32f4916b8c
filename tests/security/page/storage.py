"""The sections on encryption keys and on logs, with their retention."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.security.page.markdown import DEMO, code, short, table
from tests.synthesis import Resource

SSE_S3 = "S3 managed (SSE-S3)"
EBS = "AWS managed (EBS)"

Encryption = Callable[[Resource], tuple[str, str]]


def section() -> str:
    """Tables of the keys and the logs of the synthesised stacks."""
    return f"""## Encryption keys

{table(("data", "key"), sorted(set(_encrypted())))}

Terraform's state bucket also uses SSE-S3 ([0015](decisions/0015-sse-s3-buckets.md)). The keys
that Slipway creates are rotated every year, and deleting one takes 30 days. In transit: buckets and
the topic deny plain HTTP; the load balancer uses HTTPS unless `plain_http` is set for an
environment; between load balancer and hosts, within the network, it is plain HTTP.

## Logs and their retention

{table(("data", "location", "retention"), sorted(_logged()))}

Not created here, but recommended for the account: CloudTrail, which records who called these actions."""


def _encrypted() -> Iterator[tuple[str, str]]:
    for kind, encryption in ENCRYPTION.items():
        for resource in DEMO.synthesised.resources(kind):
            what, key = encryption(resource)
            yield what, code(short(_arn(resource, key))) if key.startswith(("$", "arn")) else key


def _arn(resource: Resource, value: str) -> str:
    """The alias of the key that a value refers to, or the value itself."""
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
    "aws_codebuild_project": lambda it: (f"artifacts of builds ({code(it['name'])})", it["encryption_key"]),
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
        "agent": "first boot of hosts, CodeDeploy agent",
        "app": "output of the service",
        "build": "builds",
        "deployments": "output of the host scripts",
        "sessions": "input and output of sessions on hosts",
        "flow-logs": "accepted and rejected connections in the network",
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
