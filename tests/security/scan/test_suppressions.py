"""A suppression hides what it names and nothing else, and is missed when it hides nothing."""

from dataclasses import replace

import pytest

from tests.security.scan.suppressions import Finding, Suppression, suppressions, unsuppressed, unused

FINDING = Finding("checkov", "CKV_AWS_51", "my-app-foundation/images/repository", "tags are mutable")
KNOWN = Suppression("checkov", "CKV_AWS_51", "*/images/repository", "latest moves", said="tags*")


def test_a_finding_is_covered_by_its_check_at_its_path() -> None:
    assert unsuppressed([FINDING], [KNOWN]) == []
    assert unused([FINDING], [KNOWN]) == []


@pytest.mark.parametrize(
    "other",
    [
        {"tool": "parliament"},
        {"check": "CKV_AWS_5"},
        {"path": "my-app-foundation/cache/repository"},
        {"said": "no scan"},
    ],
    ids=str,
)
def test_any_other_finding_is_told_and_the_suppression_is_unused(other: dict[str, str]) -> None:
    finding = replace(FINDING, **other)
    assert unsuppressed([finding], [KNOWN]) == [str(finding)]
    assert unused([finding], [KNOWN]) == ["CKV_AWS_51 at */images/repository"]


@pytest.mark.parametrize("tool", ["parliament", "checkov"])
def test_every_suppression_in_the_file_gives_a_reason(tool: str) -> None:
    assert suppressions(tool)
    assert all(len(suppression.reason) > 30 for suppression in suppressions(tool))
