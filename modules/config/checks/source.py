"""Checks on the source: exactly one source, and only keys that apply to it."""

from collections.abc import Callable, Iterator

from modules.config import arns
from modules.config.problems import Finding
from modules.config.regions import REGIONS
from modules.config.settings import PipelineSettings, Source


def _repository_or_s3(pipeline: PipelineSettings) -> Iterator[Finding]:
    source = pipeline.source
    both = source.repository is not None and source.s3 is not None
    if both or (source.repository is None and source.s3 is None):
        found = "has both" if both else "has neither"
        yield (
            ("source",),
            f'must have either repository = "owner/name" or a table s3 = {{}}; it {found}',
        )


def _only_for_repositories(pipeline: PipelineSettings) -> Iterator[Finding]:
    source = pipeline.source
    if source.s3 is None or source.repository is not None:
        return
    for key in Source.model_fields:
        if key in source.model_fields_set - {"s3"}:
            yield ("source", key), "does not apply to an object in S3: remove this key, or s3"


def _connection(pipeline: PipelineSettings) -> Iterator[Finding]:
    source = pipeline.source
    if source.connection is not None and source.connection_arn is not None:
        yield (
            ("source", "connection"),
            "names a connection to create, but connection_arn names an existing one: remove one of the two",
        )


def _connection_arn(pipeline: PipelineSettings) -> Iterator[Finding]:
    arn = pipeline.source.connection_arn
    if arn is None:
        return
    region, account = arns.place(arn)
    if account != pipeline.account:
        yield ("source", "connection_arn"), f"must be of the service's account, {pipeline.account}"
    if region not in REGIONS:
        yield ("source", "connection_arn"), f"must name an existing AWS region; {region} is not one"


def _provider(pipeline: PipelineSettings) -> Iterator[Finding]:
    source = pipeline.source
    if source.connection_arn is not None:
        return
    if source.provider == "GitHubEnterpriseServer":
        yield (
            ("source", "provider"),
            (
                "needs a host resource, which is set up in the console: create the connection there,"
                " and set connection_arn"
            ),
        )
    if source.repository is not None and source.repository.count("/") > 1 and source.provider != "GitLab":
        yield ("source", "repository"), f"must be owner/name: {source.provider} has no nested groups"


PIPELINE: tuple[Callable[[PipelineSettings], Iterator[Finding]], ...] = (
    _repository_or_s3,
    _only_for_repositories,
    _connection,
    _connection_arn,
    _provider,
)
