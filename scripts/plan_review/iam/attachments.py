"""Permissions by attachment: managed policies, boundaries, groups, an instance's role."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from plan_review.iam.permission_change import Kind, PermissionChange, PolicyKind
from plan_review.iam.policy_owners import PolicyOwner, PolicyOwners, field, permission
from plan_review.plan import UNKNOWN, ResourceChange, Value


@dataclass(frozen=True)
class AttachmentType:
    """An attribute by which a resource attaches something to an owner.

    held: the attribute that names what is attached, or several. of: the kind of thing that is attached. gain,
    loss: the texts for both directions. limit: whether it removes permissions. computed: set by the provider.
    """

    noun: str
    owner: str
    held: str
    of: str = "policy"
    gain: str = "now holds policy"
    loss: str = "no longer holds policy"
    limit: bool = False
    computed: bool = False


def _boundary(noun: str) -> AttachmentType:
    words = ("is now bounded by policy", "is no longer bounded by policy")
    return AttachmentType(noun, "name", "permissions_boundary", "policy", *words, limit=True)


_GROUP = ("group", "is now in group", "is no longer in group")
_ACTS = ("role", "now gives its instances role", "no longer gives its instances role")

ATTACHMENT_TYPES: dict[str, tuple[AttachmentType, ...]] = {
    "aws_iam_role": (AttachmentType("role", "name", "managed_policy_arns", computed=True), _boundary("role")),
    "aws_iam_user": (_boundary("user"),),
    "aws_iam_role_policy_attachment": (AttachmentType("role", "role", "policy_arn"),),
    "aws_iam_role_policy_attachments_exclusive": (AttachmentType("role", "role_name", "policy_arns"),),
    "aws_iam_user_policy_attachment": (AttachmentType("user", "user", "policy_arn"),),
    "aws_iam_group_policy_attachment": (AttachmentType("group", "group", "policy_arn"),),
    "aws_iam_policy_attachment": tuple(
        AttachmentType(noun, f"{noun}s", "policy_arn") for noun in ("role", "user", "group")
    ),
    "aws_iam_user_group_membership": (AttachmentType("user", "user", "groups", *_GROUP),),
    "aws_iam_group_membership": (AttachmentType("user", "users", "group", *_GROUP),),
    "aws_iam_instance_profile": (AttachmentType("instance profile", "name", "role", *_ACTS),),
    "aws_ssoadmin_managed_policy_attachment": (
        AttachmentType("permission set", "permission_set_arn", "managed_policy_arn"),
    ),
    "aws_eks_access_policy_association": (AttachmentType("principal", "principal_arn", "policy_arn"),),
}


@dataclass(frozen=True)
class Attachment:
    """Something that is attached to an owner. label: its short name; name: its full name."""

    who: PolicyOwner
    via: AttachmentType
    name: str
    label: str
    change: ResourceChange

    @property
    def key(self) -> tuple[str, str, str]:
        """The identity of the attachment, the same before and after."""
        return self.who.key, self.via.gain, self.name


def attachments(changes: list[ResourceChange], owners: PolicyOwners) -> Iterator[PermissionChange]:
    """The attachments that are added and removed."""
    before, after = (
        {attachment.key: attachment for attachment in _held(changes, owners, new)} for new in (False, True)
    )
    for key in after.keys() - before.keys():
        yield _told(after[key], gained=True)
    for key in before.keys() - after.keys():
        if not before[key].who.gone:
            yield _told(before[key], gained=False)


def _held(changes: list[ResourceChange], owners: PolicyOwners, new: bool) -> Iterator[Attachment]:
    for change in changes:
        side = change.after if new else change.before
        for via in ATTACHMENT_TYPES.get(change.type, ()) if isinstance(side, dict) else ():
            if via.computed and _not_said(change, via):
                continue
            for owner in _each(field(side, via.owner)):
                who = owners.of(change, via.noun, owner)
                for name in _each(field(side, via.held)):
                    if name not in (None, ""):
                        label = owners.called(change, via.of, name)
                        yield Attachment(who, via, label, label.rpartition("policy/")[2] or label, change)


def _not_said(change: ResourceChange, via: AttachmentType) -> bool:
    before, after = field(change.before, via.held), field(change.after, via.held)
    return before == after or (after is UNKNOWN and field(change.written, via.held) is None)


def _each(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _told(held: Attachment, *, gained: bool) -> PermissionChange:
    via, change = held.via, held.change
    kinds = {
        (False, True): Kind.GAINED,
        (False, False): Kind.LOST,
        (True, True): Kind.NARROWED,
    }
    kind = kinds.get((via.limit, gained), Kind.WIDENED)
    if held.name == str(UNKNOWN) and kind is Kind.GAINED:
        kind = Kind.UNKNOWN
    sentence = f"{held.who} {via.gain if gained else via.loss} {held.label}"
    told = permission(change, held.who, kind, PolicyKind.ATTACHMENT, sentence)
    return replace(told, attached=held.name)
