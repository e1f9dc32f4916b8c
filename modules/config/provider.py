"""The source and version of the AWS provider that Terraform uses for every stack.

The version may differ from the one that an engine's bindings were made from. docs/moving.md says what changes
with another major version.
"""

import re

SOURCE = "hashicorp/aws"
VERSION = "5.100.0"
EXACT = re.compile(r"([5-9]|[1-9][0-9])\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?")
"""One version: a range would let Terraform choose, and the plan role's permissions depend on it."""


def is_exact() -> bool:
    """Whether VERSION is one version that the stacks can use, of provider 5 or later."""
    return EXACT.fullmatch(VERSION) is not None


def at_least(major: int) -> bool:
    """Whether the provider's major version is ``major`` or later."""
    return is_exact() and int(VERSION.partition(".")[0]) >= major
