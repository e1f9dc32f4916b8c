"""Which objects beside each other in the artifact bucket are revisions."""

import pytest

from slipway.releases.kept import commit_in


def test_a_revision_is_named_by_its_commit() -> None:
    assert commit_in("revisions/4f55ab0.zip", "revisions/") == "4f55ab0"


@pytest.mark.parametrize(
    "key", ["revisions/4f55ab0.sbom.json", "revisions/old/4f55ab0.zip", "other/4f55ab0.zip", "revisions/"]
)
def test_what_lies_beside_revisions_is_none(key: str) -> None:
    assert commit_in(key, "revisions/") == ""
