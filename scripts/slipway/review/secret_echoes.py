"""Finds hidden values that stand somewhere else unmarked: providers compute them into other attributes.

Terraform's own ``terraform_data`` does so: a sensitive input is its output, too, without any mark.
"""

import re
from collections.abc import Iterable, Iterator, Set

SHORTEST_EQUAL = 4  # characters of a value that hides an equal one in the same resource
SHORTEST_WITHIN = 6  # and of one that hides a part of a longer text there
SHORTEST_ELSEWHERE = 10
SURE_ELSEWHERE = 20  # characters after which letters and digits alone are no name any more
WORD = re.compile(r"[^\s\"'\\:;,@?&=/(){}\[\]<>|]{10,}")


def distinct(secret: str) -> bool:
    """Whether a value can only be this secret, wherever in the plan it stands; a region or a name cannot."""
    if len(secret) < SHORTEST_ELSEWHERE:
        return False
    kinds = [any(map(kind, secret)) for kind in (str.islower, str.isupper, str.isdigit, _is_symbol)]
    return sum(kinds) >= 3 or (len(secret) >= SURE_ELSEWHERE and secret.isalnum() and kinds[2])


def places(text: str, own: Iterable[str], elsewhere: Set[str]) -> Iterator[tuple[int, int]]:
    """Where a text repeats a secret: one of its own resource, or a distinct one of the whole plan."""
    if text in elsewhere or (len(text) >= SHORTEST_EQUAL and text in own):
        yield 0, len(text)
        return
    for secret in own:
        if len(secret) >= SHORTEST_WITHIN and secret in text:
            yield from (match.span() for match in re.finditer(re.escape(secret), text))
    if elsewhere:
        yield from (match.span() for match in WORD.finditer(text) if match.group() in elsewhere)


def _is_symbol(character: str) -> bool:
    return not character.isalnum() and character not in "-_./: "
