"""Reads what the catalog needs: stored revisions, deployments, the revisions' contents, images."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from modules.config.names import EnvironmentNames, Names
from slipway.aws import codedeploy, parallel
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import Deployment, DeploymentGroupState
from slipway.aws.errors import AwsError
from slipway.aws.images import images
from slipway.aws.revisions import (
    RevisionImage,
    RevisionImages,
    RevisionLocation,
    StoredRevision,
    commit_in,
    stored_revisions,
)
from slipway.console.cdk import cdk
from slipway.console.errors import SlipwayError
from slipway.releases.assemble import Known, assemble, choose
from slipway.releases.catalog import Catalog

FEWEST = 20  # deployments of each environment that are read at least, if there are so many


@dataclass(frozen=True, kw_only=True)
class CatalogReader:
    """Reads the catalog of some environments. shipped: a cache of the revisions' contents."""

    aws: Aws
    names: Names
    environments: Sequence[EnvironmentNames]
    groups: Mapping[str, DeploymentGroupState]
    shipped: RevisionImages
    executions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, aws: Aws, names: Names, environments: Sequence[EnvironmentNames], **more: Mapping[str, str]
    ) -> "CatalogReader":
        """Make a reader; this reads the deployment groups from AWS."""
        groups = codedeploy.deployment_groups(
            aws, names.application, [environment.deployment_group for environment in environments]
        )
        shipped = RevisionImages(aws)
        return cls(aws=aws, names=names, environments=environments, groups=groups, shipped=shipped, **more)

    def read(self, *, limit: int | None = FEWEST, also: str = "", with_images: bool = False) -> Catalog:
        """Read the newest releases, and those that run or that a rollback would deploy.

        limit: how many of the newest; None for all. Default: 20. also: the beginning of a commit to include.
        Default: none. with_images: whether to read which images exist and their scans. Default: False.
        """
        stored = self._stored()
        deployments = self._deployments(limit)
        shipped = self._shipped(deployments)
        history = {
            name: tuple(replace(found, commit=self._commit(found, shipped)) for found in several)
            for name, several in deployments.items()
        }
        chosen = choose(Known(stored=stored, history=history, shipped=shipped), limit=limit, also=also)
        return assemble(
            chosen,
            Known(
                stored=stored,
                history=history,
                shipped=shipped | self._read(chosen.unread),
                images=images(self.aws, self.names.repository) if with_images else None,
                executions=self.executions,
            ),
        )

    def _stored(self) -> dict[str, StoredRevision]:
        names = self.names
        try:
            return stored_revisions(self.aws, names.artifact_bucket, names.revision_prefix)
        except AwsError as error:
            if error.code != "NoSuchBucket":
                raise
            raise SlipwayError(
                f"the artifact bucket {names.artifact_bucket} does not exist: nothing was built yet",
                then=f"apply {names.foundation_stack} and the other stacks: {cdk('deploy', '*')}",
            ) from error

    def _deployments(self, limit: int | None) -> dict[str, list[Deployment]]:
        """Release deployments of each environment, newest first; without those that only update new hosts."""

        def enough(deployments: Iterable[Deployment]) -> bool:
            releases = [deployment for deployment in deployments if deployment.is_release]
            good = {release.revision for release in releases if release.succeeded}
            return limit is not None and len(releases) >= max(limit, FEWEST) and len(good) > 1

        def read(environment: EnvironmentNames) -> list[Deployment]:
            group = self.groups.get(environment.deployment_group)
            if group is None:
                return []
            several = codedeploy.deployments(self.aws, self.names.application, group, enough)
            return [deployment for deployment in several if deployment.is_release]

        found = parallel.each(read, self.environments)
        return dict(zip([names.environment for names in self.environments], found, strict=True))

    def _shipped(
        self, deployments: Mapping[str, Sequence[Deployment]]
    ) -> dict[RevisionLocation, RevisionImage]:
        """The contents of the pipeline's own artifacts, whose keys do not contain the commit."""
        return self._read(
            deployment.revision
            for several in deployments.values()
            for deployment in several
            if deployment.revision and not commit_in(deployment.revision.key, self.names.revision_prefix)
        )

    def _read(self, locations: Iterable[RevisionLocation]) -> dict[RevisionLocation, RevisionImage]:
        wanted = list(dict.fromkeys(locations))
        return dict(zip(wanted, parallel.each(self.shipped.read, wanted), strict=True))

    def _commit(self, deployment: Deployment, shipped: Mapping[RevisionLocation, RevisionImage]) -> str:
        if deployment.revision is None:
            return ""
        if deployment.revision in shipped:
            return shipped[deployment.revision].commit
        return commit_in(deployment.revision.key, self.names.revision_prefix)
