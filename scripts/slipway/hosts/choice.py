"""Chooses the hosts to renew. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from slipway.console.errors import UsageError
from slipway.console.shell import command_line
from slipway.hosts.document import ListedHost
from slipway.hosts.read import Fleet

DAYS = re.compile(r"([1-9]\d{0,3})d")


@dataclass(frozen=True, kw_only=True)
class RenewalOptions:
    """The options that choose hosts; without any, every host. older_than: in days, such as 14d."""

    host: str | None = None
    stale: bool = False
    older_than: str | None = None

    @property
    def all(self) -> bool:
        """Whether every host is chosen."""
        return not (self.host or self.stale or self.older_than)


def chosen(fleet: Fleet, options: RenewalOptions, now: datetime) -> tuple[ListedHost, ...]:
    """The chosen hosts, oldest first.

    Raises UsageError for an unknown host, or options that exclude each other.
    """
    if sum((bool(options.host), options.stale, bool(options.older_than))) > 1:
        raise UsageError("--host, --stale and --older-than cannot be used together", then="use one of them")
    if options.host:
        found = tuple(host for host in fleet.hosts if host.id == options.host)
        if not found:
            listed = command_line("slipway", "hosts", "list", "--env", fleet.environment)
            raise UsageError(f"{fleet.environment} has no host {options.host}", then=f"{listed} lists all")
        return found
    if options.older_than:
        before = now - age_of(options.older_than)
        return tuple(host for host in fleet.hosts if host.launched < before)
    return tuple(host for host in fleet.hosts if host.stale or not options.stale)


def age_of(text: str) -> timedelta:
    """An age in days, such as ``14d``. Raises UsageError for anything else."""
    days = DAYS.fullmatch(text)
    if days is None:
        raise UsageError(f"{text!r} is not a valid age", then="give --older-than in days, such as 14d")
    return timedelta(days=int(days[1]))
