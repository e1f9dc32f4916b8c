"""Lets one source run on either engine: cdktf, or cdktn, the maintained fork of the archived cdktf.

The engine is the installed one. If both are installed, it is cdktf, unless ``ENGINE`` in the environment is
cdktn. The other engine's names then refer to the same modules: ``cdktf`` is ``cdktn``, and
``cdktf_cdktf_provider_aws.s3_bucket`` is ``cdktn_provider_aws.s3_bucket``. Copies would register every
jsii type twice.
"""

import importlib.util
import os
import sys
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from constructs_lib.failures import SynthesisError


class EngineNotInstalled(SynthesisError, ImportError):
    """The engine that ENGINE chooses is not installed in this Python."""


@dataclass(frozen=True)
class CdkPackages:
    """The packages of an engine.

    older_jsii: packages that an older version of jsii generated, for ``postponed``.
    """

    core: str
    bindings: str
    older_jsii: tuple[str, ...]


ENGINES = (
    CdkPackages("cdktf", "cdktf_cdktf_provider_aws", ("cdktf", "cdktf_cdktf_provider_aws")),
    CdkPackages("cdktn", "cdktn_provider_aws", ("cdktn",)),
)


def choose_engine() -> CdkPackages | None:
    """The engine to use, after mapping the other engine's names to it; None if none is installed.

    EngineNotInstalled: the engine in ENGINE is not installed in this Python.
    """
    said = os.environ.get("ENGINE", "").strip().lower()
    # Python's own finder is used, because the one below finds the names of both engines.
    installed = [engine for engine in ENGINES if PathFinder.find_spec(engine.core)]
    wanted = [engine for engine in ENGINES if engine.core == said]
    if wanted and wanted[0] not in installed:
        core = wanted[0].core
        raise EngineNotInstalled(
            f"ENGINE is {core}, which is not installed in {sys.executable}. With ENGINE set, `make setup`"
            " creates an environment with it, and `sh engines/environment` prints its path"
        )
    chosen = next(iter(wanted or installed), None)
    if chosen:
        _lead_to(chosen)
    return chosen


def _lead_to(chosen: CdkPackages) -> None:
    names: dict[str, str] = {}
    for other in ENGINES:
        if other != chosen:
            names |= {other.core: chosen.core, other.bindings: chosen.bindings}
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _OtherNames)]
    sys.meta_path.insert(0, _OtherNames(names))


class _OtherNames(MetaPathFinder, Loader):
    """Finds packages and their modules under the other engine's names."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Part of the protocol of Python's import finders; path and target are not used."""
        package, dot, rest = name.partition(".")
        own_name = f"{self._names[package]}{dot}{rest}" if package in self._names else ""
        if not own_name or importlib.util.find_spec(own_name) is None:
            return None
        module = importlib.import_module(own_name)
        return ModuleSpec(name, self, loader_state=(module, module.__spec__), is_package=not rest)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module: ModuleType = spec.loader_state[0]
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Restores the module's own spec, which Python has just replaced; the module was executed before."""
        assert module.__spec__
        module.__spec__ = module.__spec__.loader_state[1]
