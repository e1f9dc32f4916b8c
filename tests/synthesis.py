"""What main.py synthesises for given settings, for tests that look at everything at once."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from constructs_lib.stack import App

from main import build
from modules.config.settings import PipelineSettings
from tests.settings import variants
from tests.sharing import made_once


@dataclass(frozen=True)
class Resource:
    """One resource as it stands in a stack's JSON."""

    stack: str
    type: str
    id: str
    attributes: Mapping[str, Any]
    looked_up: bool = False
    """Whether it exists already, and is a data source here."""

    @property
    def path(self) -> str:
        """The construct's path, the stack first."""
        return str(self.attributes["//"]["metadata"]["path"])

    @property
    def reference(self) -> str:
        """How other resources' expressions begin that refer to it."""
        return f"${{{'data.' if self.looked_up else ''}{self.type}.{self.id}."

    def __getitem__(self, attribute: str) -> Any:  # noqa: ANN401 - JSON
        return self.attributes[attribute]

    def get(self, attribute: str) -> Any:  # noqa: ANN401 - JSON
        return self.attributes.get(attribute)


@dataclass(frozen=True)
class Policy:
    """A policy of any kind: what it belongs to, which attribute it is, its statements."""

    owner: Resource
    attribute: str
    statements: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Synthesised:
    """Every stack of one pipeline, parsed, by name."""

    pipeline: PipelineSettings
    stacks: Mapping[str, Mapping[str, Any]]
    manifest: Mapping[str, Any]

    def resources(self, *types: str) -> Iterator[Resource]:
        """The resources of these types, or all, in every stack."""
        for stack, content in self.stacks.items():
            for kind, by_id in content.get("resource", {}).items():
                if not types or kind in types:
                    yield from (Resource(stack, kind, name, each) for name, each in by_id.items())

    def looked_up(self, *types: str) -> Iterator[Resource]:
        """The data sources of these types, or all, in every stack."""
        for stack, content in self.stacks.items():
            for kind, by_id in content.get("data", {}).items():
                if not types or kind in types:
                    yield from (Resource(stack, kind, name, each, True) for name, each in by_id.items())

    def referring_to(self, resource: Resource, type: str) -> list[Resource]:
        """The resources of a type, in the same stack, that refer to this one."""
        return [
            each
            for each in self.resources(type)
            if each.stack == resource.stack and resource.reference in json.dumps(each.attributes)
        ]

    def policies(self) -> Iterator[Policy]:
        """Every policy in the stacks: of roles, and of resources."""
        for resource in self.resources():
            for attribute, value in resource.attributes.items():
                if isinstance(value, str) and '"Statement"' in value:
                    yield Policy(resource, attribute, tuple(json.loads(value)["Statement"]))


@cache
def synthesised(variant: str) -> Synthesised:
    """One of ``tests.settings.variants``, synthesised once a test run."""
    return made_once(f"synthesised-{variant}", lambda: synthesise(variants()[variant]))


def synthesise(pipeline: PipelineSettings) -> Synthesised:
    """What main.py makes of the settings."""
    with TemporaryDirectory() as directory:
        app = App(outdir=directory)
        build(app, pipeline)
        app.synth()
        return read(pipeline, Path(directory))


def read(pipeline: PipelineSettings, directory: Path) -> Synthesised:
    """The stacks in an output directory of cdktf."""
    manifest = json.loads((directory / "manifest.json").read_text())
    stacks = {
        name: json.loads((directory / stack["synthesizedStackPath"]).read_text())
        for name, stack in manifest["stacks"].items()
    }
    return Synthesised(pipeline, stacks, manifest)


def strings(value: object) -> Iterator[str]:
    """Every string at any depth, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield str(key)
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def refers_to(value: object, type: str) -> bool:
    """Whether an attribute's expression refers to a resource of a type."""
    return any(re.search(rf"\$\{{{type}\.", string) for string in strings(value))
