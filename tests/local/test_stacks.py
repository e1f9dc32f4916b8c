"""Stacks for an emulated account, in which nothing exists of what adopt.toml names."""

import asyncio
import json
import os
from pathlib import Path

from local.stacks import synthesised
from slipway.checkout import project
from tests.integration.pipelines import FOUNDATION, small

APP = {"aws_codedeploy_app": {"application": {"name": "my-app"}}}


def test_stacks_for_an_emulated_account_import_nothing(tmp_path: Path) -> None:
    small(tmp_path, os.environ, {FOUNDATION: APP})
    ready = tmp_path / "ready" / "stacks" / FOUNDATION / "cdk.tf.json"
    whole = json.loads(ready.read_text("utf-8"))
    imports = [{"to": "aws_codedeploy_app.application", "id": "my-app"}]
    ready.write_text(json.dumps({**whole, "import": imports}), "utf-8")

    [stack] = asyncio.run(synthesised(project.find(tmp_path), tmp_path / "cdktf.out"))

    assert json.loads((stack.directory / "cdk.tf.json").read_text("utf-8")) == whole
