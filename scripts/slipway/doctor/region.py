"""Checks of what the settings need from the region: services, zones, instance types."""

from collections.abc import Iterator

from modules.config import known
from modules.config.settings import Environment
from slipway.aws.account import has_service, zones, zones_that_offer
from slipway.aws.clients import Aws
from slipway.checkout.project import Project
from slipway.doctor.check import Check, ok, todo

ELSEWHERE = "choose another region in pipeline.toml"


def services(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that the region has the services that it lacked according to Slipway's list."""
    region = found.settings.region
    for name in known.absent(region):
        if has_service(aws, region, name.lower()):
            yield ok("account", f"{region} has {name}")
        else:
            yield todo("account", f"{name} is not available in {region}", then=ELSEWHERE)


def places(found: Project, aws: Aws) -> Iterator[Check]:
    """Check that each environment's zones exist and offer its instance type."""
    there = zones(aws)
    wanted = sorted({environment.instance_type for environment in found.settings.environments})
    offered = zones_that_offer(aws, wanted)
    for environment in found.settings.environments:
        yield from _place(
            environment, found.settings.region, there, offered.get(environment.instance_type, [])
        )


def _place(environment: Environment, region: str, there: list[str], offering: list[str]) -> Iterator[Check]:
    place = f"environments.{environment.name}"
    names = there[: environment.zones] if isinstance(environment.zones, int) else list(environment.zones)
    count = environment.zone_count
    missing = [name for name in names if name not in there]
    if len(names) < count or missing:
        what = ", ".join(missing) if missing else f"{count} zones"
        has = f"{region} has {', '.join(there)}"
        yield todo("account", f"{place}: {what} not available", why=has, then=f"correct {place}.zones")
        return
    lacking = [name for name in names if name not in offering]
    if lacking:
        yield todo(
            "account",
            f"{place}: {environment.instance_type} is not available in {', '.join(lacking)}",
            why=f"it is available in {', '.join(offering)}" if offering else f"{region} does not offer it",
            then=f"correct {place}.instance_type" + (", or use zones that offer it" if offering else ""),
        )
    else:
        yield ok("account", f"{environment.name}: {environment.instance_type} in {', '.join(names)}")
