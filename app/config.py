"""The configuration: read from the environment once, checked as a whole, never changed."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from app.faults import Faults

UNKNOWN = "unknown"
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
LEVELS = ("debug", "info", "warning", "error")


class ConfigError(Exception):
    """Variables that cannot be used: each on a line, with its value and what would be right."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What the environment says.

    host, port: where to listen; HOST is every address, PORT 8080. Port 0 is any free one.
    commit, digest: what runs, for /version; SLIPWAY_COMMIT and SLIPWAY_DIGEST.
    log_level: LOG_LEVEL; info. Health checks are logged at debug, unless they fail.
    grace_seconds: SHUTDOWN_GRACE_SECONDS; told to stop, the service says for 5 seconds that it is
        not ready, and answers all the same, so that the load balancer notices.
    deadline_seconds: SHUTDOWN_DEADLINE_SECONDS; requests under way after that have 20 seconds to end.
    faults: SLIPWAY_FAULTS; what to do wrong, for rehearsals. Nothing.
    """

    host: str = "0.0.0.0"  # noqa: S104  # a container is reached from outside
    port: int = 8080
    commit: str = UNKNOWN
    digest: str = UNKNOWN
    log_level: int = logging.INFO
    grace_seconds: int = 5
    deadline_seconds: int = 20
    faults: Faults = field(default_factory=Faults)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read every variable; those not set, or empty, are as by default. Raises ConfigError."""
        values: dict[str, object] = {}
        mistakes = []
        for name, (variable, read) in VARIABLES.items():
            if text := environment.get(variable, "").strip():
                try:
                    values[name] = read(text)
                except ValueError as error:
                    mistakes.append(f"{variable} {error}, not {text!r}")
        if mistakes:
            raise ConfigError("\n".join(mistakes))
        return cls(**values)  # type: ignore[arg-type]  # each reader gives its field's type


def whole_number(smallest: int, largest: int) -> Callable[[str], int]:
    """Reads a whole number between two others."""

    def read(text: str) -> int:
        number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
        if not smallest <= number <= largest:
            raise ValueError(f"must be a whole number from {smallest} to {largest}")
        return number

    return read


def level(text: str) -> int:
    """Reads the name of a log level."""
    if text.lower() not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}")
    return logging.getLevelNamesMapping()[text.upper()]


def digest(text: str) -> str:
    """Reads an image's digest."""
    if text != UNKNOWN and not DIGEST.fullmatch(text):
        raise ValueError("must be an image's digest: sha256: and 64 hexadecimal digits")
    return text


VARIABLES: dict[str, tuple[str, Callable[[str], object]]] = {
    "host": ("HOST", str),
    "port": ("PORT", whole_number(0, 65535)),
    "commit": ("SLIPWAY_COMMIT", str),
    "digest": ("SLIPWAY_DIGEST", digest),
    "log_level": ("LOG_LEVEL", level),
    "grace_seconds": ("SHUTDOWN_GRACE_SECONDS", whole_number(0, 300)),
    "deadline_seconds": ("SHUTDOWN_DEADLINE_SECONDS", whole_number(0, 3600)),
    "faults": ("SLIPWAY_FAULTS", Faults.parse),
}
"""For each field: the variable that says it, and what reads it."""
