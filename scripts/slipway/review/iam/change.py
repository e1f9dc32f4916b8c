"""What a change of policies means, as sentences: who may do what, newly or no longer."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What becomes of a permission; the worst first."""

    GAINED = "gained"
    WIDENED = "widened"
    UNKNOWN = "unknown"
    NARROWED = "narrowed"
    LOST = "lost"


@dataclass(frozen=True)
class PermissionChange:
    """One sentence about one policy's change, such as “role build may now also s3:DeleteObject on …”.

    The text is plain: whoever renders it escapes it. who: whose permissions they are, the first words of
    the sentence. broad: whether it gives so much (``*``, ``s3:*``, administrator) that it blocks.
    """

    kind: Kind
    stack: str
    address: str
    construct: str
    who: str
    sentence: str
    broad: bool = False
