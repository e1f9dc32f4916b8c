"""The source and version of the AWS provider that Terraform uses for every stack.

The version may differ from the one that an engine's bindings were made from. docs/moving.md says what changes
with another major version.
"""

SOURCE = "hashicorp/aws"
VERSION = "5.100.0"


def at_least(major: int) -> bool:
    """Whether the provider's major version is ``major`` or later."""
    return int(VERSION.partition(".")[0]) >= major
