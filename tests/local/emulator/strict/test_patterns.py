"""Every pattern of the services that Slipway calls is one that the emulator holds values against."""

import re

import pytest
from botocore.loaders import Loader

from local.emulator.strict.patterns import compiled
from local.emulator.strict.services import SERVICES


def patterns(service: str) -> dict[str, str]:
    """A service's patterns, each with one of the shapes that have it."""
    shapes = Loader().load_service_model(service, "service-2")["shapes"]
    return {shape["pattern"]: name for name, shape in shapes.items() if "pattern" in shape}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_no_pattern_of_a_service_is_skipped(service: str) -> None:
    for pattern, shape in patterns(service).items():
        try:
            compiled(pattern)
        except (re.error, KeyError) as problem:
            pytest.fail(f"{shape}: {pattern}: {problem!r}")


def test_python_alone_would_skip_many() -> None:
    """So the translation is needed; were it zero, it could go."""

    def is_read(pattern: str) -> bool:
        try:
            re.compile(pattern)
        except re.error:
            return False
        return True

    every = [pattern for service in SERVICES for pattern in patterns(service)]
    assert sum(not is_read(each) for each in every) > 20


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", ["Übermut 1", "team@example.com"], ["x*y", "", "a\n"]),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*", ["😀", "a\n"], ["\x01"]),
        (r"\p{Print}+", ["a ~"], ["é", ""]),
        (r"[^\p{L}]\p{ASCII}", ["1a"], ["éa", "1é"]),
        (r"[\w-_]*", ["a-_"], ["+", "é"]),
        (
            r"^arn:aws[a-z0-9-]*:iam::\d{12}:role\/[\w-\/.@+=,]{1,1017}$",
            ["arn:aws:iam::123456789012:role/a-b"],
            [],
        ),
        (r"\d+", ["1"], ["١"]),
    ],
)
def test_a_pattern_means_what_java_means(pattern: str, matching: list[str], others: list[str]) -> None:
    assert [each for each in matching if not compiled(pattern).fullmatch(each)] == []
    assert [other for other in others if compiled(pattern).fullmatch(other)] == []


def test_a_property_that_nobody_knows_is_said() -> None:
    with pytest.raises(KeyError, match="Klingon"):
        compiled(r"\p{Klingon}")
