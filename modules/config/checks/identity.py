"""Checks on identities and tags."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from modules.config import arns, provider
from modules.config.problems import Finding
from modules.config.settings import PipelineSettings

OUR_TAGS = ("service", "environment", "managed-by", "name")
TRUST_ROOM = 1400
LONGEST_TAG_KEY, LONGEST_TAG_VALUE = 127, 255
"""EC2's own, one less than others': docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html."""


def _boundary(pipeline: PipelineSettings) -> Iterator[Finding]:
    arn = pipeline.permissions_boundary
    if arn and arns.place(arn).account not in (pipeline.account, "aws"):
        yield ("permissions_boundary",), f"must be a policy of the service's account, {pipeline.account}"


def _oidc_provider(pipeline: PipelineSettings) -> Iterator[Finding]:
    arn = pipeline.access and pipeline.access.oidc_provider_arn
    if arn and arns.place(arn).account != pipeline.account:
        yield ("access", "oidc_provider_arn"), f"must be of the service's account, {pipeline.account}"


def _subjects(pipeline: PipelineSettings) -> Iterator[Finding]:
    for key in ("github_subjects", "apply_subjects"):
        yield from _length(key, getattr(pipeline.access, key, None) or ())


def _applies_within_a_boundary(pipeline: PipelineSettings) -> Iterator[Finding]:
    if pipeline.access and pipeline.access.apply_subjects and not pipeline.permissions_boundary:
        yield (
            ("access", "apply_subjects"),
            "also needs permissions_boundary: a role that may create roles without one has every permission",
        )


def _provider(_pipeline: PipelineSettings) -> Iterator[Finding]:
    if not provider.is_exact():
        wanted = "one version of AWS provider 5 or later is expected, such as 5.100.0"
        yield (), f'modules/config/provider.py has VERSION = "{provider.VERSION}": {wanted}'


def _immutable_tags(pipeline: PipelineSettings) -> Iterator[Finding]:
    if pipeline.registry.immutable_tags and not provider.at_least(6):
        yield (
            ("registry", "immutable_tags"),
            f"needs AWS provider 6, but modules/config/provider.py has {provider.VERSION}: docs/moving.md",
        )


def _length(key: str, subjects: Sequence[str]) -> Iterator[Finding]:
    length = sum(len(subject) + 3 for subject in subjects)
    if length > TRUST_ROOM:
        yield (
            ("access", key),
            (
                f"must have at most {TRUST_ROOM} characters in total; it has {length}:"
                " IAM allows no longer trust policy; use * in place of what differs"
            ),
        )


def _tags(pipeline: PipelineSettings) -> Iterator[Finding]:
    for n, (key, value) in enumerate(pipeline.tags.items()):
        if message := _tag(key, value, list(pipeline.tags)[:n]):
            yield ("tags", key), message


def _tag(key: str, value: str, before: list[str]) -> str | None:
    if key.lower() in OUR_TAGS:
        return "is set for every resource already and cannot be replaced: choose another key"
    if key.lower() in map(str.lower, before):
        return "is set twice: IAM does not distinguish upper and lower case in tag keys"
    return _tag_that_aws_takes(key, value)


def _tag_that_aws_takes(key: str, value: str) -> str | None:
    if key.lower().startswith("aws:"):
        return 'must not begin with "aws:", which AWS reserves'
    if not 1 <= len(key) <= LONGEST_TAG_KEY or len(value) > LONGEST_TAG_VALUE:
        most = f"a key of 1 to {LONGEST_TAG_KEY} and a value of at most {LONGEST_TAG_VALUE} characters"
        return f"must have {most}"
    if key != key.strip() or value != value.strip():
        return "must have no space at either end of its key and value: AWS removes or refuses it"
    if not all(unicodedata.category(c)[0] in "LZN" or c in "_.:/=+-@" for c in key + value):
        return "may contain only letters, digits, spaces and _ . : / = + - @"
    return None


PIPELINE: tuple[Callable[[PipelineSettings], Iterator[Finding]], ...] = (
    _boundary,
    _oidc_provider,
    _subjects,
    _applies_within_a_boundary,
    _tags,
    _provider,
    _immutable_tags,
)
