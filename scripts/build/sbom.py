"""Lists the contents of the image that it runs in: Debian packages, Python interpreters and their packages.

Called by sbom.Dockerfile as ``sbom.py <file to write> <python>...``; the tools are installed for this Python.
"""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any  # CycloneDX is JSON

from sbom_merge import VERSION, Image, as_text, merge

TOOLS = Path(sys.executable).parent
STATUS = Path("/var/lib/dpkg/status")
SYSTEM = Path("/etc/os-release")


def python_packages(python: str, built_at: str) -> dict[str, Any]:
    """Return the packages of a Python interpreter."""
    epoch = str(int(datetime.fromisoformat(built_at).timestamp()))
    return _json(
        [
            TOOLS / "cyclonedx-py",
            "environment",
            "--output-reproducible",
            "--no-validate",
            "--sv",
            VERSION,
            python,
        ],
        {"SOURCE_DATE_EPOCH": epoch},
    )


def pythons(programs: list[str]) -> dict[str, Any]:
    """Return the interpreters themselves: one that was compiled for an image is not a package."""
    say = "import platform; print(platform.python_version())"
    versions = {_run([program, "-I", "-c", say], {}).strip() for program in programs}
    return {"metadata": {}, "components": [python(version) for version in sorted(versions)]}


def python(version: str) -> dict[str, Any]:
    """Return one interpreter, with the names under which its vulnerabilities are published."""
    return {
        "bom-ref": f"pkg:generic/python@{version}",
        "type": "platform",
        "name": "python",
        "version": version,
        "purl": f"pkg:generic/python@{version}",
        "cpe": f"cpe:2.3:a:python:python:{version}:*:*:*:*:*:*:*",
    }


def debian_packages(built_at: str) -> dict[str, Any]:
    """Return the packages of Debian, or a distribution based on it, and the operating system."""
    system = dict(
        line.split("=", 1) for line in SYSTEM.read_text(encoding="utf-8").splitlines() if "=" in line
    )
    told = {key: value.strip("\"'") for key, value in system.items()}
    return _json(
        [
            *(TOOLS / "debsbom", "generate", "--sbom-type", "cdx", "--cdx-schema-version", VERSION),
            *("--root", "/", "--out", "-", "--timestamp", built_at),
            *("--distro-name", told.get("ID", "debian"), "--distro-version", told.get("VERSION_ID", "")),
            *("--base-distro-vendor", "ubuntu" if told.get("ID") == "ubuntu" else "debian"),
        ],
        {},
    )


def check(text: str) -> None:
    """Validate the document against CycloneDX's schema; exit with a message if it is invalid."""
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 - installed only in the image
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415 - the same

    problem = JsonStrictValidator(SchemaVersion.from_version(VERSION)).validate_str(text)
    if problem is not None:
        sys.exit(f"the list is not CycloneDX {VERSION}: {problem}")


def _json(command: list[str | Path], variables: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run(command, variables))
    return found


def _run(command: list[str | Path], variables: dict[str, str]) -> str:
    """Return the output of a program; its warnings are shown only if it fails."""
    done = subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def main(target: str, programs: list[str]) -> None:
    """Write the image's list of contents, as CycloneDX, to ``target``."""
    image = Image(
        repository=os.environ["IMAGE_REPOSITORY"],
        commit=os.environ["COMMIT"],
        digest=os.environ["DIGEST"],
        built_at=os.environ["BUILT_AT"],
    )
    documents = [pythons(programs), *(python_packages(program, image.built_at) for program in programs)]
    if STATUS.exists():
        documents.append(debian_packages(image.built_at))
    else:
        print(
            "warning: the image has no Debian packages: the packages of its operating system are not listed"
        )
    text = as_text(merge(image, documents))
    check(text)
    Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
