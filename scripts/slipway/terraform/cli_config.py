"""Finds the AWS provider on this machine, so that Terraform works without a registry.

An unpacked mirror below a usual prefix is used for the AWS provider only. The user's own CLI configuration
takes precedence.
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
MIRROR_DEPTH = 2  # a mirror is at most so many directories below a prefix
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
    """The variables to run Terraform with. directory: where the CLI configuration file is written.

    Merge them over the environment: they replace a TF_CLI_CONFIG_FILE that does not exist, about which
    Terraform would warn at every call.
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
    """A CLI configuration that installs the AWS provider from the mirror; empty without a mirror."""
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
    """The first unpacked mirror with the AWS provider for this platform; None if there is none."""
    return next(_mirrors(prefixes, host), None)


def this_platform() -> str:
    """This machine's platform in Terraform's notation, for example ``linux_amd64``."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{ARCHITECTURES.get(machine, machine)}"


def _mirrors(prefixes: Iterable[Path], host: str) -> Iterator[Path]:
    """The mirrors, whose layout is <registry host>/<namespace>/<type>/<version>/<platform>/<program>."""
    package = f"{host}/{provider.SOURCE}/{provider.VERSION}/{this_platform()}/terraform-provider-aws_v*"
    for prefix in (path.expanduser() for path in prefixes):
        for depth in range(MIRROR_DEPTH + 1):
            for file in sorted(prefix.glob("*/" * depth + package)):
                yield file.parents[5]


def _has_own_configuration(environ: Mapping[str, str]) -> bool:
    """Whether the user has a CLI configuration, which Terraform then reads."""
    named = environ.get("TF_CLI_CONFIG_FILE")
    if named:
        return Path(named).is_file()
    return (Path(environ.get("HOME", "~")).expanduser() / ".terraformrc").is_file()


def _quoted(path: Path) -> str:
    """The path as an HCL string, with template sequences escaped."""
    return json.dumps(str(path), ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
