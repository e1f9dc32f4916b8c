"""All denied requests, by topic."""

from collections.abc import Callable, Mapping

from tests.security.account import account
from tests.security.denials import boundaries, builds, ci, delivery, deputies, hosts, people, storage
from tests.security.denials.denial import Denial


def _deputies() -> list[Denial]:
    return [*deputies.denials(account("demo")), *deputies.of_source_events(account("s3-source"))]


DENIALS: Mapping[str, Callable[[], list[Denial]]] = {
    "Builds": lambda: builds.denials(account("demo")),
    "Hosts": lambda: hosts.denials(account("demo")),
    "The pipeline and deployments": lambda: delivery.denials(account("demo")),
    "CI": lambda: ci.denials(account("demo")),
    "People": lambda: people.denials(account("demo")),
    "Buckets, images, alerts, keys": lambda: storage.denials(account("demo")),
    "Confused deputies": _deputies,
    "A permissions boundary": lambda: boundaries.denials(account("permissions-boundary")),
}
"""For the committed pipeline; features that it does not have are tested with other settings."""
