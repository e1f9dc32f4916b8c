"""Reads what the catalogue is made of: kept revisions, deployments, images, executions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from modules.config.names import EnvironmentNames, Names
from slipway.aws import codedeploy, images, parallel
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment
from slipway.aws.errors import code_of
from slipway.aws.revisions import Image, Images, Location
from slipway.console.errors import SlipwayError
from slipway.releases import executions, groups, kept
from slipway.releases.assembling import Known, assemble, choose
from slipway.releases.catalog import Catalogue, Shipped
from slipway.releases.kept import Kept

FEWEST = 20  # deployments of each environment that are looked at, if it had so many


def gather(
    aws: Aws,
    names: Names,
    environments: Sequence[EnvironmentNames],
    *,
    limit: int | None = FEWEST,
    also: str = "",
) -> Catalogue:
    """The newest releases, those that run or that a rollback would pick, and what else is asked for.

    limit: how many of the newest; None for all. also: the beginning of a commit that is wanted too.
    """
    kept_ones = _kept(aws, names)
    deployments = _deployments(aws, names, environments, limit)
    shipped_images = _images(aws, names, deployments)
    shipped = {
        name: tuple(Shipped(deployment=each, commit=_commit(each, shipped_images, names)) for each in several)
        for name, several in deployments.items()
    }
    chosen = choose(Known(kept=kept_ones, history=shipped, images=shipped_images), limit=limit, also=also)
    return assemble(
        chosen,
        Known(
            kept=kept_ones,
            history=shipped,
            images=shipped_images | _read(aws, chosen.unread),
            registry=images.images(aws.ecr, names.repository),
            executions=_executions(aws, names),
        ),
    )


def _kept(aws: Aws, names: Names) -> dict[str, Kept]:
    try:
        return kept.read(aws.s3, names.artifact_bucket, names.revision_prefix)
    except ClientError as error:
        if code_of(error) != "NoSuchBucket":
            raise
        raise SlipwayError(
            f"there is no artifact bucket {names.artifact_bucket}: nothing was ever built or deployed",
            then=f"apply {names.foundation_stack} and the other stacks: cdktf deploy '*'",
        ) from error


def _deployments(
    aws: Aws, names: Names, environments: Sequence[EnvironmentNames], limit: int | None
) -> dict[str, list[Deployment]]:
    """Releases of each environment, newest first; not what brought single new hosts up to date."""
    client = aws.codedeploy
    found = groups.read(client, names.application, [each.deployment_group for each in environments])

    def enough(deployments: Iterable[Deployment]) -> bool:
        releases = [each for each in deployments if each.is_release]
        good = {each.location for each in releases if each.succeeded}
        return limit is not None and len(releases) >= max(limit, FEWEST) and len(good) > 1

    def read(environment: EnvironmentNames) -> list[Deployment]:
        group = found.get(environment.deployment_group)
        if group is None:
            return []
        since = group.newest or datetime.now(UTC)
        several = codedeploy.read(
            client, application=names.application, group=group.name, since=since, enough=enough
        )
        return [each for each in several if each.is_release]

    return dict(
        zip([each.environment for each in environments], parallel.each(read, environments), strict=True)
    )


def _images(aws: Aws, names: Names, deployments: Mapping[str, Sequence[Deployment]]) -> dict[Location, Image]:
    """What was deployed from where its name does not say the commit: the pipeline's own artifacts."""
    return _read(
        aws,
        [
            each.location
            for several in deployments.values()
            for each in several
            if each.location and not kept.commit_in(each.location.key, names.revision_prefix)
        ],
    )


def _read(aws: Aws, locations: Iterable[Location | None]) -> dict[Location, Image]:
    wanted = list(dict.fromkeys(each for each in locations if each))
    images = Images(aws.s3)
    return dict(zip(wanted, parallel.each(images.read, wanted), strict=True))


def _commit(deployment: Deployment, images: Mapping[Location, Image], names: Names) -> str:
    if deployment.location is None:
        return ""
    if deployment.location in images:
        return images[deployment.location].commit
    return kept.commit_in(deployment.location.key, names.revision_prefix)


def _executions(aws: Aws, names: Names) -> dict[str, str]:
    """The newest execution of each commit."""
    try:
        found = executions.commits(aws.codepipeline, names.delivery_pipeline)
    except ClientError as error:
        if code_of(error) == "PipelineNotFoundException":
            return {}
        raise
    return {commit: execution for execution, commit in reversed(found.items())}
