"""What a listener does with a request: its rules in order, as one table for haproxy.

Every route becomes one line of a map: a regular expression for the host name, in lower case and without a
port, followed by the path, and what to do with such a request. haproxy takes the first line that matches.
docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from slipway.console.errors import SlipwayError

ANY_HOST = "rehearsal"
"""The host name of requests if a route is for any."""
WILDCARDS = re.compile(r"[*?]")


@dataclass(frozen=True)
class Forward:
    """Requests go to the hosts of a target group, by its name."""

    target_group: str

    @property
    def words(self) -> str:
        """As the map has it."""
        return f"forward|{self.target_group}"


@dataclass(frozen=True)
class FixedResponse:
    """The load balancer answers by itself."""

    status: int
    content_type: str = "text/plain"
    body: str = ""

    @property
    def words(self) -> str:
        """As the map has it: one word, without line breaks."""
        return f"fixed|{self.status}|{self.content_type}|{quote(self.body, safe='')}"


@dataclass(frozen=True)
class Route:
    """A rule, or a listener's default action. hosts, paths: patterns, one of which has to match; () for any.

    In a pattern ``*`` stands for any characters and ``?`` for one. Host names match in any case.
    """

    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    action: Forward | FixedResponse

    @property
    def pattern(self) -> str:
        """The regular expression for ``host`` + ``path``. A path begins with the first slash."""
        hosts = "|".join(_pattern(host.lower(), "[^/]") for host in self.hosts or ("*",))
        paths = "|".join(_path(path) for path in self.paths or ("*",))
        return f"^({hosts})({paths})$"


def table(routes: Iterable[Route]) -> str:
    """The lines of the map, in the order in which they are tried."""
    return "".join(f"{route.pattern} {route.action.words}\n" for route in routes)


def action(routes: Iterable[Route], host: str, path: str) -> Forward | FixedResponse | None:
    """What is done with a request, as haproxy decides it; None if no route matches."""
    request = f"{host.partition(':')[0].lower()}{path}"
    return next((route.action for route in routes if re.search(route.pattern, request)), None)


def request_to(routes: Sequence[Route], target_group: str) -> tuple[str, str]:
    """A host name and a path whose requests go to a target group: the first ones of its route.

    Raises SlipwayError if there are none.
    """
    wanted = Forward(target_group)
    for route in (route for route in routes if route.action == wanted):
        host = WILDCARDS.sub("x", (route.hosts or (ANY_HOST,))[0])
        path = "/" if not route.paths else WILDCARDS.sub("", route.paths[0])
        for candidate in ("/", path):
            if action(routes, host, candidate) == wanted:
                return host, candidate
    raise SlipwayError(
        f"the load balancer sends no request to the target group {target_group}",
        why="no rule of its listener forwards to it, or rules with a lower number match first",
    )


def _path(value: str) -> str:
    """A path has a slash first, also where a wildcard stands for it."""
    slash = {"*": "/.*", "?": "/"}.get(value[:1], "")
    return slash + _pattern(value[1:] if slash else value, ".")


def _pattern(value: str, character: str) -> str:
    """A pattern of a rule as a regular expression. character: what ``?`` matches."""
    wild = {"*": f"{character}*", "?": character}
    return "".join(wild.get(letter) or re.escape(letter) for letter in value)
