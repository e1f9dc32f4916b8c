"""``slipway releases``: gathers the catalogue and shows it."""

from pathlib import Path

from slipway import console
from slipway.checkout import project
from slipway.console.screen import screen, show
from slipway.releases.document import document
from slipway.releases.read import gather
from slipway.releases.table import draw


def releases(*, env: str | None, limit: int | None, json: bool) -> None:
    """Show the newest releases; all of them without a limit."""
    found, aws = project.signed_in(Path.cwd())
    environments = found.names.environments if env is None else [found.environment(env)]
    catalogue = gather(aws, found.names, environments, limit=limit)
    made = document(catalogue, found.names, [each.environment for each in environments])
    if json:
        console.data(made.as_json())
    else:
        show(draw(made, width=screen().width))
