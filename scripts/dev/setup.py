"""Makes a checkout ready to work in: Python packages, Node packages, Terraform.

``make setup`` runs it with whatever Python the machine has, so it needs only the standard library, and
parses on Pythons too old to run it. A step that is done leaves a stamp, and is not done again until
what it was done from changes; a step that was interrupted left none, and is done from its beginning.
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
VENV = Path(subprocess.check_output(["sh", str(ROOT / "engines" / "environment")], text=True).strip())
BIN = VENV / "bin"
CDKTN = ROOT / "engines" / "cdktn"  # what its environment is made of
OLDEST_PYTHON = (3, 11)


def main() -> None:
    """Do every step that is not done yet, one line for each."""
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
        sys.exit(f"setup: a command failed, and says why above; `make setup` tries again.\n  {command}")
    except KeyboardInterrupt:
        sys.exit("setup: interrupted; the next `make setup` takes up where this one was")


def check_python() -> None:
    """Refuse a Python that is too old, or that comes without what makes virtual environments."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        found = ".".join(map(str, sys.version_info[:2]))
        raise SetupRefused(
            f"Python {oldest} or newer is needed; {sys.executable} is {found}.\n"
            f"Name another: make setup PYTHON=python{oldest}"
        )
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetupRefused(
                f"{sys.executable} lacks its module {module}, which makes virtual environments.\n"
                "On Debian and Ubuntu: apt-get install python3-venv"
            )


def install_python_packages() -> None:
    """Install exactly what the lock says; pip checks every file against the lock's hashes."""
    lock = CDKTN / "requirements.txt" if is_cdktn() else ROOT / "requirements.txt"
    # The place is part of it: a virtual environment that was moved or copied does not work.
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
    """Whether the environment is that of the other engine."""
    return VENV.name.endswith("cdktn")


def python_of_the_machine() -> str:
    """The Python that this one was made from, where this one is itself a virtual environment's."""
    return getattr(sys, "_base_executable", None) or sys.executable


def install_project() -> None:
    """Install the project itself in place, which makes the command ``slipway``."""
    stamp = (VENV / ".packages").read_text()
    # Python is told of each top-level package by name: a new one has to be told of, too.
    packages = sorted(path.parent.name for path in ROOT.glob("scripts/*/__init__.py"))
    pyproject = (ROOT / "pyproject.toml").read_text()
    step = SetupStep("the command slipway", VENV / ".project", stamp, pyproject, packages)
    if step.done():
        return
    step.begin()
    pip("install", "--no-build-isolation", "--no-deps", "--no-index", "--editable", ROOT)
    step.finish()


def install_node_packages() -> None:
    """Install cdktf-cli as locked, with the Node that came with the Python packages."""
    modules = ROOT / "node_modules"
    step = SetupStep("Node packages", modules / ".packages", (ROOT / "package-lock.json").read_text())
    if step.done():
        return
    step.begin()
    # Without install scripts: what cdktf-cli would compile comes prebuilt for this Node.
    run(BIN / "npm", "ci", "--ignore-scripts", "--loglevel=error")
    step.finish()


def install_cdktn_cli() -> None:
    """Install cdktn's command into its environment, beside the Node that it runs on."""
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
    """Have jsii index its packages; on a busy machine each synthesis would begin to, and none finish."""
    stamp = VENV / ".indexed"
    if stamp.is_file() and Path(stamp.read_text()).is_file():
        return
    began = time.monotonic()
    print("setup: jsii's index of the bindings ...", flush=True)
    run(BIN / "python", ROOT / "scripts" / "dev" / "jsii_index.py", stamp)
    print(f"setup: jsii's index of the bindings: done in {time.monotonic() - began:.0f} s", flush=True)


class SetupStep:
    """A part of the set-up, and the stamp that says from what it was last done."""

    def __init__(self, what: str, stamp: Path, *inputs: object) -> None:
        """Name the step, its stamp, and everything that it is done from."""
        self.what = what
        self.stamp = stamp
        self.inputs = hashlib.sha256("\0".join(map(str, inputs)).encode()).hexdigest()
        self.begun = time.monotonic()

    def done(self) -> bool:
        """Whether it was finished, from the same inputs."""
        return self.stamp.is_file() and self.stamp.read_text() == self.inputs

    def begin(self) -> None:
        """Take the stamp away, and say what begins."""
        self.stamp.unlink(missing_ok=True)
        print(f"setup: {self.what} ...", flush=True)

    def finish(self) -> None:
        """Leave the stamp: from here on the step is done."""
        self.stamp.write_text(self.inputs)
        print(f"setup: {self.what}: done in {time.monotonic() - self.begun:.0f} s", flush=True)


def pip(*arguments: object) -> None:
    """Run the environment's pip."""
    run(BIN / "python", "-m", "pip", "--disable-pip-version-check", "-qq", *arguments)


def run(*command: object) -> None:
    """Run a command in the checkout, with the environment's programs first on the PATH."""
    path = os.pathsep.join((str(BIN), os.environ.get("PATH", "")))
    subprocess.run([str(word) for word in command], cwd=ROOT, env={**os.environ, "PATH": path}, check=True)


if __name__ == "__main__":
    main()
