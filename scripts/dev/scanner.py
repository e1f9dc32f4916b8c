"""Installs checkov from a lock of its own into an environment of its own: its packages go with none of ours.

Tests that need it do this when they need it; nobody else waits for a hundred packages more.
"""

from pathlib import Path

from setup import BIN, ROOT, VENV, SetupStep, run

LOCK = ROOT / "tests" / "security" / "scan" / "checkov.txt"
FOLDER = VENV / "checkov"
"""Within the environment: whatever makes that anew makes this anew."""


def install() -> Path:
    """The program, as locked; what is there is not installed again."""
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
