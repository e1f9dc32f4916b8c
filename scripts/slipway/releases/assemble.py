"""Assembles the catalog from what was read: chooses the releases, then collects their facts. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from slipway.aws.codedeploy import Deployment
from slipway.aws.images import Findings
from slipway.aws.revisions import RevisionImage, RevisionLocation, StoredRevision
from slipway.releases.catalog import Catalog, Presence, Release, in_force


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything that was read from AWS.

    stored: revisions by commit. history: deployments by environment, newest first. shipped: the image of each
    revision that was read, by location. images: findings by digest; None if there is no repository, or it was
    not read. executions: ids of pipeline executions by commit.
    """

    stored: Mapping[str, StoredRevision]
    history: Mapping[str, Sequence[Deployment]]
    shipped: Mapping[RevisionLocation, RevisionImage]
    images: Mapping[str, Findings | None] | None = None
    executions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def deployed(self) -> Mapping[str, Sequence[tuple[str, Deployment]]]:
        """All deployments by commit, each with its environment's name; newest first in each environment."""
        found: dict[str, list[tuple[str, Deployment]]] = {}
        for environment, several in self.history.items():
            for deployment in several:
                found.setdefault(deployment.commit, []).append((environment, deployment))
        return found

    @cached_property
    def commits(self) -> Sequence[str]:
        """All commits, newest first: by the time its build stored it, else by its first deployment."""
        times = {
            commit: min(deployment.created for _, deployment in several)
            for commit, several in self.deployed.items()
        }
        times |= {commit: revision.at for commit, revision in self.stored.items()}
        times.pop("", None)
        return sorted(times, key=lambda commit: times[commit], reverse=True)

    def locations(self, commit: str) -> Iterator[RevisionLocation]:
        """The locations of a commit's revision: the stored one first, then those that were deployed."""
        if commit in self.stored:
            yield self.stored[commit].location
        yield from (deployed.revision for _, deployed in self.deployed.get(commit, ()) if deployed.revision)

    def image(self, commit: str) -> RevisionImage:
        """The image of a commit, from any of its revisions that was read: all name the same image."""
        read = [self.shipped[location] for location in self.locations(commit) if location in self.shipped]
        return next((image for image in read if image.digest), read[0] if read else RevisionImage())


@dataclass(frozen=True)
class Chosen:
    """Commits to show, newest first, and the revisions to read for those whose image is not known yet."""

    commits: Sequence[str]
    unread: Sequence[RevisionLocation]


def choose(known: Known, *, limit: int | None, also: str) -> Chosen:
    """Choose the newest, those that run or that a rollback picks, and those that begin with ``also``."""
    wanted = set(known.commits[:limit])
    for several in known.history.values():
        wanted |= set(in_force(several)[-2:])
    commits = [commit for commit in known.commits if commit in wanted or (also and commit.startswith(also))]
    unread = [next(known.locations(commit), None) for commit in commits if not known.image(commit).digest]
    return Chosen(commits, [location for location in unread if location])


def assemble(chosen: Chosen, known: Known) -> Catalog:
    """Make the catalog of the chosen commits."""
    return Catalog(
        releases=[_release(commit, known) for commit in chosen.commits],
        history=known.history,
        known=len(known.commits),
    )


def _release(commit: str, known: Known) -> Release:
    image = known.image(commit)
    stored = known.stored.get(commit)
    return Release(
        commit=commit,
        revision=next(known.locations(commit), None),
        digest=image.digest,
        built_at=image.built_at or (stored.at if stored else None),
        execution=known.executions.get(commit, ""),
        # Reversed: of several deployments to an environment, the newest must win.
        last=dict(reversed(known.deployed.get(commit, ()))),
        image=_presence(image.digest, known.images or {}),
        findings=(known.images or {}).get(image.digest),
        problem=image.problem,
    )


def _presence(digest: str, images: Mapping[str, object]) -> Presence:
    if not digest:
        return "unknown"
    return "present" if digest in images else "gone"
