"""Searches AWS for every resource that a stack plans and that is not in its state yet."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from modules.config.adopted import Line, moved_from
from slipway.adopt.stack import PlannedResource, PlannedStack
from slipway.adopt.state import StackState, import_id
from slipway.aws.existing.table import DATA, LOOKUPS, NOT_IMPORTED
from slipway.aws.existing.wanted import AbsentError, Existing, Reader, UnknownArgumentError
from slipway.terraform.state.contents import StateResource

UNKNOWN_TYPE = "Slipway does not search for resources of this type"


class Outcome(StrEnum):
    """What the search found of one planned resource."""

    IN_STATE = "in the state"
    WRITTEN = "given"
    FOUND = "found"
    AMBIGUOUS = "ambiguous"
    DIFFERENT = "different"
    ABSENT = "new"
    NOT_SEARCHED = "not searched"


@dataclass(frozen=True)
class Candidate:
    """A planned resource, and what exists of it. ids: for import; several if ambiguous. by: how it was found.

    why: the reason why it was not searched, how it differs, or which other address is the same resource.
    moved_from: the address in the state from which it moves; several if ambiguous. Default: it does not move.
    """

    address: str
    type: str
    outcome: Outcome
    ids: tuple[str, ...] = ()
    by: str = ""
    why: str = ""
    moved_from: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The only id; "" if there is none, or several."""
        return self.ids[0] if len(self.ids) == 1 else ""


@dataclass(frozen=True)
class _Searched:
    candidate: Candidate
    existing: Existing | None = None


class Search:
    """Finds what exists of a stack's resources.

    state: what its state has. written: what adopt.toml says for this stack; it is believed.
    """

    def __init__(self, read: Reader, state: Mapping[str, StateResource], written: Mapping[str, Line]) -> None:
        self._read = read
        self._state = state
        self._written = written
        self._searched: dict[str, _Searched] = {}
        self._stack: PlannedStack | None = None

    def all(self, stack: PlannedStack) -> tuple[Candidate, ...]:
        """What was found of every resource, in the order of the addresses."""
        self._stack = stack
        held = StackState(self._state, stack)
        found = [_held(self._of(resource).candidate, held) for resource in stack.resources]
        return tuple(_alike(_distinct(found), stack, held))

    def find(self, address: str) -> Existing | None:
        """What exists of the resource or data source at an address."""
        resource = self._stack.at(address) if self._stack else None
        return self._of(resource).existing if resource else None

    def _of(self, resource: PlannedResource) -> _Searched:
        if resource.address not in self._searched:
            self._searched[resource.address] = self._searched_for(resource)
        return self._searched[resource.address]

    def _searched_for(self, resource: PlannedResource) -> _Searched:
        address, kind = resource.address, resource.type
        if address in self._state:
            attributes = self._state[address].attributes
            existing = Existing(str(attributes.get("id", "")), attributes)
            return _Searched(Candidate(address, kind, Outcome.IN_STATE), existing)
        line = self._written.get(address)
        if isinstance(line, str):
            return _Searched(Candidate(address, kind, Outcome.WRITTEN, (line,), "adopt.toml"), Existing(line))
        old = self._state.get(moved_from(line)) if line else None
        if old and old.type == kind:
            ids = (import_id(old),)
            given = Candidate(address, kind, Outcome.WRITTEN, ids, "adopt.toml", moved_from=(old.address,))
            return _Searched(given, Existing(str(old.attributes.get("id", "")), old.attributes))
        if address.startswith("data."):
            return self._data(resource)
        return self._in_aws(resource)

    def _data(self, resource: PlannedResource) -> _Searched:
        """A data source, which is read and never imported; nothing, unless it is given or has one name."""
        search, given = DATA.get(resource.type), resource.maybe("arn") or resource.maybe("id")
        found = [Existing(given)] if given else [*search(self._read, resource)] if search else []
        candidate = Candidate(resource.address, resource.type, Outcome.NOT_SEARCHED)
        return _Searched(candidate, found[0] if len(found) == 1 else None)

    def _in_aws(self, resource: PlannedResource) -> _Searched:
        def ended(outcome: Outcome, *ids: str, by: str = "", why: str = "") -> Candidate:
            return Candidate(resource.address, resource.type, outcome, ids, by, why)

        lookup = LOOKUPS.get(resource.type)
        why = self._not_searched(resource)
        if lookup is None or why:
            return _Searched(ended(Outcome.NOT_SEARCHED, why=why))
        try:
            found = [*lookup.search(self._read, resource)]
        except AbsentError:
            found = []
        except UnknownArgumentError as unknown:
            why = f"only Terraform can evaluate its {unknown}"
            return _Searched(ended(Outcome.NOT_SEARCHED, why=why))
        found = [existing for existing in found if not existing.differs] or found
        ids = sorted({existing.id for existing in found})
        if len(ids) > 1:
            return _Searched(ended(Outcome.AMBIGUOUS, *ids, by=lookup.by))
        if not ids:
            return _Searched(ended(Outcome.ABSENT))
        if found[0].differs:
            return _Searched(ended(Outcome.DIFFERENT, *ids, by=lookup.by, why=found[0].differs))
        return _Searched(ended(Outcome.FOUND, *ids, by=lookup.by), found[0])

    def _not_searched(self, resource: PlannedResource) -> str:
        """Why a resource is not searched; "" if it is."""
        if resource.type not in LOOKUPS:
            return NOT_IMPORTED.get(resource.type, UNKNOWN_TYPE)
        if self._stack and resource.address in self._stack.imported:
            return "the stack has an import block for it already"
        if self._stack and self._stack.moved.get(resource.address) in self._state:
            return "the stack has a moved block for it already"
        return "it has count or for_each" if resource.repeated else ""


def _held(candidate: Candidate, state: StackState) -> Candidate:
    """A candidate, given what the state holds of it already: it moves then, and is not imported."""
    if candidate.outcome not in (Outcome.FOUND, Outcome.WRITTEN) or candidate.moved_from:
        return candidate
    planned, others = state.holding(candidate.type, candidate.id)
    if planned:
        why = f"{candidate.id} is in the state as {planned[0]}"
        return replace(candidate, outcome=Outcome.ABSENT, ids=(), by="", why=why)
    if len(others) > 1:
        why = f"the state has {candidate.id} at several addresses"
        return replace(candidate, outcome=Outcome.AMBIGUOUS, why=why, moved_from=tuple(others))
    return replace(candidate, moved_from=tuple(others))


def _alike(candidates: list[Candidate], stack: PlannedStack, state: StackState) -> Iterator[Candidate]:
    """The candidates; what AWS was not asked for is recognised in the state if one has all its arguments."""
    taken = {old for candidate in candidates for old in candidate.moved_from}
    unknown = [found for found in candidates if found.outcome in (Outcome.ABSENT, Outcome.NOT_SEARCHED)]
    olds = {
        found.address: state.alike(resource, taken)
        for found in unknown
        if (resource := stack.at(found.address)) and not resource.repeated
    }
    claimed = Counter(old.address for found in olds.values() for old in found)
    for candidate in candidates:
        old = olds.get(candidate.address, ())
        if len(old) == 1 and claimed[old[0].address] == 1:
            yield replace(
                candidate,
                outcome=Outcome.FOUND,
                ids=(import_id(old[0]),),
                by="its arguments",
                why="",
                moved_from=(old[0].address,),
            )
        else:
            yield candidate


def _distinct(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates; of those that are the same resource in AWS, only one that adopt.toml names is kept.

    Without one they are ambiguous: a resource cannot have two addresses.
    """
    owners: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.outcome in (Outcome.FOUND, Outcome.WRITTEN):
            owners[candidate.type, candidate.id].append(candidate)
    return [_kept(candidate, owners.get((candidate.type, candidate.id), [])) for candidate in candidates]


def _kept(candidate: Candidate, owners: list[Candidate]) -> Candidate:
    """A candidate, given all that are found as the same resource."""
    if candidate not in owners or len(owners) == 1:
        return candidate
    written = [owner for owner in owners if owner.outcome is Outcome.WRITTEN]
    if written == [candidate]:
        return candidate
    if len(written) == 1:
        why = f"{candidate.id} is adopted as {written[0].address}"
        return replace(candidate, outcome=Outcome.ABSENT, ids=(), by="", why=why)
    others = ", ".join(owner.address for owner in owners if owner is not candidate)
    return replace(candidate, outcome=Outcome.AMBIGUOUS, why=f"also {others}")
