"""What the README shows, taken out of it, so that tests run exactly what a reader copies."""

import re
from pathlib import Path

from constructs_lib.stack import App

from main import build
from modules.config.settings import PipelineSettings
from modules.environment import EnvironmentStack

README = Path(__file__).parents[1] / "README.md"


def block(language: str, containing: str) -> str:
    """The one code block of a language that holds a text."""
    blocks = re.findall(
        rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    (found,) = (each for each in blocks if containing in each)
    return str(found)


def build_with_own_resources(app: App, pipeline: PipelineSettings) -> None:
    """What main.py makes, and then what the README adds to it."""
    build(app, pipeline)
    environments = {
        environment.name: app.node.find_child(f"{pipeline.service}-{environment.name}")
        for environment in pipeline.environments
    }
    assert all(isinstance(environment, EnvironmentStack) for environment in environments.values())
    names: dict[str, object] = {"environments": environments}
    for example in ("SqsQueue", "DbInstance"):
        exec(block("python", example), names)
