"""Checks on the registry, topic and keys that exist already: what decides about them is their owner's."""

from collections.abc import Callable, Iterator

from modules.config import arns
from modules.config.names import Names
from modules.config.problems import Finding
from modules.config.settings import Environment, PipelineSettings

OF_THE_REPOSITORY = ("keep_images", "immutable_tags")


def _registry(pipeline: PipelineSettings) -> Iterator[Finding]:
    registry = pipeline.registry
    if registry.repository is None:
        return
    for key in OF_THE_REPOSITORY:
        if key in registry.model_fields_set:
            yield ("registry", key), "cannot be used with repository, whose owner decides it: remove it"
    if registry.repository == f"{pipeline.service}-cache":
        yield (
            ("registry", "repository"),
            "is the name of the layer cache, which is created: use another repository",
        )


def _topic(pipeline: PipelineSettings) -> Iterator[Finding]:
    alerts = pipeline.alerts
    if alerts.emails is None and alerts.topic_arn is None:
        yield ("alerts", "emails"), 'is missing; add emails = ["team@example.com"], or topic_arn'
    if alerts.emails is not None and alerts.topic_arn is not None:
        yield (
            ("alerts", "emails"),
            "cannot be used with topic_arn, whose owner decides who is subscribed: remove one of them",
        )
    if alerts.topic_arn is None and alerts.topic_key_arn is not None:
        yield ("alerts", "topic_key_arn"), "also needs topic_arn: the topic that the key encrypts"
    for key, arn in (("topic_arn", alerts.topic_arn), ("topic_key_arn", alerts.topic_key_arn)):
        yield from _here(pipeline, arn, "alerts", key)


def _key(pipeline: PipelineSettings) -> Iterator[Finding]:
    yield from _here(pipeline, pipeline.key_arn, "key_arn")


def _environments_key(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    yield from _here(pipeline, environment.key_arn, "key_arn")


def _access_logs(pipeline: PipelineSettings, environment: Environment) -> Iterator[Finding]:
    names = Names.of(pipeline)
    taken = {
        names.artifact_bucket: "the artifact bucket",
        names.state_bucket: "the bucket of Terraform's state",
    }
    if what := taken.get(environment.access_log_bucket or ""):
        yield ("access_log_bucket",), f"is {what}: choose another"


def _here(pipeline: PipelineSettings, arn: str | None, *path: str) -> Iterator[Finding]:
    """An ARN of another region or account; the policy of another account's key cannot be read."""
    region, account = pipeline.region, pipeline.account
    if arn and arns.place(arn) != (region, account):
        yield path, f"must be of the service's region and account, {region} and {account}"


PIPELINE: tuple[Callable[[PipelineSettings], Iterator[Finding]], ...] = (_registry, _topic, _key)
ENVIRONMENT: tuple[Callable[[PipelineSettings, Environment], Iterator[Finding]], ...] = (
    _environments_key,
    _access_logs,
)
