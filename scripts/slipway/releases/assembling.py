"""Puts together by commit what was read: first which releases to show, then all about those. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from slipway.aws.codedeploy import Deployment
from slipway.aws.images import Findings
from slipway.aws.revisions import Image, Location
from slipway.releases.catalog import Catalogue, Presence, Release, Result, Shipped, in_force
from slipway.releases.kept import Kept


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that was read.

    kept: by commit. history: deployments by environment, newest first. images: what revisions say, by
    where they lie. registry: scans by digest, None if there is no repository. executions: by commit.
    """

    kept: Mapping[str, Kept]
    history: Mapping[str, Sequence[Shipped]]
    images: Mapping[Location, Image]
    registry: Mapping[str, Findings | None] | None = None
    executions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def deployed(self) -> Mapping[str, Sequence[tuple[str, Deployment]]]:
        """Every deployment by its commit, with its environment; in each environment the newest first."""
        found: dict[str, list[tuple[str, Deployment]]] = {}
        for environment, several in self.history.items():
            for each in several:
                found.setdefault(each.commit, []).append((environment, each.deployment))
        return found

    @cached_property
    def commits(self) -> Sequence[str]:
        """Every commit, the newest first: by when its build kept it, or else by its first deployment."""
        times = {
            commit: min(each.created for _, each in several) for commit, several in self.deployed.items()
        }
        times |= {commit: each.at for commit, each in self.kept.items()}
        times.pop("", None)
        return sorted(times, key=lambda commit: times[commit], reverse=True)

    def locations(self, commit: str) -> Iterator[Location]:
        """Where its revision lies: the kept one, then those that were deployed."""
        if commit in self.kept:
            yield self.kept[commit].location
        yield from (each.location for _, each in self.deployed.get(commit, ()) if each.location)

    def image(self, commit: str) -> Image:
        """What any of its revisions says: they name the same image."""
        read = [self.images[each] for each in self.locations(commit) if each in self.images]
        return next((each for each in read if each.digest), read[0] if read else Image())


@dataclass(frozen=True)
class Chosen:
    """Commits to show, newest first, and the revisions to read for those whose image is not known yet."""

    commits: Sequence[str]
    unread: Sequence[Location]


def choose(known: Known, *, limit: int | None, also: str) -> Chosen:
    """The newest, those that run or that a rollback would pick, and those that begin with ``also``."""
    wanted = set(known.commits[:limit])
    for several in known.history.values():
        wanted |= set(in_force(several)[-2:])
    commits = [each for each in known.commits if each in wanted or (also and each.startswith(also))]
    unread = [next(known.locations(each), None) for each in commits if not known.image(each).digest]
    return Chosen(commits, [each for each in unread if each])


def assemble(chosen: Chosen, known: Known) -> Catalogue:
    """The catalogue of the chosen commits."""
    return Catalogue(
        releases=[_release(each, known) for each in chosen.commits],
        history=known.history,
        known=len(known.commits),
    )


def _release(commit: str, known: Known) -> Release:
    image = known.image(commit)
    kept = known.kept.get(commit)
    return Release(
        commit=commit,
        revision=next(known.locations(commit), None),
        digest=image.digest,
        built_at=image.built_at or (kept.at if kept else None),
        execution=known.executions.get(commit, ""),
        results=_results(known.deployed.get(commit, ())),
        image=_presence(image.digest, known.registry or {}),
        findings=(known.registry or {}).get(image.digest),
        problem=image.problem,
    )


def _presence(digest: str, registry: Mapping[str, object]) -> Presence:
    if not digest:
        return "unknown"
    return "present" if digest in registry else "gone"


def _results(deployed: Sequence[tuple[str, Deployment]]) -> dict[str, Result]:
    """The last deployment in each environment where there was one."""
    return {
        environment: Result(
            status=each.status,
            deployment=each.id,
            at=each.completed or each.created,
            revision=each.location,
            error=each.error,
        )
        for environment, each in reversed(deployed)
    }
