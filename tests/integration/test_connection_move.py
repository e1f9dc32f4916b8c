"""A connection that an earlier version made in the delivery stack moves to the foundation, and stays."""

import json
from pathlib import Path
from typing import Any

from constructs_lib.stack import App

import pytest

from local.emulator.handshakes import complete_handshakes
from local.emulator.process import Emulator
from modules.foundation import FoundationStack
from slipway.aws.clients import Aws
from tests.integration.pipelines import DELIVERY, FOUNDATION, REGION, apply, small
from tests.settings import demo
from tests.synthesis import read, synthesised

pytestmark = [pytest.mark.integration, pytest.mark.slow]

TYPE = "aws_codestarconnections_connection"
EARLIER = {TYPE: {"connection_751D2938": {"name": "my-app", "provider_type": "GitHub"}}}
"""The delivery stack's resource as earlier versions synthesised it."""


def importing(directory: Path, arn: str) -> dict[str, Any]:
    """The foundation with the line that CHANGELOG.md says to add."""
    app = App(outdir=str(directory))
    foundation = FoundationStack(app, demo())
    foundation.connection.resource.import_from(arn)
    app.synth()
    return dict(read(demo(), directory).stacks[FOUNDATION])


def only(stack: dict[str, Any], *blocks: str) -> dict[str, Any]:
    """A stack's connection, and nothing else of it."""
    kept = {name: stack[name] for name in blocks if name in stack}
    for kind in ("resource", "data"):
        if TYPE in stack.get(kind, {}):
            kept[kind] = {TYPE: stack[kind][TYPE]}
    return kept


def test_it_is_imported_and_forgotten_and_neither_made_anew_nor_destroyed(
    tmp_path: Path, root: Path, terraform: str, emulated: Emulator
) -> None:
    aws = Aws(REGION, emulated.environment)
    apply(small(root, emulated.environment, {DELIVERY: EARLIER}), emulated)
    complete_handshakes(emulated.endpoint)
    [before] = aws.codeconnections.list_connections()["Connections"]
    foundation = only(importing(tmp_path / "new", before["ConnectionArn"]), "import")
    delivery = only(dict(synthesised("demo").stacks[DELIVERY]), "removed")
    (later := tmp_path / "later").mkdir()
    project = small(later, emulated.environment, {FOUNDATION: EARLIER, DELIVERY: EARLIER})
    for name, blocks in ((FOUNDATION, foundation), (DELIVERY, delivery)):
        file = later / "ready" / "stacks" / name / "cdk.tf.json"
        stack = json.loads(file.read_text())
        del stack["resource"]
        file.write_text(json.dumps({**stack, **blocks}))
    planned = project.run("plan", "--format", "json")
    assert planned.stdout, planned.stderr
    counts = {each["name"]: each["counts"] for each in json.loads(planned.stdout)["stacks"]}
    assert counts[FOUNDATION]["imported"] == 1
    assert all(count["added"] == count["destroyed"] == count["replaced"] == 0 for count in counts.values())
    apply(project, emulated)
    [after] = aws.codeconnections.list_connections()["Connections"]
    assert after == before
