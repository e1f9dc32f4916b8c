"""Reads YAML that somebody else wrote: whatever it holds, it is content or one error in words."""

import yaml

PECULIAR = (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What PyYAML raises: most of these where a text claims to be a number, a time or a truth, and is none."""


class NotYaml(ValueError):
    """The text is not valid YAML, or none that can be read; says where."""


def read(text: str) -> object:
    """What a text says, with plain data only: nothing in it is ever run."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise NotYaml(str(error)) from error
    except PECULIAR as error:
        raise NotYaml(f"a value in it cannot be read ({type(error).__name__})") from error


def aliases(text: str) -> list[str]:
    """The names of the anchors that a text refers to."""
    try:
        return [event.anchor for event in yaml.parse(text) if isinstance(event, yaml.AliasEvent)]
    except PECULIAR as error:
        raise NotYaml(str(error)) from error
