"""The AWS provider that Terraform takes for every stack: its source and its version, said here alone.

Either engine's stacks can be planned with it, whatever provider the bindings of that engine were made from.
What changes with a provider of another major version: docs/moving.md.
"""

SOURCE = "hashicorp/aws"
VERSION = "5.100.0"


def at_least(major: int) -> bool:
    """Whether the provider is of this major version, or a later one."""
    return int(VERSION.partition(".")[0]) >= major
