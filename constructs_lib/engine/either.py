"""Lets one source run on either engine: cdktf, or cdktn, the fork that goes on where cdktf was archived.

The engine is the one that is installed; where both are, cdktf, unless ``ENGINE`` in the environment says
cdktn. The other's names then give the very same modules: ``cdktf`` is ``cdktn``, and
``cdktf_cdktf_provider_aws.s3_bucket`` is ``cdktn_provider_aws.s3_bucket``. Copies would register every
type of jsii's twice.
"""

import importlib.util
import os
import sys
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


@dataclass(frozen=True)
class CdkPackages:
    """What an engine calls its packages.

    older_jsii: those that an older jsii than is installed generated, which ``postponed`` makes up for.
    """

    core: str
    bindings: str
    older_jsii: tuple[str, ...]


ENGINES = (
    CdkPackages("cdktf", "cdktf_cdktf_provider_aws", ("cdktf", "cdktf_cdktf_provider_aws")),
    CdkPackages("cdktn", "cdktn_provider_aws", ("cdktn",)),
)


def choose_engine() -> CdkPackages | None:
    """The engine to use, with the other's names leading to it; none if none is installed.

    ImportError: ENGINE names an engine that this Python does not have.
    """
    # Python's own finder is asked: the one below would answer for either.
    installed = [engine for engine in ENGINES if PathFinder.find_spec(engine.core)]
    wanted = [engine for engine in ENGINES if engine.core == os.environ.get("ENGINE")]
    if wanted and wanted[0] not in installed:
        core = wanted[0].core
        raise ImportError(
            f"ENGINE is {core}, and {sys.executable} does not have it: with that ENGINE, `make setup` makes"
            " an environment that does, and `sh engines/environment` says where"
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
    """Finds packages and their modules under the names that the other engine has for them."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """What Python asks every finder, with a path and a target that mean nothing here."""
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
        """It has run under its own name; Python has just put a spec with the other name on it."""
        assert module.__spec__
        module.__spec__ = module.__spec__.loader_state[1]
