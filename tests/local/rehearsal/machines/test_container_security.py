"""What a container is allowed and able to do, as Docker and the kernel say it."""

from typing import Any

import pytest

from local.rehearsal.machines.container_security import able, allowed
from tests.patches import patched

STATUS = """\
Name:\tpython3
Uid:\t10001\t10001\t10001\t10001
CapEff:\t0000000000000000
CapBnd:\t0000000000000000
NoNewPrivs:\t1
"""


def container(user: str = "10001:10001", **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """One that is confined, but for what is said."""
    confined = {
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "CapAdd": None,
        "SecurityOpt": ["no-new-privileges"],
        "Privileged": False,
        "Memory": 1024,
        "PidsLimit": 1024,
    }
    return {"Config": {"User": user}, "HostConfig": confined | settings}


def test_a_confined_container_has_no_liberties() -> None:
    assert allowed(container()) == []


@pytest.mark.parametrize("user", ["", "0", "0:0", "root", "root:app"])
def test_root_is_found_out_by_whatever_name(user: str) -> None:
    assert allowed(container(user)) == ["it runs as root"]


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("ReadonlyRootfs", False, "its root file system is writable"),
        ("CapDrop", None, "it keeps capabilities"),
        ("CapAdd", ["NET_ADMIN"], "it keeps capabilities"),
        ("SecurityOpt", None, "it can gain privileges"),
        ("Privileged", True, "it is privileged"),
        ("Memory", 0, "its memory has no limit"),
        ("PidsLimit", -1, "its number of processes has no limit"),
    ],
)
def test_each_liberty_is_found_out(setting: str, value: Any, words: str) -> None:  # noqa: ANN401 - JSON
    assert allowed(container(**{setting: value})) == [words]


def test_a_process_without_rights_is_able_to_nothing() -> None:
    assert able(STATUS) == []


@pytest.mark.parametrize(
    ("said", "instead", "words"),
    [
        ("10001\t10001\nCap", "0\t10001\nCap", "its first process runs as root"),
        ("CapEff:\t0000000000000000", "CapEff:\t00000000a80425fb", "its first process has capabilities"),
        (
            "CapBnd:\t0000000000000000",
            "CapBnd:\t0000000000000400",
            "its first process could gain capabilities",
        ),
        ("NoNewPrivs:\t1", "NoNewPrivs:\t0", "its first process can gain privileges"),
    ],
)
def test_each_ability_is_found_out(said: str, instead: str, words: str) -> None:
    assert able(patched(STATUS, said, instead)) == [words]
