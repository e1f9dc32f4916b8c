"""Which program applies stacks: Terraform, or OpenTofu, which takes the same commands and state."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "TERRAFORM_BINARY_NAME"  # cdktf-cli and cdktn-cli read it, too
TERRAFORM, TOFU = "terraform", "tofu"
NAMES = {TERRAFORM: "Terraform", TOFU: "OpenTofu"}
REGISTRIES = {TERRAFORM: "registry.terraform.io", TOFU: "registry.opentofu.org"}
OLDEST = (1, 10)
"""The first whose S3 backend locks by itself, of either: opentofu.org/docs/v1.10/intro/whats-new/."""


def program(environment: Mapping[str, str] = os.environ) -> str:
    """What the variable says, a name or a path; else terraform; else tofu, where only that is on the PATH."""
    if said := environment.get(VARIABLE):
        return said
    path = environment.get("PATH")
    only_tofu = not shutil.which(TERRAFORM, path=path) and shutil.which(TOFU, path=path)
    return TOFU if only_tofu else TERRAFORM


def is_tofu(name: str) -> bool:
    """Whether a program, by its name or its path, is OpenTofu."""
    return Path(name).name.startswith(TOFU)


def called(name: str) -> str:
    """What people call it."""
    return NAMES[TOFU if is_tofu(name) else TERRAFORM]


def registry(name: str) -> str:
    """The host that it means by a provider's source that names none."""
    return REGISTRIES[TOFU if is_tofu(name) else TERRAFORM]
