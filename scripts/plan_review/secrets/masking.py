"""Masks secrets when a plan is read: marked as sensitive, under a telling name, or recognised by their form.

The output of a ``Masker`` contains no secrets, so later code need not handle them.
"""

import json
import re
from types import NoneType
from typing import Any, TypeGuard

from plan_review import json_input
from plan_review.json_input import DEEPEST, InvalidInput, Json
from plan_review.plan import NAMES, UNKNOWN, Masked, Value
from plan_review.secrets import derived, encodings, texts
from plan_review.secrets.names import OF_TEXTS, describes_secret, kind_of_secret

SENSITIVE = "sensitive"
MOST_WRAPPINGS = 4  # nested levels of base64
HIDDEN = re.compile(r"\(hidden: (?P<label>.*?)(?: #\d+)?\)")
HELD = frozenset({"data", "stringData", "binaryData"})
"""The keys of a Kubernetes Secret with secret content."""
# {"name": "DB_PASSWORD", "value": "…"}: the form of variables of containers and builds, and of tags.
VALUES = frozenset({"value", "Value", "default", "parameter_value", "ParameterValue", "header_value"})
SMALLEST_NUMBER = 1000  # a number under a telling name is a PIN; a smaller one is a duration
NO_TEXT = frozenset({NoneType, bool, int, float})
NO_NAMES: frozenset[str] = frozenset()
STORES = ("PARAMETER_STORE", "SECRETS_MANAGER")  # there, the value only names where the secret is stored

Marks = Json  # of the same shape as the value: true where it is sensitive or unknown


class PlanTexts:
    """What all resources of a plan share: texts known to be harmless, and secrets.

    texts, names: without secrets; quiet: names that also do not indicate one. secrets: masked ones that are
    distinct.
    """

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.names: set[str] = set()
        self.quiet: set[str] = set()
        self.secrets = derived.DistinctSecrets()


class Masker:
    """Masks the secrets of one resource. Equal secrets get equal numbers, within the resource only."""

    def __init__(self, plan: PlanTexts) -> None:
        self._plan = plan
        self._numbers: dict[str, int] = {}
        self._own: set[str] = set()
        self._wrapped = False

    def value(self, raw: Json, *, unknown: Marks = None, sensitive: Marks = None, name: str = "") -> Value:
        """The value with its secrets masked, and UNKNOWN where it is known only after apply."""
        return self._value(raw, unknown, sensitive, kind_of_secret(name), 0)

    def again(self, value: Value) -> Value:
        """The value without what turned out to be a secret elsewhere; call it after everything is masked."""
        if value is None:
            return value
        looked = self._wrapped or self._plan.secrets.may_be_in(repr(value), self._own)
        return self._again(value) if looked else value

    def _again(self, value: Value) -> Value:
        if isinstance(value, dict):
            return {key: self._again(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self._again(member) for member in value]
        return self._without_echoes(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """An address, a name or a key with secrets in it masked."""
        if text in self._plan.names:
            return text
        whole = json_input.whole_characters(text)
        shown = self._without(whole, texts.known(whole))
        if shown == text:
            self._plan.names.add(text)
        return shown

    def _value(self, raw: Json, unknown: Marks, sensitive: Marks, told: str, depth: int) -> Value:
        if unknown is True:
            return UNKNOWN
        if raw is None or (not (sensitive or told) and self._is_harmless(raw)):
            return raw
        if sensitive and (sensitive is True or type(sensitive) is not type(raw)):
            return self._masked(raw, SENSITIVE)
        if isinstance(raw, str):
            return self._text(raw, told, depth)
        if isinstance(raw, dict | list):
            return self._container(raw, unknown, sensitive, told, depth)
        return self._masked(raw, told) if told and raw >= SMALLEST_NUMBER else raw

    def _is_harmless(self, raw: Json) -> "TypeGuard[bool | int | float | str | None]":
        """A quick test whether a value without a telling name needs no search; most do not."""
        return (isinstance(raw, str) and raw in self._plan.texts) or raw.__class__ in NO_TEXT

    def _is_quiet(self, raw: dict[str, Json]) -> TypeGuard[dict[str, Value]]:
        """Whether an object without a telling name needs no search because it was seen before."""
        return (
            raw.keys() <= self._plan.quiet
            and (VALUES.isdisjoint(raw) or not _told_by_sibling(raw))
            and all(map(self._is_harmless, raw.values()))
        )

    def _container(
        self, raw: dict[str, Json] | list[Json], unknown: Marks, sensitive: Marks, told: str, depth: int
    ) -> Value:
        if depth > DEEPEST:
            raise InvalidInput(f"it contains a value that is nested more than {DEEPEST} levels deep")
        if isinstance(raw, dict):
            return self._object(raw, unknown, sensitive, told, depth)
        return self._list(raw, unknown, sensitive, told, depth)

    def _object(self, raw: dict[str, Json], unknown: Marks, sensitive: Marks, told: str, depth: int) -> Value:
        if not (unknown or sensitive or told) and self._is_quiet(raw):
            return raw
        unknowns = unknown if isinstance(unknown, dict) else {}
        secret = _marks_of_kubernetes(raw) | (sensitive if isinstance(sensitive, dict) else {})
        told_of_value = "" if VALUES.isdisjoint(raw) else _told_by_sibling(raw)
        marked = {*unknowns, *secret}
        quiet = NO_NAMES if told or told_of_value else self._plan.quiet
        found: dict[str, Value] = {}
        for key in raw if raw.keys() >= unknowns.keys() else sorted({*raw, *unknowns}):
            if key in quiet and key in raw and key not in marked and key not in found:
                found[key] = self._value(raw[key], None, None, "", depth + 1)
                continue
            if key in raw:
                known = raw[key]
            elif any_marked(unknowns[key]):
                known = _empty(unknowns[key])
            else:
                continue
            told_here = (told_of_value if key in VALUES else "") or kind_of_secret(key)
            if told and not told_here:
                told_here = "" if describes_secret(key) else told
            if told_here in OF_TEXTS and not isinstance(known, str):
                told_here = ""
            mark, hole = secret.get(key), unknowns.get(key)
            shown = key if key in self._plan.names and key not in found else self._key(key, found)
            if shown == key and not kind_of_secret(key):
                self._plan.quiet.add(key)
            if not (told_here or mark or hole) and self._is_harmless(known):
                found[shown] = known
            else:
                found[shown] = self._value(known, hole, mark, told_here, depth + 1)
        return found

    def _list(self, raw: list[Json], unknown: Marks, sensitive: Marks, told: str, depth: int) -> Value:
        """Masks a list; unknown elements that were left out of a set are put back in their places."""
        unknowns = unknown if isinstance(unknown, list) else []
        marks = sensitive if isinstance(sensitive, list) else []
        if len(raw) < len(unknowns):
            raw = _filled(raw, unknowns)
        if marks and len(marks) != len(raw) and any_marked(marks):
            return self._masked(raw, SENSITIVE)  # it is not known which of them are secret: mask all
        return [
            self._value(
                element,
                unknowns[place] if place < len(unknowns) else None,
                marks[place] if place < len(marks) else None,
                told or (_told_by_option(raw[place - 1]) if place and isinstance(element, str) else ""),
                depth + 1,
            )
            for place, element in enumerate(raw)
        ]

    def _text(self, text: str, told: str, depth: int) -> Value:
        text = json_input.whole_characters(text)
        if told:
            return text if texts.no_secret(text, told) else self._masked(text, told)
        if text in self._plan.texts:
            return text
        inner = json_input.json_in(text)
        if inner is not None:
            return self._json(text, inner, depth)
        wrapped = encodings.unpacked(text)
        if wrapped and (label := self._label_within(wrapped, depth)):
            return self._masked(text, f"{label}, in base64")
        shown = self._without(text, texts.spans(text))
        if wrapped:
            self._wrapped = True  # it is shown decoded, so secrets of other places are searched in it too
        elif shown == text:
            self._plan.texts.add(text)
        return shown

    def _label_within(self, wrapped: str, depth: int) -> str:
        """The kind of secret in a decoded text; "" if there is none."""
        if found := texts.spans(wrapped):
            return found[0][2]
        if depth > DEEPEST:
            return "too many wrappings"
        shown = self._text(wrapped, "", depth + DEEPEST // MOST_WRAPPINGS)
        if shown == wrapped:
            return ""
        label = HIDDEN.search(str(shown))
        return label["label"] if label else SENSITIVE

    def _json(self, text: str, inner: Json, depth: int) -> Value:
        """Masks the secrets in JSON that is a text; the result stays a text, so that policies can be read."""
        shown = self._value(inner, None, None, "", depth + 1)
        if shown == inner:
            self._plan.texts.add(text)
            return text
        return json.dumps(shown, default=self._written, ensure_ascii=False)

    def _without(self, text: str, spans: list[texts.Span]) -> str:
        if not spans:
            return text
        return texts.replaced(text, spans, lambda secret, label: self._written(self._masked(secret, label)))

    def _key(self, key: str, taken: dict[str, Value]) -> str:
        """A key without secrets; a duplicate gets a mark, so that no entry is lost."""
        shown = self.text(key)
        while shown in taken:
            shown += "'"
        return shown

    def _without_echoes(self, text: str) -> Value:
        spans = list(derived.repeats(text, self._own, self._plan.secrets))
        if spans == [(0, len(text))]:
            return self._masked(text, SENSITIVE)
        if not spans and (label := self._echoes_within(text)):
            return self._masked(text, label)
        return self._without(text, texts.apart([(*span, SENSITIVE) for span in spans]))

    def _echoes_within(self, text: str) -> str:
        """Where an encoded text contains a secret of another place: in base64, or in escaped JSON."""
        wrapped = encodings.unpacked(text)
        if wrapped and self._without_echoes(wrapped) != wrapped:
            return f"{SENSITIVE}, in base64"
        inner: Any = json_input.json_in(text) if "\\" in text else None  # JSON is also a plan's value
        return SENSITIVE if inner is not None and self._again(inner) != inner else ""

    def _masked(self, secret: Json, label: str) -> Masked:
        self._remember(secret)
        canonical = secret if isinstance(secret, str) else f"\0{json.dumps(secret, sort_keys=True)}"
        return Masked(label, self._numbers.setdefault(canonical, len(self._numbers) + 1))

    def _remember(self, secret: Json) -> None:
        """Records a secret and all strings in it, so that none is shown elsewhere."""
        if isinstance(secret, str):
            self._own.add(secret)
            self._plan.secrets.add(secret)
        elif isinstance(secret, dict | list):
            for member in secret.values() if isinstance(secret, dict) else secret:
                self._remember(member)

    @staticmethod
    def _written(masked: object) -> str:
        """A secret within a text: with its number, so that a change of it is visible."""
        assert isinstance(masked, Masked)  # the only other value of a plan that is not JSON
        return f"(hidden: {masked.label} #{masked.number})"


def _marks_of_kubernetes(raw: dict[str, Json]) -> dict[str, Marks]:
    """Marks for the content of a Kubernetes Secret's manifest; none for other objects."""
    if raw.get("kind") != "Secret":
        return {}
    held = {key: raw[key] for key in HELD if key in raw}
    return {
        key: dict.fromkeys(content, True) if isinstance(content, dict) else True
        for key, content in held.items()
    }


def _told_by_sibling(raw: dict[str, Json]) -> str:
    """The kind of secret that the name beside a value indicates."""
    if raw.get("type") in STORES or raw.get("Type") in STORES:
        return ""
    for key, name in raw.items():
        if key in NAMES and isinstance(name, str) and (kind := kind_of_secret(name)):
            return kind
    return ""


def _told_by_option(before: Json) -> str:
    """The kind of secret that an option indicates for the next argument, as in ["--password", "…"]."""
    return kind_of_secret(before) if isinstance(before, str) and before.startswith("-") else ""


def any_marked(marks: Marks) -> bool:
    """Whether anything is marked, at any depth."""
    if isinstance(marks, dict):
        return any(map(any_marked, marks.values()))
    return any(map(any_marked, marks)) if isinstance(marks, list) else bool(marks)


def _empty(marks: Marks) -> Json:
    """An empty container for one of which nothing is known yet."""
    return {} if isinstance(marks, dict) else [] if isinstance(marks, list) else None


def _filled(known: list[Json], unknowns: list[Json]) -> list[Json]:
    """The elements in their future places; if these are unknown, the unknown elements come last."""
    missing = len(unknowns) - len(known)
    if sum(mark is True for mark in unknowns) != missing:
        return [*known, *([None] * missing)]
    rest = iter(known)
    return [None if mark is True else next(rest) for mark in unknowns]
