"""Compiles the bindings, waits until jsii has indexed them, and records the path of the index.

jsii reads a package's index in place of its description, which has 120 MB and takes seconds. A worker writes
the index, but Node ends five seconds after Python: on a busy machine the index would never be completed, and
each synthesis would start again. Bytecode is written even with PYTHONDONTWRITEBYTECODE: otherwise each
synthesis would compile the bindings again, which takes two seconds.
"""

import os
import pkgutil
import sys
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import constructs_lib
from constructs_lib.engine.either import choose_engine

INDEX = ".jsii.runtime.v1.json"
SECONDS = 120


def main(stamp: Path) -> None:
    """Keeps Node running until the index exists; after 120 seconds prints a warning."""
    engine = choose_engine()
    assert engine
    sys.dont_write_bytecode = False
    for module in pkgutil.iter_modules(constructs_lib.__path__):
        import_module(f"constructs_lib.{module.name}")
    import_module(f"{engine.bindings}._jsii")
    # A call to Node: when it returns, the packages are loaded.
    import_module("cdktf").Testing.app()
    folder = _cache() / f"@{engine.core}" / "provider-aws" / version(engine.bindings.replace("_", "-"))
    deadline = time.monotonic() + SECONDS
    while os.environ.get("JSII_RUNTIME_PACKAGE_CACHE") != "disabled" and time.monotonic() < deadline:
        if found := sorted(folder.glob(f"*/{INDEX}")):
            stamp.write_text(str(found[0]))
            return
        time.sleep(0.1)
    print(
        "warning: jsii did not write an index of the bindings; each synthesis takes seconds longer",
        file=sys.stderr,
    )


def _cache() -> Path:
    """The directory in which jsii unpacks packages, determined as its kernel does."""
    said = os.environ.get("JSII_RUNTIME_PACKAGE_CACHE_ROOT")
    mac = sys.platform == "darwin"
    usual = "~/Library/Caches/com.amazonaws.jsii/package-cache" if mac else "~/.cache/aws/jsii/package-cache"
    return Path(said or usual).expanduser()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
