"""Values that a service accepts although its model does not allow them, each with its source."""

import re
from dataclasses import dataclass

from local.emulator.strict.constraints import Violation


@dataclass(frozen=True)
class ModelDifference:
    """An exception to the model. call, member, must: patterns that match a violation as a whole."""

    call: str
    member: str
    must: str
    source: str


DIFFERENCES: tuple[ModelDifference, ...] = ()


def known(call: str, violation: Violation) -> bool:
    """Whether the service accepts the value in spite of this violation."""
    return any(
        re.fullmatch(difference.call, call)
        and re.fullmatch(difference.member, violation.member)
        and re.fullmatch(difference.must, violation.must)
        for difference in DIFFERENCES
    )
