"""A registry that throttles: haproxy in front of a real one refuses the first requests for some paths."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.rehearsal.machines import addresses
from local.rehearsal.machines.programs import serving

ALWAYS = 1_000_000
BODY = '{"errors":[{"code":"TOOMANYREQUESTS","message":"Rate exceeded"}]}'


@contextmanager
def throttling(directory: Path, registry: str, paths: str, *, first: int = ALWAYS) -> Iterator[str]:
    """Where the registry is found while the block runs.

    paths: a regular expression of what is throttled. first: how many requests of each path are refused,
    with 429 and the words of ECR Public, before they are let through.
    """
    address, _, _ = registry.partition(":")
    (port,) = addresses.free_ports(address, 1)
    directory.mkdir()
    settings = directory / "haproxy.cfg"
    settings.write_text(_settings(f"{address}:{port}", registry, paths, first), encoding="utf-8")
    with serving(
        ["haproxy", "-db", "-f", str(settings)],
        directory / "haproxy.log",
        ready=lambda: addresses.accepts(address, port),
    ):
        yield f"{address}:{port}"


def _settings(listen: str, registry: str, paths: str, first: int) -> str:
    refusal = f"return status 429 content-type application/json string '{BODY}'"
    return f"""\
defaults
  mode http
  timeout connect 5s
  timeout client 5m
  timeout server 5m
backend counted
  stick-table type string len 256 size 1k expire 1h store gpc0
frontend throttling
  bind {listen}
  acl throttled path_reg {paths}
  http-request track-sc0 path table counted if throttled
  http-request sc-inc-gpc0(0) if throttled
  http-request {refusal} if throttled {{ sc0_get_gpc0 le {first} }}
  default_backend behind
backend behind
  server registry {registry}
"""
