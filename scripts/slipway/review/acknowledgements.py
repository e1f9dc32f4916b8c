"""review.toml: how severe a rule is taken here, and which findings may pass, why, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from slipway.review.finding import Severity


@dataclass(frozen=True)
class Acknowledgement:
    """One finding, or several of one rule, that somebody lets pass.

    address, stack: ``*`` stands for any text. expires: the last day on which it holds.
    """

    rule: str
    address: str
    reason: str
    expires: date
    stack: str = "*"


@dataclass(frozen=True)
class ReviewSettings:
    """What review.toml says; without the file, nothing is changed and nothing acknowledged."""

    severities: Mapping[str, Severity] = field(default_factory=dict)
    acknowledgements: tuple[Acknowledgement, ...] = ()
    file: str = "review.toml"
