"""The section on the supply chain, from the lock files, the Dockerfile and the workflows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from local.rehearsal.machines.container_security import able, allowed
from tests.security.page.markdown import code, table

ROOT = Path(__file__).parents[3]
LOCKS = {
    "requirements.txt": "this repository and its tests",
    "app/requirements.txt": "the service",
    "app/requirements-test.txt": "the service's tests",
    "scripts/build/sbom.txt": "the tools that create the SBOM",
    "scripts/dev/audit.txt": "the tools that check for known vulnerabilities",
    "tests/security/scan/checkov.txt": "checkov, which scans plans",
}
USES = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v[\d.]+)")
FREE = {
    "Config": {"User": ""},
    "HostConfig": {
        "ReadonlyRootfs": False,
        "CapDrop": None,
        "CapAdd": None,
        "SecurityOpt": None,
        "Privileged": True,
        "Memory": 0,
        "PidsLimit": 0,
    },
}
ROOTS = "Uid:\t0\t0\nCapEff:\t1\nCapBnd:\t1\nNoNewPrivs:\t0\n"


def section() -> str:
    """The pinned dependencies, the objects that a build writes, and the checks of the container."""
    liberties = "\n".join(f"- {words}" for words in (*allowed(FREE), *able(ROOTS)))
    return f"""## Supply chain

{table(("dependency", "pinned to", "updated by"), _pinned())}

Every package in a lock file has a hash (`tests/test_locks.py`), and no workflow refers to an action by
a tag (`tests/test_workflows.py`). `.github/workflows/audit.yml` checks all of it for known
vulnerabilities every week; ECR scans each image that is built, and with `registry.fail_on_critical`
a critical finding fails the build.

A build writes two objects to the artifact bucket, once, and never replaces them:
`revisions/<commit>.zip`, which refers to its image by digest, and `revisions/<commit>.sbom.json`, a
CycloneDX SBOM of the image ([0019](decisions/0019-a-list-of-contents.md)). The image has
its commit as the label `org.opencontainers.image.revision`, the container as `slipway.commit`.

After each release the rehearsal checks the running container, with Docker's and the kernel's data. It
fails if one of these is true:

{liberties}"""


def _pinned() -> Iterator[tuple[str, str, str]]:
    for lock, what in LOCKS.items():
        count = len(re.findall(r"^\S+==", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        yield f"{what} ({code(lock)})", f"{count} packages by SHA-256", "`make lock`"
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    hashed = sum("integrity" in package for package in packages.values())
    yield "Node packages (`package-lock.json`)", f"{hashed} packages by SHA-512", "`make lock`"
    image, _, digest = _base_image().partition("@")
    yield f"the base image, {code(image)}", code(digest), "`make base-image`"
    terraform = (ROOT / "scripts" / "dev" / "terraform.py").read_text("utf-8")
    (version,) = re.findall(r'^VERSION = "(.+)"', terraform, re.MULTILINE)
    yield (
        f"Terraform {version}, if `make setup` downloads it",
        "the release by SHA-256",
        "a change to `scripts/dev/terraform.py`",
    )
    for name, commit, version in _actions():
        yield f"action {code(name)} {version}", f"commit {code(commit)}", "a change to the workflow"
    yield "the image that a host runs", "its digest, in `image.json`", "a release"


def _base_image() -> str:
    text = (ROOT / "app" / "Dockerfile").read_text("utf-8")
    (found,) = re.findall(r"^ARG BASE_IMAGE=(\S+)$", text, re.MULTILINE)
    return str(found)


def _actions() -> list[tuple[str, str, str]]:
    workflows = (ROOT / ".github" / "workflows").glob("*.yml")
    return sorted({found for workflow in workflows for found in USES.findall(workflow.read_text("utf-8"))})
