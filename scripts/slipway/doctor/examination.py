"""Runs all checks, in the order in which to solve problems; checks that cannot run yet are left out."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from modules.config.problems import SettingsError
from slipway.aws.clients import Aws
from slipway.checkout import project
from slipway.checkout.project import Project
from slipway.console.errors import SlipwayError
from slipway.doctor import (
    access_logs,
    account,
    alert_topic,
    certificates,
    delivery,
    hosts,
    keys,
    load_balancer,
    network,
    quotas,
    region,
    tools,
)
from slipway.doctor.check import Check, Examination, later, ok

Look = Callable[[Project, Aws], Iterable[Check]]
INSIDE: tuple[tuple[str, Look], ...] = (
    ("account", account.region),
    ("account", region.services),
    ("account", region.places),
    ("account", account.oidc_provider),
    ("state", account.state),
    ("source", delivery.source),
    ("source", delivery.pushes),
    ("registry", delivery.registry),
    ("keys", keys.existing),
    ("alerts", delivery.subscribers),
    ("alerts", alert_topic.existing),
    ("network", network.existing),
    ("network", network.overlaps),
    ("load balancer", load_balancer.existing),
    ("load balancer", access_logs.existing),
    ("domain", delivery.hosted_zones),
    ("domain", certificates.named),
    ("quotas", quotas.room),
    ("quotas", quotas.rules),
    ("quotas", quotas.builds),
    ("hosts", hosts.volumes),
    ("hosts", hosts.launches),
    ("hosts", hosts.first_boots),
    ("hosts", hosts.suspensions),
)


def examine(root: Path) -> Examination:
    """Run all checks, in the order in which to solve problems. root: of the checkout."""
    found = tuple(_all(root))
    return Examination(healthy=all(check.state != "todo" for check in found), findings=found)


def _all(root: Path) -> Iterator[Check]:
    yield from tools.tools(root)
    try:
        found = project.find(root)
    except (SettingsError, SlipwayError) as error:
        yield _refused("settings", error)
    else:
        yield ok("settings", f"pipeline.toml: {len(found.names.stacks)} stacks")
        yield from (later("settings", warning) for warning in found.warnings)
        yield from _of_the_account(found, Aws(found.settings.region))
    yield from tools.rehearsal()


def _of_the_account(found: Project, aws: Aws) -> Iterator[Check]:
    try:
        yield account.account(found, aws)
    except SlipwayError as error:
        yield _refused("account", error)
        yield later(
            "account",
            "not checked: region, zones, hosts, state bucket, connection, registry, keys, e-mails, networks,"
            " load balancers, domains, quotas",
            then="run slipway doctor again with credentials of the account",
        )
        return
    for topic, look in INSIDE:
        try:
            yield from look(found, aws)
        except SlipwayError as error:
            yield _refused(topic, error)


def _refused(topic: str, error: Exception) -> Check:
    """An error as a check that failed."""
    if not isinstance(error, SlipwayError):
        return Check.model_validate(
            {"topic": topic, "state": "todo", "what": str(error), "then": "correct pipeline.toml"}
        )
    return Check.model_validate(
        {"topic": topic, "state": "todo", "what": error.what, "why": error.why, "then": error.then}
    )
