"""What can be deployed, what ran where, and which release a rollback would pick. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from slipway.aws.codedeploy import Deployment
from slipway.aws.revisions import RevisionLocation
from slipway.console.errors import UsageError

Presence = Literal["present", "gone", "unknown"]

SHORTEST = 4  # characters of a commit that a user must give at least


@dataclass(frozen=True, kw_only=True)
class Release:
    """One commit's release.

    revision: the one that its build stored or, if that is gone, the one that was last deployed; None if
        neither exists. digest: of its image, "" if unknown. execution: id of the pipeline execution, "" if
        unknown. last: its last deployment in each environment. image: whether its image is still in the
        repository; "unknown" if not read. findings: number of the scan's findings by severity; None without
        a scan. problem: why its revision could not be read, "" if it could.
    """

    commit: str
    revision: RevisionLocation | None
    digest: str = ""
    built_at: datetime | None = None
    execution: str = ""
    last: Mapping[str, Deployment] = field(default_factory=dict)
    image: Presence = "unknown"
    findings: Mapping[str, int] | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The releases, newest first. history: the deployments of each environment, newest first."""

    releases: Sequence[Release]
    history: Mapping[str, Sequence[Deployment]]
    known: int = 0
    """How many releases exist, including those that are left out."""

    def running(self, environment: str) -> Release | None:
        """The release of an environment's last successful deployment; None if there was none."""
        standing = in_force(self.history.get(environment, ()))
        return self._release(standing[-1]) if standing else None

    def before(self, environment: str) -> Release | None:
        """The release to roll back to: the last other commit that succeeded before the running one.

        A commit that was rolled back is not chosen again: after A, B and a rollback to A, the release before
        A is the one that ran before the first A, not B. None if there is no such release.
        """
        standing = in_force(self.history.get(environment, ()))
        return self._release(standing[-2]) if len(standing) > 1 else None

    def in_progress(self, environment: str) -> Deployment | None:
        """The release deployment in progress in an environment; None if there is none."""
        several = self.history.get(environment, ())
        return next(
            (candidate for candidate in several if candidate.in_progress and candidate.is_release), None
        )

    def last_succeeded(self, environment: str, commit: str) -> Deployment | None:
        """The last successful deployment of a commit to an environment; None if there was none."""
        for deployment in self.history.get(environment, ()):
            if deployment.commit == commit and deployment.succeeded:
                return deployment
        return None

    def find(self, commit: str) -> Release:
        """The release of a commit.

        commit: its first characters. Raises UsageError if none or several match.
        """
        found = [release for release in self.releases if release.commit.startswith(commit)]
        exact = [release for release in found if release.commit == commit]
        match exact or found:
            case [release]:
                return release
            case []:
                raise UsageError(
                    f"no release found for commit {commit}",
                    why="no build stored its revision, and no deployment that CodeDeploy lists has it",
                    then="slipway releases --all lists all releases",
                )
            case several:
                raise UsageError(
                    f"{len(several)} commits begin with {commit}",
                    why=", ".join(release.commit[:12] for release in several),
                    then="give more characters of the commit",
                )

    def _release(self, commit: str) -> Release:
        return next(
            (release for release in self.releases if release.commit == commit),
            Release(commit=commit, revision=None),
        )


def check_commit(commit: str | None, *, needed: bool) -> None:
    """Raise UsageError for a missing or too short commit, before AWS is called.

    needed: whether it is required.
    """
    if commit is None:
        if needed:
            raise UsageError("no commit is given", then="add --to COMMIT; slipway releases lists them")
    elif len(commit) < SHORTEST:
        raise UsageError(
            f'"{commit}" is too short for a commit', then=f"give at least its first {SHORTEST} characters"
        )


def in_force(history: Iterable[Deployment]) -> list[str]:
    """The commits that succeeded and were not rolled back, the running one last. history: newest first.

    A deployment of a commit that is in the list already rolls back to it: the commits after it are removed.
    """
    standing: list[str] = []
    for deployment in reversed(list(history)):
        if not (deployment.succeeded and deployment.is_release and deployment.commit):
            continue
        if deployment.commit in standing:
            del standing[standing.index(deployment.commit) :]
        standing.append(deployment.commit)
    return standing
