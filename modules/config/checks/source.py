"""Where commits come from: one place, and only what means something for it."""

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
            f'must have either repository = "owner/name" or a table s3 = {{}}, and {found}',
        )


def _only_for_repositories(pipeline: PipelineSettings) -> Iterator[Finding]:
    source = pipeline.source
    if source.s3 is None or source.repository is not None:
        return
    for key in Source.model_fields:
        if key in source.model_fields_set - {"s3"}:
            yield ("source", key), "means nothing for an object in S3: leave it out, or leave s3 out"


def _connection(pipeline: PipelineSettings) -> Iterator[Finding]:
    source = pipeline.source
    if source.connection is not None and source.connection_arn is not None:
        yield (
            ("source", "connection"),
            "names a connection to make, but connection_arn says that there is one: leave one of them out",
        )


def _connection_arn(pipeline: PipelineSettings) -> Iterator[Finding]:
    arn = pipeline.source.connection_arn
    if arn is None:
        return
    region, account = arns.place(arn)
    if account != pipeline.account:
        yield ("source", "connection_arn"), f"must be of the service's account, {pipeline.account}"
    if region not in REGIONS:
        yield ("source", "connection_arn"), f"must be of a region that there is; {region} is none"


def _provider(pipeline: PipelineSettings) -> Iterator[Finding]:
    source = pipeline.source
    if source.connection_arn is not None:
        return
    if source.provider == "GitHubEnterpriseServer":
        yield (
            ("source", "provider"),
            (
                "needs a host that only a person can set up: make the connection in the console,"
                " and give its connection_arn"
            ),
        )
    if source.repository is not None and source.repository.count("/") > 1 and source.provider != "GitLab":
        yield ("source", "repository"), f"must be owner/name: {source.provider} has no groups within groups"


PIPELINE: tuple[Callable[[PipelineSettings], Iterator[Finding]], ...] = (
    _repository_or_s3,
    _only_for_repositories,
    _connection,
    _connection_arn,
    _provider,
)
