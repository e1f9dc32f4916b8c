"""The service is tested with what it is shipped with: its own locks agree with the repository's."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def locked(lock: str) -> dict[str, str]:
    """Each package of a lock, with its version."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / lock).read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("lock", ["app/requirements.txt", "app/requirements-test.txt"])
def test_a_lock_of_the_service_has_the_versions_of_the_repositorys(lock: str) -> None:
    assert locked(lock)
    assert locked(lock).items() <= locked("requirements.txt").items()


def test_the_services_tests_stand_on_everything_that_it_runs_on() -> None:
    assert locked("app/requirements.txt").items() <= locked("app/requirements-test.txt").items()
