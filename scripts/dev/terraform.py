"""Installs a pinned Terraform into the virtual environment if the machine has no suitable one.

The release comes from HashiCorp's release site and is unpacked only if its SHA-256 is the published one,
copied here from that release's SHA256SUMS.
"""

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import urllib.request
import zipfile
from pathlib import Path

VERSION = "1.11.4"
OLDEST = (1, 10)  # the first whose S3 backend has its own lock
SHA256 = {
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
}
MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class SetupRefused(Exception):
    """The set-up cannot continue; the message says what to do."""


def install_terraform(folder: Path) -> None:
    """Installs the pinned Terraform into the folder, unless the folder or the PATH has a suitable one.

    OpenTofu is a suitable one too: slipway uses it where there is no Terraform.
    """
    path = os.pathsep.join((str(folder), os.environ.get("PATH", "")))
    found = shutil.which("terraform", path=path) or shutil.which("tofu", path=path)
    if found and version_of(found) >= OLDEST:
        return
    print(f"setup: Terraform {VERSION} ...", flush=True)
    machine = platform.machine().lower()
    unpack(fetch(f"{platform.system().lower()}_{MACHINES.get(machine, machine)}"), folder)


def version_of(terraform: str) -> "tuple[int, ...]":
    """A Terraform's major and minor version; (0, 0) if it does not run."""
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    try:
        answer = subprocess.run(
            [terraform, "version", "-json"], env=environment, capture_output=True, check=True
        )
        return tuple(int(part) for part in json.loads(answer.stdout)["terraform_version"].split(".")[:2])
    except (OSError, subprocess.CalledProcessError, ValueError, KeyError):
        return (0, 0)


def fetch(system: str) -> bytes:
    """The pinned release's zip for a system, verified. Raises SetupRefused."""
    expected = SHA256.get(system)
    if expected is None:
        raise SetupRefused(f"No Terraform release is pinned for {system}.\n{by_hand()}")
    address = f"https://releases.hashicorp.com/terraform/{VERSION}/terraform_{VERSION}_{system}.zip"
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            content: bytes = answer.read()
    except OSError as error:
        raise SetupRefused(
            f"Terraform could not be downloaded from {address}: {error}\n{by_hand()}"
        ) from error
    received = hashlib.sha256(content).hexdigest()
    if received != expected:
        raise SetupRefused(
            f"The download from {address} is not the pinned release: its SHA-256 is {received}\n"
            f"instead of {expected}. Nothing was installed.\n{by_hand()}"
        )
    return content


def unpack(content: bytes, folder: Path) -> None:
    """Extracts the program; it gets its name only when it is complete."""
    partial = folder / ".terraform.partial"
    with zipfile.ZipFile(io.BytesIO(content)) as release:
        partial.write_bytes(release.read("terraform"))
    partial.chmod(0o755)
    partial.replace(folder / "terraform")


def by_hand() -> str:
    """How to install Terraform without this script."""
    oldest = ".".join(map(str, OLDEST))
    return f"Install Terraform {oldest} or newer so that it is on the PATH, and run `make setup` again."
