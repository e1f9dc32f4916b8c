"""``slipway releases``: lists the releases."""

from pathlib import Path
from typing import Annotated

import typer

from slipway.aws.codepipeline import newest_executions
from slipway.checkout import project
from slipway.cli.command import declare
from slipway.cli.options import Json, OnlyEnv
from slipway.console import documents
from slipway.console.screen import screen, show
from slipway.releases.document import document
from slipway.releases.read import CatalogReader
from slipway.releases.table import draw

app = declare()


@app.command()
def releases(
    *,
    env: OnlyEnv = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Only the newest N.")] = 20,
    every: Annotated[bool, typer.Option("--all", help="All releases.")] = False,
    json: Json = False,
) -> None:
    """List the releases, what runs, and what a rollback would deploy.

    \b
    slipway releases                the newest 20 releases
    slipway releases --env prod     only with prod's deployments
    slipway releases --all          all whose revision exists, or that CodeDeploy lists
    slipway releases --json         for programs; docs/schemas/releases.schema.json describes it

    Marked are the running release, and the one that `slipway rollback` would deploy: the release that ran
    before it. A release that was rolled back is not chosen again.

    Exit codes: 0 listed, 1 AWS could not be read, 2 wrong settings or usage.
    """
    found = project.find(Path.cwd())
    environments = found.chosen(env)
    aws = found.sign_in()
    executions = newest_executions(aws, found.names.delivery_pipeline)
    reader = CatalogReader.of(aws, found.names, environments, executions=executions)
    catalog = reader.read(limit=None if every else limit, with_images=True)
    made = document(catalog, found.names, [environment.environment for environment in environments])
    if json:
        documents.show(made)
    else:
        show(draw(made, width=screen().width))
