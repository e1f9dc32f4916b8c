"""Finds the owner of a policy: the role, bucket or key that its resource names or refers to."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from plan_review.iam.permission_change import Kind, PermissionChange, PolicyKind
from plan_review.iam.policy_attributes import OWNER_TYPES
from plan_review.plan import Action, Plan, ResourceChange, Value
from plan_review.references import bare


@dataclass(frozen=True)
class PolicyOwner:
    """The owner of a policy. key: its identity before and after, whatever its name is."""

    noun: str
    label: str
    key: str
    new: bool = False
    gone: bool = False

    def __str__(self) -> str:
        return f"{self.noun} {self.label}"


def field(value: Value, name: str) -> Value:
    """An attribute of a resource before or after; None if there is none."""
    return value.get(name) if isinstance(value, dict) else None


class PolicyOwners:
    """The owners that a plan manages, by the names that policies use."""

    def __init__(self, plan: Plan) -> None:
        self._by_name: dict[tuple[str, str], ResourceChange] = {}
        self._by_address: dict[str, list[ResourceChange]] = defaultdict(list)
        self._references: dict[str, list[str]] = defaultdict(list)
        self._successors: set[str] = set()
        for change in sorted(plan.changes, key=_goes):
            self._by_address[bare(change.address)].append(change)
            for name in _names(change):
                heir = self._by_name.setdefault(name, change)
                if heir is not change and _goes(change):
                    self._successors.add(heir.address)
        for source, target in plan.references:
            self._references[source].append(target)

    def of(self, change: ResourceChange, noun: str, name: Value) -> PolicyOwner:
        """The owner of a policy of this resource. name: by which the resource refers to it."""
        if change.type in OWNER_TYPES and OWNER_TYPES[change.type].noun == noun:
            return self._who(noun, self._heir(change))
        if isinstance(name, str) and name:
            found = self._by_name.get((noun, name))
            return self._who(noun, found) if found else PolicyOwner(noun, name, f"{noun} {name}")
        found = self._referred(change, noun)
        return self._who(noun, found) if found else PolicyOwner(noun, change.address, change.address)

    def called(self, change: ResourceChange, noun: str, name: Value) -> str:
        """The name of another resource that this one names, or refers to while the name is unknown."""
        if isinstance(name, str):
            return name
        found = self._referred(change, noun)
        return self._who(noun, found).label if found else str(name)

    def referred(self, change: ResourceChange, kind: str) -> list[ResourceChange]:
        """The resources or data sources of a type to which a resource's configuration refers."""
        targets = dict.fromkeys(self._references[bare(change.address)])
        found = [
            resource
            for target in targets
            for resource in self._by_address.get(target, [])
            if resource.type == kind
        ]
        same = [resource for resource in found if resource.index == change.index]
        return same if len(found) > 1 and same else found

    def targets(self, change: ResourceChange) -> tuple[str, ...]:
        """The addresses to which a resource's configuration refers, without index."""
        return tuple(self._references[bare(change.address)])

    def _referred(self, change: ResourceChange, noun: str) -> ResourceChange | None:
        kinds = [kind for kind, owner in OWNER_TYPES.items() if owner.noun == noun]
        found = [resource for kind in kinds for resource in self.referred(change, kind)]
        return found[0] if len(found) == 1 else None

    def _heir(self, change: ResourceChange) -> ResourceChange:
        """The resource that takes over the name of a destroyed one: AWS sees the same resource."""
        heirs = [self._by_name[name] for name in _names(change)] if _goes(change) else []
        return heirs[0] if heirs else change

    def _who(self, noun: str, change: ResourceChange) -> PolicyOwner:
        attribute = OWNER_TYPES[change.type].names[0]
        names = (field(side, attribute) for side in (change.after, change.before))
        label = next((name for name in names if isinstance(name, str) and name), change.address)
        new = change.action is Action.CREATE and change.address not in self._successors
        return PolicyOwner(noun, label, change.address, new=new, gone=_goes(change))


def permission(
    change: ResourceChange, who: PolicyOwner, kind: Kind, policy_kind: PolicyKind, sentence: str
) -> PermissionChange:
    """A permission change with a sentence about the owner of a policy."""
    return PermissionChange(
        kind=kind,
        stack=change.stack,
        address=change.address,
        construct=change.construct,
        who=str(who),
        sentence=sentence,
        policy_kind=policy_kind,
        new=who.new,
    )


def _names(change: ResourceChange) -> Iterator[tuple[str, str]]:
    owner = OWNER_TYPES.get(change.type)
    for name in owner.names if owner and change.mode == "managed" else ():
        for side in (change.after, change.before):
            value = field(side, name)
            if owner and isinstance(value, str) and value:
                yield owner.noun, value


def _goes(change: ResourceChange) -> bool:
    return change.action in {Action.DELETE, Action.FORGET}
