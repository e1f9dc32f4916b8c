"""Sets up a checkout: Python packages, Node packages, Terraform.

``make setup`` runs it with any Python of the machine, so it uses only the standard library, and must be
parsable by versions that are too old to run it. A completed step writes a stamp and is skipped until its
inputs change; an interrupted step has no stamp and starts again.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from terraform import SetupRefused, install_terraform

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = subprocess.run(
    ["sh", str(ROOT / "engines" / "environment")], stdout=subprocess.PIPE, text=True, check=False
)
if CHOSEN.returncode:
    sys.exit(CHOSEN.returncode)
VENV = Path(CHOSEN.stdout.strip())
BIN = VENV / "bin"
CDKTN = ROOT / "engines" / "cdktn"  # the lock files of its environment
OLDEST_PYTHON = (3, 11)


def main() -> None:
    """Runs every step that is not done yet, with one line for each."""
    try:
        check_python()
        install_python_packages()
        install_project()
        install_node_packages()
        install_cdktn_cli()
        index_bindings()
        install_terraform(BIN)
    except SetupRefused as refusal:
        sys.exit(f"setup: {refusal}")
    except subprocess.CalledProcessError as failure:
        command = " ".join(failure.cmd)
        sys.exit(f"setup: a command failed; see its output above, then run `make setup` again.\n  {command}")
    except KeyboardInterrupt:
        sys.exit("setup: interrupted; run `make setup` again to continue")


def check_python() -> None:
    """Raises SetupRefused for a Python that is too old, or lacks the modules for virtual environments."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        found = ".".join(map(str, sys.version_info[:2]))
        raise SetupRefused(
            f"Python {oldest} or newer is needed; {sys.executable} is {found}.\n"
            f"Use another: make setup PYTHON=python{oldest}"
        )
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetupRefused(
                f"{sys.executable} lacks the module {module}, which creates virtual environments.\n"
                "On Debian and Ubuntu: apt-get install python3-venv"
            )


def install_python_packages() -> None:
    """Installs exactly the locked packages; pip verifies the hashes."""
    lock = CDKTN / "requirements.txt" if is_cdktn() else ROOT / "requirements.txt"
    # Its path is an input too: a virtual environment that was moved or copied does not work.
    version = sys.version_info[:2]
    step = SetupStep("Python packages (a minute or two)", VENV / ".packages", VENV, version, lock.read_text())
    if step.done():
        return
    step.begin()
    shutil.rmtree(VENV, ignore_errors=True)
    run(python_of_the_machine(), "-m", "venv", VENV)
    pip("install", "--no-compile", "--require-hashes", "--requirement", lock)
    step.finish()


def is_cdktn() -> bool:
    """Whether this is the environment of the other engine."""
    return VENV.name.endswith("cdktn")


def python_of_the_machine() -> str:
    """The Python from which this one was made, if this one is in a virtual environment."""
    return getattr(sys, "_base_executable", None) or sys.executable


def install_project() -> None:
    """Installs the project in editable mode, which creates the command ``slipway``."""
    stamp = (VENV / ".packages").read_text()
    # An editable installation lists the top-level packages: a new one requires another installation.
    packages = sorted(path.parent.name for path in ROOT.glob("scripts/*/__init__.py"))
    pyproject = (ROOT / "pyproject.toml").read_text()
    step = SetupStep("the command slipway", VENV / ".project", stamp, pyproject, packages)
    if step.done():
        return
    step.begin()
    pip("install", "--no-build-isolation", "--no-deps", "--no-index", "--editable", ROOT)
    step.finish()


def install_node_packages() -> None:
    """Installs the locked cdktf-cli, with the Node of the Python packages."""
    modules = ROOT / "node_modules"
    step = SetupStep("Node packages", modules / ".packages", (ROOT / "package-lock.json").read_text())
    if step.done():
        return
    step.begin()
    # Without install scripts: cdktf-cli's native modules are prebuilt for this Node.
    run(BIN / "npm", "ci", "--ignore-scripts", "--loglevel=error")
    step.finish()


def install_cdktn_cli() -> None:
    """Installs cdktn's command into its environment, next to its Node."""
    if not is_cdktn():
        return
    names = ("package.json", "package-lock.json")
    step = SetupStep(
        "cdktn-cli", VENV / "node_modules" / ".packages", *((CDKTN / name).read_text() for name in names)
    )
    if step.done():
        return
    step.begin()
    for name in names:
        shutil.copy(str(CDKTN / name), str(VENV))
    run(BIN / "npm", "ci", "--prefix", VENV, "--ignore-scripts", "--loglevel=error")
    command = BIN / "cdktn"
    command.unlink(missing_ok=True)
    command.symlink_to(VENV / "node_modules" / ".bin" / "cdktn")
    step.finish()


def index_bindings() -> None:
    """Lets jsii index its packages; on a busy machine no synthesis would complete the index."""
    stamp = VENV / ".indexed"
    if stamp.is_file() and Path(stamp.read_text()).is_file():
        return
    began = time.monotonic()
    print("setup: jsii's index of the bindings ...", flush=True)
    run(BIN / "python", ROOT / "scripts" / "dev" / "jsii_index.py", stamp)
    print(f"setup: jsii's index of the bindings: done in {time.monotonic() - began:.0f} s", flush=True)


class SetupStep:
    """A step of the set-up. Its stamp records the inputs with which it was last completed."""

    def __init__(self, what: str, stamp: Path, *inputs: object) -> None:
        """Creates a step. inputs: everything on which its result depends."""
        self.what = what
        self.stamp = stamp
        self.inputs = hashlib.sha256("\0".join(map(str, inputs)).encode()).hexdigest()
        self.begun = time.monotonic()

    def done(self) -> bool:
        """Whether the step was completed with the same inputs."""
        return self.stamp.is_file() and self.stamp.read_text() == self.inputs

    def begin(self) -> None:
        """Removes the stamp, and prints that the step begins."""
        self.stamp.unlink(missing_ok=True)
        print(f"setup: {self.what} ...", flush=True)

    def finish(self) -> None:
        """Writes the stamp: the step is complete."""
        self.stamp.write_text(self.inputs)
        print(f"setup: {self.what}: done in {time.monotonic() - self.begun:.0f} s", flush=True)


def pip(*arguments: object) -> None:
    """Runs the environment's pip."""
    run(BIN / "python", "-m", "pip", "--disable-pip-version-check", "-qq", *arguments)


def run(*command: object) -> None:
    """Runs a command in the checkout, with the environment's programs first on the PATH."""
    path = os.pathsep.join((str(BIN), os.environ.get("PATH", "")))
    subprocess.run([str(word) for word in command], cwd=ROOT, env={**os.environ, "PATH": path}, check=True)


if __name__ == "__main__":
    main()
