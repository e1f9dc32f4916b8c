"""Reads YAML from any source: whatever is wrong with it becomes one error with a message."""

import yaml

PECULIAR = (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What PyYAML raises: apart from YAMLError and RecursionError, for invalid numbers, times and booleans."""


class NotYaml(ValueError):
    """The text is not valid YAML or contains a value that cannot be read; the message says where."""


def read(text: str) -> object:
    """The content of a YAML text, as plain data only. Raises NotYaml."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise NotYaml(str(error)) from error
    except PECULIAR as error:
        raise NotYaml(f"a value in it cannot be read ({type(error).__name__})") from error


def aliases(text: str) -> list[str]:
    """The names of the anchors that a text refers to. Raises NotYaml."""
    try:
        return [event.anchor for event in yaml.parse(text) if isinstance(event, yaml.AliasEvent)]
    except PECULIAR as error:
        raise NotYaml(str(error)) from error
