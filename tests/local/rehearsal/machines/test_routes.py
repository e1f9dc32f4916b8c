"""A listener's routes as lines of haproxy's map: the first that matches decides."""

import pytest

from local.rehearsal.machines import routes
from local.rehearsal.machines.routes import ANY_HOST, FixedResponse, Forward, Route
from slipway.console.errors import SlipwayError

NOT_FOUND = FixedResponse(404, "text/plain", "no such\nhost|")
ORDERS, BILLING = Forward("orders-prod-8080"), Forward("billing-prod-8080")
DEFAULT = Route((), (), NOT_FOUND)


def route(*hosts: str, paths: tuple[str, ...] = (), action: Forward = ORDERS) -> Route:
    return Route(hosts, paths, action)


@pytest.mark.parametrize(
    ("rule", "host", "path", "matches"),
    [
        (route("a.example.com", "b.example.com"), "b.example.com", "/", True),
        (route("a.example.com", "b.example.com"), "c.example.com", "/", False),
        (route("a.example.com"), "axexample.com", "/", False),
        (route("a.example.com"), "a.example.com.evil.org", "/", False),
        (route("a.example.com"), "www.a.example.com", "/", False),
        (route("A.example.com"), "a.EXAMPLE.com", "/", True),
        (route("a.example.com"), "a.example.com:8443", "/", True),
        (route("*.example.com"), "x.y.example.com", "/", True),
        (route("*.example.com"), "example.com", "/", False),
        (route("*.example.com"), "evil.org", "/.example.com", False),
        (route("a?.example.com"), "a1.example.com", "/", True),
        (route("a?.example.com"), "a.example.com", "/", False),
        (route(paths=("/search/*",)), "any.example.com", "/search/", True),
        (route(paths=("/search/*",)), "any.example.com", "/search", False),
        (route(paths=("/search/*",)), "any.example.com", "/Search/x", False),
        (route(paths=("/img/?.png", "/x")), "any.example.com", "/img/1.png", True),
        (route(paths=("/img/?.png", "/x")), "any.example.com", "/img/1xpng", False),
        (route("a.example.com", paths=("/x", "/y/*")), "a.example.com", "/y/z", True),
        (route("a.example.com", paths=("/x", "/y/*")), "a.example.com", "/", False),
        (route("a.example.com", paths=("/x", "/y/*")), "b.example.com", "/x", False),
    ],
)
def test_a_route_matches_host_names_and_paths_together(
    rule: Route, host: str, path: str, matches: bool
) -> None:
    assert (routes.action([rule, DEFAULT], host, path) == ORDERS) is matches


def test_the_first_route_that_matches_decides() -> None:
    first, second = route("*.example.com"), route("a.example.com", action=BILLING)
    assert routes.action([first, second, DEFAULT], "a.example.com", "/") == ORDERS
    assert routes.action([second, first, DEFAULT], "a.example.com", "/") == BILLING
    assert routes.action([second, first, DEFAULT], "example.org", "/") == NOT_FOUND


def test_every_route_is_one_line_of_two_words_in_the_map() -> None:
    lines = routes.table([route("a.example.com", paths=("/a+b$", "*.png", "?x")), DEFAULT]).splitlines()
    assert lines == [
        r"^(a\.example\.com)(/a\+b\$|/.*\.png|/x)$ forward|orders-prod-8080",
        "^([^/]*)(/.*)$ fixed|404|text/plain|no%20such%0Ahost%7C",
    ]


@pytest.mark.parametrize(
    ("listener", "request_"),
    [
        ([Route((), (), ORDERS)], (ANY_HOST, "/")),
        ([route("*.example.com", "b.example.com"), DEFAULT], ("x.example.com", "/")),
        ([route(paths=("/search/*",)), DEFAULT], (ANY_HOST, "/search/")),
        ([route("a.example.com", paths=("/search/*", "*")), DEFAULT], ("a.example.com", "/")),
        ([route("*", paths=("/x",), action=BILLING), route("*"), DEFAULT], ("x", "/")),
    ],
)
def test_a_request_is_found_that_comes_to_a_target_group(
    listener: list[Route], request_: tuple[str, str]
) -> None:
    assert routes.request_to(listener, ORDERS.target_group) == request_


@pytest.mark.parametrize("listener", [[DEFAULT], [route("*", action=BILLING), route("a.example.com")]])
def test_a_target_group_that_gets_no_request_is_an_error(listener: list[Route]) -> None:
    with pytest.raises(SlipwayError, match="sends no request to the target group orders-prod-8080"):
        routes.request_to(listener, ORDERS.target_group)
