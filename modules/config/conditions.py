"""Which requests a rule of a load balancer gets, by its host names and paths."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from modules.config.settings import Environment, ExistingLoadBalancer

ALL = "*"


@dataclass(frozen=True)
class RuleConditions:
    """The host names and paths of a rule, in which ``*`` and ``?`` are wildcards; none: every one."""

    host_names: tuple[str, ...]
    paths: tuple[str, ...]

    def taken_by(self, other: "RuleConditions") -> list[str]:
        """The host names of which another rule gets all requests, or all to one of the paths.

        ``*`` stands for every host name.
        """
        paths = self.paths or ("/*",)
        if other.paths and not any(_within(path, pattern) for path in paths for pattern in other.paths):
            return []
        patterns = [pattern.lower() for pattern in other.host_names or (ALL,)]
        names = self.host_names or (ALL,)
        return [name for name in names if any(_within(name.lower(), pattern) for pattern in patterns)]


def host_names(environment: Environment, balancer: ExistingLoadBalancer) -> tuple[str, ...]:
    """Return the host names whose requests the service gets from a load balancer that exists."""
    return balancer.host_names or ((environment.domain,) if environment.domain else ())


def conditions(environment: Environment, balancer: ExistingLoadBalancer) -> RuleConditions:
    """Return which requests the service gets from a load balancer that exists."""
    return RuleConditions(host_names(environment, balancer), balancer.paths or ())


def _within(narrow: str, wide: str) -> bool:
    """Whether everything that one pattern matches also matches another; ``?`` does not match a ``*``."""
    return fnmatchcase(narrow.replace("*", "**"), wide)
