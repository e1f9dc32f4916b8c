"""The configuration: read from environment variables once, validated as a whole, never changed."""

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
    """Invalid variables, one per line, each with its value and what is expected."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of the service, from environment variables.

    host, port: HOST and PORT, the address to listen on; port 0 is any free port. Default: 0.0.0.0 and 8080.
    commit, digest: SLIPWAY_COMMIT and SLIPWAY_DIGEST, what /version reports. Default: unknown.
    log_level: LOG_LEVEL. Successful health checks are logged at debug. Default: info.
    grace_seconds: SHUTDOWN_GRACE_SECONDS, how long the service reports that it is not ready, but still
        answers, after it is told to stop, so that the load balancer notices. Default: 5.
    deadline_seconds: SHUTDOWN_DEADLINE_SECONDS, how long open requests may then take. Default: 20.
    faults: SLIPWAY_FAULTS, faults to simulate in rehearsals. Default: none.
    """

    host: str = "0.0.0.0"  # noqa: S104  # requests come from outside the container
    port: int = 8080
    commit: str = UNKNOWN
    digest: str = UNKNOWN
    log_level: int = logging.INFO
    grace_seconds: int = 5
    deadline_seconds: int = 20
    faults: Faults = field(default_factory=Faults)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read every variable; unset or empty ones get their default. Raises ConfigError."""
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
        return cls(**values)  # type: ignore[arg-type]  # every reader returns its field's type


def whole_number(smallest: int, largest: int) -> Callable[[str], int]:
    """Return a reader for whole numbers between ``smallest`` and ``largest``."""

    def read(text: str) -> int:
        number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
        if not smallest <= number <= largest:
            raise ValueError(f"must be a whole number from {smallest} to {largest}")
        return number

    return read


def level(text: str) -> int:
    """Return the level with this name. Raises ValueError for an unknown name."""
    if text.lower() not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}")
    return logging.getLevelNamesMapping()[text.upper()]


def digest(text: str) -> str:
    """Return ``text`` if it is an image digest. Raises ValueError otherwise."""
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
"""The variable and the reader of every field."""
