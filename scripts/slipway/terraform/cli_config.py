"""Finds the AWS provider on this machine, so that Terraform works where no registry can be reached.

A mirror that somebody unpacked below a usual prefix is used for the AWS provider and for nothing else.
A CLI configuration of the user's own always wins.
"""

import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from modules.config import provider
from slipway.processes.terraform_program import program, registry

PREFIXES = (
    Path("/opt"),
    Path("/usr/local/share"),
    Path("/usr/share/terraform"),
    Path("/usr/local/lib"),
    Path("/usr/lib/terraform"),
    Path("~/.terraform.d"),
    Path("~/.local/share"),
)
MIRROR_DEPTH = 2  # a mirror lies at most so many directories below a prefix
FILE_NAME = "terraform.tfrc"
ARCHITECTURES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
}


def environment(
    directory: Path,
    *,
    environ: Mapping[str, str] = os.environ,
    prefixes: Iterable[Path] = PREFIXES,
) -> dict[str, str]:
    """The variables to run Terraform with; a file they name is written into ``directory``.

    Merge them over the environment: a TF_CLI_CONFIG_FILE that names no file, of which Terraform
    would warn at every call, is then replaced by one that does.
    """
    variables = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    if _has_own_configuration(environ):
        return variables
    mirror = find_mirror(prefixes, registry(program(environ)))
    if mirror is None and not environ.get("TF_CLI_CONFIG_FILE"):
        return variables
    file = directory.absolute() / FILE_NAME
    directory.mkdir(parents=True, exist_ok=True)
    file.write_text(configuration(mirror), encoding="utf-8")
    return {**variables, "TF_CLI_CONFIG_FILE": str(file)}


def configuration(mirror: Path | None) -> str:
    """A CLI configuration that takes the AWS provider from the mirror; without one, an empty one."""
    if mirror is None:
        return ""
    return (
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f"    path    = {_quoted(mirror)}\n"
        f'    include = ["{provider.SOURCE}"]\n'
        "  }\n"
        "  direct {\n"
        f'    exclude = ["{provider.SOURCE}"]\n'
        "  }\n"
        "}\n"
    )


def find_mirror(prefixes: Iterable[Path] = PREFIXES, host: str = "*.*") -> Path | None:
    """The first unpacked mirror that holds the AWS provider for this machine, if there is one."""
    return next(_mirrors(prefixes, host), None)


def this_platform() -> str:
    """This machine as Terraform writes it, for example ``linux_amd64``."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{ARCHITECTURES.get(machine, machine)}"


def _mirrors(prefixes: Iterable[Path], host: str) -> Iterator[Path]:
    """A mirror is laid out as <registry host>/<namespace>/<type>/<version>/<platform>/<program>."""
    package = f"{host}/{provider.SOURCE}/{provider.VERSION}/{this_platform()}/terraform-provider-aws_v*"
    for prefix in (each.expanduser() for each in prefixes):
        for depth in range(MIRROR_DEPTH + 1):
            for file in sorted(prefix.glob("*/" * depth + package)):
                yield file.parents[5]


def _has_own_configuration(environ: Mapping[str, str]) -> bool:
    """Whether Terraform would read a CLI configuration that the user wrote."""
    named = environ.get("TF_CLI_CONFIG_FILE")
    if named:
        return Path(named).is_file()
    return (Path(environ.get("HOME", "~")).expanduser() / ".terraformrc").is_file()


def _quoted(path: Path) -> str:
    """An HCL string: JSON's escapes, and no template is begun."""
    return json.dumps(str(path), ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
