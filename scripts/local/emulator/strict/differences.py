"""Where a service takes what its model does not allow: found by sending it, each with its source."""

import re
from dataclasses import dataclass

from local.emulator.strict.constraints import Violation


@dataclass(frozen=True)
class ModelDifference:
    """What is passed. call, member, must: patterns of the violation, matched as a whole."""

    call: str
    member: str
    must: str
    source: str


DIFFERENCES: tuple[ModelDifference, ...] = ()


def known(call: str, violation: Violation) -> bool:
    """Whether a violation is one that the service does not mind."""
    return any(
        re.fullmatch(difference.call, call)
        and re.fullmatch(difference.member, violation.member)
        and re.fullmatch(difference.must, violation.must)
        for difference in DIFFERENCES
    )
