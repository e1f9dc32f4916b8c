"""Chooses the program that applies stacks: Terraform, or OpenTofu, which has the same commands."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "TERRAFORM_BINARY_NAME"  # cdktf-cli and cdktn-cli read it too
TERRAFORM, TOFU = "terraform", "tofu"
NAMES = {TERRAFORM: "Terraform", TOFU: "OpenTofu"}
REGISTRIES = {TERRAFORM: "registry.terraform.io", TOFU: "registry.opentofu.org"}
OLDEST = (1, 10)
"""The first version of both with locking in the S3 backend: opentofu.org/docs/v1.10/intro/whats-new/."""


def program(environment: Mapping[str, str] = os.environ) -> str:
    """The name or path in TERRAFORM_BINARY_NAME; else terraform; tofu if only tofu is on the PATH.

    A relative path is relative to this process's directory, not to a stack's, in which the program runs.
    """
    if said := environment.get(VARIABLE, "").strip():
        return str(Path(said).absolute()) if os.sep in said else said
    path = environment.get("PATH")
    only_tofu = not shutil.which(TERRAFORM, path=path) and shutil.which(TOFU, path=path)
    return TOFU if only_tofu else TERRAFORM


def how_to_get(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """What to do if a program, by its name or path, is not installed, does not run or is too old."""
    oldest = ".".join(map(str, OLDEST))
    if environment.get(VARIABLE, "").strip():
        setting = f"{VARIABLE}, or terraform in pipeline.toml, chooses it"
        return f"{setting}: let it name Terraform or OpenTofu {oldest} or newer"
    if is_tofu(name):
        return f"install OpenTofu {oldest} or newer, or run make setup, which installs Terraform"
    return "make setup installs it"


def is_tofu(name: str) -> bool:
    """Whether a program, by its name or path, is OpenTofu."""
    return Path(name).name.startswith(TOFU)


def called(name: str) -> str:
    """The program's product name: Terraform or OpenTofu."""
    return NAMES[TOFU if is_tofu(name) else TERRAFORM]


def registry(name: str) -> str:
    """The program's default registry, for provider sources without a host."""
    return REGISTRIES[TOFU if is_tofu(name) else TERRAFORM]
