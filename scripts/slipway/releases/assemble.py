"""Puts together by commit what was read: first which releases to show, then all about those. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from slipway.aws.codedeploy import Deployment
from slipway.aws.images import Findings
from slipway.aws.revisions import RevisionImage, RevisionLocation, StoredRevision
from slipway.releases.catalog import Catalog, Presence, Release, in_force


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that was read.

    stored: revisions by commit. history: deployments by environment, newest first. shipped: what
    revisions say, by where they lie. images: scans by digest, None if there is no repository or it was not
    asked. executions: by commit.
    """

    stored: Mapping[str, StoredRevision]
    history: Mapping[str, Sequence[Deployment]]
    shipped: Mapping[RevisionLocation, RevisionImage]
    images: Mapping[str, Findings | None] | None = None
    executions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def deployed(self) -> Mapping[str, Sequence[tuple[str, Deployment]]]:
        """Every deployment by its commit, with its environment; in each environment the newest first."""
        found: dict[str, list[tuple[str, Deployment]]] = {}
        for environment, several in self.history.items():
            for each in several:
                found.setdefault(each.commit, []).append((environment, each))
        return found

    @cached_property
    def commits(self) -> Sequence[str]:
        """Every commit, the newest first: by when its build stored it, or else by its first deployment."""
        times = {
            commit: min(each.created for _, each in several) for commit, several in self.deployed.items()
        }
        times |= {commit: each.at for commit, each in self.stored.items()}
        times.pop("", None)
        return sorted(times, key=lambda commit: times[commit], reverse=True)

    def locations(self, commit: str) -> Iterator[RevisionLocation]:
        """Where its revision lies: the stored one, then those that were deployed."""
        if commit in self.stored:
            yield self.stored[commit].location
        yield from (each.revision for _, each in self.deployed.get(commit, ()) if each.revision)

    def image(self, commit: str) -> RevisionImage:
        """What any of its revisions says: they name the same image."""
        read = [self.shipped[location] for location in self.locations(commit) if location in self.shipped]
        return next((each for each in read if each.digest), read[0] if read else RevisionImage())


@dataclass(frozen=True)
class Chosen:
    """Commits to show, newest first, and the revisions to read for those whose image is not known yet."""

    commits: Sequence[str]
    unread: Sequence[RevisionLocation]


def choose(known: Known, *, limit: int | None, also: str) -> Chosen:
    """The newest, those that run or that a rollback would pick, and those that begin with ``also``."""
    wanted = set(known.commits[:limit])
    for several in known.history.values():
        wanted |= set(in_force(several)[-2:])
    commits = [commit for commit in known.commits if commit in wanted or (also and commit.startswith(also))]
    unread = [next(known.locations(commit), None) for commit in commits if not known.image(commit).digest]
    return Chosen(commits, [each for each in unread if each])


def assemble(chosen: Chosen, known: Known) -> Catalog:
    """The catalog of the chosen commits."""
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
        # Reversed: of several in an environment, the newest is the last to be put in.
        last=dict(reversed(known.deployed.get(commit, ()))),
        image=_presence(image.digest, known.images or {}),
        findings=(known.images or {}).get(image.digest),
        problem=image.problem,
    )


def _presence(digest: str, images: Mapping[str, object]) -> Presence:
    if not digest:
        return "unknown"
    return "present" if digest in images else "gone"
