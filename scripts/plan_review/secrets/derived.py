"""Finds masked values that occur unmarked elsewhere, because providers copy them into other attributes.

Terraform's own ``terraform_data`` does that: a sensitive input is also its output, without a mark.
"""

import re
from collections.abc import Collection, Iterable, Iterator

SHORTEST_EQUAL = 4  # the least length of a secret for which equal values of the resource are masked
SHORTEST_WITHIN = 6  # the least length of a secret that is masked within longer texts
SHORTEST_ELSEWHERE = 10
MOST_PHRASES = 100  # each is searched in every text
SURE_ELSEWHERE = 20  # the length from which letters and digits alone are not taken for a name
APART = r"\s\"'\\:;,@?&=/(){}\[\]<>|"
WORD = re.compile(rf"[^{APART}]{{9,}}[^{APART}.!]")


def distinct(secret: str) -> bool:
    """Whether a value can only be this secret wherever it occurs; a region or a name cannot."""
    if len(secret) < SHORTEST_ELSEWHERE:
        return False
    kinds = [any(map(kind, secret)) for kind in (str.islower, str.isupper, str.isdigit, _is_symbol)]
    return sum(kinds) >= 3 or (len(secret) >= SURE_ELSEWHERE and secret.isalnum() and kinds[2])


class DistinctSecrets:
    """The distinct secrets of a whole plan: all that are one word, and some of the others."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._phrases: set[str] = set()

    def add(self, secret: str) -> None:
        """Adds a secret to search for, if it is distinct."""
        if secret in self._words or secret in self._phrases or not distinct(secret):
            return
        if WORD.fullmatch(secret) and secret.isprintable():
            self._words.add(secret)
        elif len(self._phrases) < MOST_PHRASES:
            self._phrases.add(secret)

    def may_be_in(self, written: str, own: Iterable[str]) -> bool:
        """Whether a value has to be searched, judged by its Python representation."""
        if not self._words.isdisjoint(WORD.findall(written) if self._words else ()):
            return True
        return any(secret in written or not _is_plain(secret) for secret in (*own, *self._phrases))

    def repeats(self, text: str) -> Iterator[tuple[int, int]]:
        """The positions of the secrets in a text."""
        yield from (match.span() for match in WORD.finditer(text) if match.group() in self._words)
        yield from within(text, self._phrases)


def repeats(text: str, own: Collection[str], elsewhere: DistinctSecrets) -> Iterator[tuple[int, int]]:
    """Where a text repeats a secret: one of its own resource, or a distinct one of the whole plan."""
    if len(text) >= SHORTEST_EQUAL and text in own:
        yield 0, len(text)
        return
    yield from within(text, (secret for secret in own if len(secret) >= SHORTEST_WITHIN))
    if len(text) >= SHORTEST_ELSEWHERE:
        yield from elsewhere.repeats(text)


def within(text: str, secrets: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The positions of any of the secrets in a text."""
    for secret in secrets:
        if secret in text:
            yield from (match.span() for match in re.finditer(re.escape(secret), text))


def _is_plain(secret: str) -> bool:
    """Whether a text is not changed by repr and by Terraform's jsonencode, which escapes <, > and &."""
    return secret.isprintable() and not any(mark in secret for mark in "'\"\\<>&")


def _is_symbol(character: str) -> bool:
    return not character.isalnum() and character not in "-_./: "
