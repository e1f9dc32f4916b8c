"""Lists what is in the image that this runs in: Debian's packages, Pythons, and the packages of each.

sbom.py <file to write> <python>...: called by sbom.Dockerfile; the tools are beside this Python.
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
    """The packages that a Python can import."""
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
    """The Pythons themselves: those that are compiled for an image are not packages."""
    say = "import platform; print(platform.python_version())"
    versions = {_run([program, "-I", "-c", say], {}).strip() for program in programs}
    return {"metadata": {}, "components": [python(version) for version in sorted(versions)]}


def python(version: str) -> dict[str, Any]:
    """One Python, by the names under which vulnerabilities of it are published."""
    return {
        "bom-ref": f"pkg:generic/python@{version}",
        "type": "platform",
        "name": "python",
        "version": version,
        "purl": f"pkg:generic/python@{version}",
        "cpe": f"cpe:2.3:a:python:python:{version}:*:*:*:*:*:*:*",
    }


def debian_packages(built_at: str) -> dict[str, Any]:
    """The packages of Debian, or of what is made of it, and the system that they make up."""
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
    """Hold the document against CycloneDX's own schema."""
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 - it is only there where this runs
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415 - the same

    problem = JsonStrictValidator(SchemaVersion.from_version(VERSION)).validate_str(text)
    if problem is not None:
        sys.exit(f"the list is not CycloneDX {VERSION}: {problem}")


def _json(command: list[str | Path], variables: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run(command, variables))
    return found


def _run(command: list[str | Path], variables: dict[str, str]) -> str:
    """What a program prints; its warnings are shown only where it fails."""
    done = subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def main(target: str, programs: list[str]) -> None:
    """Write the list of contents of an image, in CycloneDX, to target."""
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
        print("warning: the image has no Debian packages: what its system is made of is not listed")
    text = as_text(merge(image, documents))
    check(text)
    Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
