"""Installs checkov from its own lock into its own environment: its packages conflict with Slipway's.

Only the tests that need it install it, because it brings a hundred packages.
"""

from pathlib import Path

from setup import BIN, ROOT, VENV, SetupStep, run

LOCK = ROOT / "tests" / "security" / "scan" / "checkov.txt"
FOLDER = VENV / "checkov"
"""Inside the environment, so that it is removed together with it."""


def install() -> Path:
    """The path of the locked checkov, which is installed if it is missing."""
    step = SetupStep("checkov", FOLDER / ".packages", FOLDER, LOCK.read_text(encoding="utf-8"))
    if not step.done():
        step.begin()
        run(BIN / "uv", "venv", "--quiet", "--clear", "--python", BIN / "python", FOLDER)
        python = FOLDER / "bin" / "python"
        run(
            BIN / "uv",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--python",
            python,
            "--requirement",
            LOCK,
        )
        step.finish()
    return FOLDER / "bin" / "checkov"


if __name__ == "__main__":
    install()
