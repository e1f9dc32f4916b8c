"""What ``slipway releases --json`` prints: the catalog, with its marks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from modules.config.names import Names
from slipway.console.documents import Document
from slipway.releases.catalog import Catalog, Release


class LastDeployment(Document):
    """What became of a release in an environment: its last deployment there."""

    status: str
    """CodeDeploy's word: Succeeded, Failed, Stopped, InProgress …"""
    deployment: str
    """The deployment's id."""
    at: datetime
    """When it ended; when it was made, while it is under way."""
    error: str
    """Why it failed, in CodeDeploy's words."""


class Entry(Document):
    """A release as ``slipway releases --json`` lists it."""

    commit: str
    """The commit; the build's id, where the source has no commits."""
    revision: str | None
    """Where its revision lies; null if none is left."""
    digest: str
    """The digest of its image; empty if its revision does not say."""
    built_at: datetime | None
    """When its image was built."""
    execution: str
    """The newest pipeline execution of the commit; empty if the pipeline remembers none."""
    image: Literal["present", "gone", "unknown"]
    """Whether the registry still has its image, by digest."""
    findings: dict[str, int] | None
    """What the registry's scan found, by severity; null if there is none to be read."""
    results: dict[str, LastDeployment]
    """What became of it, by environment; one where it was never deployed is left out."""
    runs_in: tuple[str, ...]
    """The environments whose last successful deployment brought it."""
    rollback_in: tuple[str, ...]
    """The environments in which a rollback would pick it."""
    problem: str
    """Why its revision could not be read; empty if it could."""


class Releases(Document):
    """What ``slipway releases --json`` prints."""

    service: str
    """The service."""
    account: str
    """The AWS account."""
    region: str
    """The AWS region."""
    at: datetime
    """When AWS was asked."""
    environments: tuple[str, ...]
    """The environments that were asked about, in the order in which a release passes through."""
    known: int
    """How many releases there are, those that are left out too."""
    releases: tuple[Entry, ...]
    """The newest ones, and those that run or that a rollback would pick; newest first."""


def document(catalog: Catalog, names: Names, environments: Sequence[str]) -> Releases:
    """The catalog as a document."""
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
                runs_in=tuple(name for name, one in running.items() if one and one.commit == release.commit),
                rollback_in=tuple(
                    name for name, one in before.items() if one and one.commit == release.commit
                ),
            )
            for release in catalog.releases
        ),
    )


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
                status=each.status, deployment=each.id, at=each.completed or each.created, error=each.error
            )
            for name, each in release.last.items()
        },
        runs_in=runs_in,
        rollback_in=rollback_in,
        problem=release.problem,
    )
