"""What can be deployed, what ran where, and which release a rollback would pick. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from slipway.aws.codedeploy import Deployment
from slipway.aws.revisions import RevisionLocation
from slipway.console.errors import UsageError

Presence = Literal["present", "gone", "unknown"]

SHORTEST = 4  # characters of a commit that are enough to ask for it


@dataclass(frozen=True, kw_only=True)
class Release:
    """One commit's release.

    revision: the one that its build stored or, where that is gone, the one that was last deployed;
        None if neither is left. digest: of its image, "" if not known. execution: the pipeline's, ""
        if not known. last: its last deployment in each environment. image: whether its image is still in
        the repository, where that was asked. findings: what the scan of it found, by severity; None if
        there is none. problem: why its revision could not be read.
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
    """Releases, newest first, and the deployments of each environment by its name, newest first."""

    releases: Sequence[Release]
    history: Mapping[str, Sequence[Deployment]]
    known: int = 0
    """How many releases there are, those that are left out too."""

    def running(self, environment: str) -> Release | None:
        """The release of the last successful deployment; None if there was none."""
        standing = in_force(self.history.get(environment, ()))
        return self._release(standing[-1]) if standing else None

    def before(self, environment: str) -> Release | None:
        """The release to go back to: the last that succeeded before the running one, another commit.

        What was rolled back from is not picked again: after A, B, and a rollback to A, what comes
        before A is whatever ran before A, never B.
        """
        standing = in_force(self.history.get(environment, ()))
        return self._release(standing[-2]) if len(standing) > 1 else None

    def in_progress(self, environment: str) -> Deployment | None:
        """The deployment that has not ended yet, if there is one."""
        several = self.history.get(environment, ())
        return next((each for each in several if each.in_progress and each.is_release), None)

    def last_succeeded(self, environment: str, commit: str) -> Deployment | None:
        """The last deployment that brought a commit to an environment, whose revision is known to work."""
        for each in self.history.get(environment, ()):
            if each.commit == commit and each.succeeded:
                return each
        return None

    def find(self, commit: str) -> Release:
        """The release of a commit, of which the first four characters or more are given."""
        found = [release for release in self.releases if release.commit.startswith(commit)]
        exact = [each for each in found if each.commit == commit]
        match exact or found:
            case [one]:
                return one
            case []:
                raise UsageError(
                    f"there is no release of {commit}",
                    why="no build stored its revision, and no deployment that CodeDeploy knows of shipped it",
                    then="slipway releases --all lists what there is",
                )
            case several:
                raise UsageError(
                    f'"{commit}" is the beginning of {len(several)} commits',
                    why=", ".join(each.commit[:12] for each in several),
                    then="give more of it",
                )

    def _release(self, commit: str) -> Release:
        return next(
            (release for release in self.releases if release.commit == commit),
            Release(commit=commit, revision=None),
        )


def check_commit(commit: str | None, *, needed: bool) -> None:
    """Refuse what cannot name a commit, before anything is asked. needed: whether one has to be named."""
    if commit is None:
        if needed:
            raise UsageError("which commit?", then="--to COMMIT; slipway releases lists them")
    elif len(commit) < SHORTEST:
        raise UsageError(
            f'"{commit}" is too short for a commit', then=f"give its first {SHORTEST} characters or more"
        )


def in_force(history: Iterable[Deployment]) -> list[str]:
    """Commits that succeeded and were not rolled back from, the running one last; history is newest first.

    A deployment of a commit that stands already is a return to it: what came after it stands no more.
    """
    standing: list[str] = []
    for each in reversed(list(history)):
        if not (each.succeeded and each.is_release and each.commit):
            continue
        if each.commit in standing:
            del standing[standing.index(each.commit) :]
        standing.append(each.commit)
    return standing
