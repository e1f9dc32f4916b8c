"""What ``slipway releases --json`` prints: the catalog, and which release runs or is next for a rollback."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from modules.config.names import Names
from slipway.console.documents import Document
from slipway.releases.catalog import Catalog, Release


class LastDeployment(Document):
    """The last deployment of a release to an environment."""

    status: str
    """CodeDeploy's status: Succeeded, Failed, Stopped, InProgress …"""
    deployment: str
    """The deployment's id."""
    at: datetime
    """When it ended; while it is in progress, when it was created."""
    error: str
    """CodeDeploy's error message; empty if it did not fail."""


class Entry(Document):
    """A release as ``slipway releases --json`` lists it."""

    commit: str
    """The commit; the build's id if the source has no commits."""
    revision: str | None
    """The S3 address of its revision; null if it does not exist any more."""
    digest: str
    """The digest of its image; empty if its revision does not say."""
    built_at: datetime | None
    """When its image was built."""
    execution: str
    """The id of the newest pipeline execution of the commit; empty if the pipeline lists none."""
    image: Literal["present", "gone", "unknown"]
    """Whether the ECR repository still has its image, by digest."""
    findings: dict[str, int] | None
    """The number of the image scan's findings by severity; null if there is no scan."""
    results: dict[str, LastDeployment]
    """Its last deployment, by environment; environments to which it was never deployed are left out."""
    runs_in: tuple[str, ...]
    """The environments that run it: their last successful deployment deployed it."""
    rollback_in: tuple[str, ...]
    """The environments in which ``slipway rollback`` would deploy it."""
    problem: str
    """Why its revision could not be read; empty if it could."""


class Releases(Document):
    """What ``slipway releases --json`` prints."""

    service: str
    """The service's name."""
    account: str
    """The AWS account's id."""
    region: str
    """The AWS region."""
    at: datetime
    """When this was read from AWS."""
    environments: tuple[str, ...]
    """The environments that are included, in the order in which a release is deployed to them."""
    known: int
    """How many releases exist, including those that are left out."""
    releases: tuple[Entry, ...]
    """The newest releases, and those that run or that a rollback would deploy; newest first."""


def document(catalog: Catalog, names: Names, environments: Sequence[str]) -> Releases:
    """Convert the catalog to a document."""
    running = {environment: catalog.running(environment) for environment in environments}
    before = {environment: catalog.before(environment) for environment in environments}
    return Releases(
        service=names.service,
        account=names.account,
        region=names.region,
        at=datetime.now(UTC).replace(microsecond=0),
        environments=tuple(environments),
        known=catalog.known,
        releases=tuple(
            _entry(
                release,
                runs_in=_where(running, release.commit),
                rollback_in=_where(before, release.commit),
            )
            for release in catalog.releases
        ),
    )


def _where(releases: Mapping[str, Release | None], commit: str) -> tuple[str, ...]:
    return tuple(name for name, release in releases.items() if release and release.commit == commit)


def _entry(release: Release, *, runs_in: tuple[str, ...], rollback_in: tuple[str, ...]) -> Entry:
    return Entry(
        commit=release.commit,
        revision=str(release.revision) if release.revision else None,
        digest=release.digest,
        built_at=release.built_at,
        execution=release.execution,
        image=release.image,
        findings=dict(release.findings) if release.findings is not None else None,
        results={
            name: LastDeployment(
                status=last.status, deployment=last.id, at=last.completed or last.created, error=last.error
            )
            for name, last in release.last.items()
        },
        runs_in=runs_in,
        rollback_in=rollback_in,
        problem=release.problem,
    )
