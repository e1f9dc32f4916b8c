"""All content of Parameter Store reaches the container unchanged, or is rejected; none of it is executed.

The whole start_server.sh runs, each time with dozens of parameters.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.hostile import bounded, nothing_ran, one_line, surrogates, texts
from tests.scripts.host import Host

PATH = "/my-app/prod/"
BREAKS = ("\n", "\r", "\0")
OURS = ("PORT", "SLIPWAY_COMMIT", "SLIPWAY_DIGEST")
names = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,12}\Z").filter(lambda name: name not in OURS)
values = one_line.map(lambda text: "".join(each for each in text if each not in BREAKS))
bad_values = surrogates | texts.map(lambda text: f"{text}\n") | one_line.map(lambda text: f"\0{text}")


@contextmanager
def new_host(parameters: dict[str, str]) -> Iterator[Host]:
    """A host that nothing was deployed to, and what its Parameter Store holds."""
    with tempfile.TemporaryDirectory() as directory:
        host = Host(Path(directory) / "host")
        host.build("one")
        host.world["parameters"] = [
            {"Name": f"{PATH}{name}", "Value": value} for name, value in parameters.items()
        ]
        try:
            yield host
        finally:
            host.close()


@bounded(5)
@given(st.dictionaries(names, values, min_size=30, max_size=60))
def test_values_are_passed_unchanged(parameters: dict[str, str]) -> None:
    with new_host(parameters) as host:
        ended = host.start("one")
        assert ended.status == 0, ended.err
        lines = [f"{name}={parameters[name]}\n" for name in sorted(parameters)]
        assert host.container("my-app")["Environment"] == "".join(lines)
    nothing_ran()


@bounded(5)
@given(
    st.dictionaries(names, bad_values, min_size=1, max_size=20), st.dictionaries(names, values, max_size=20)
)
def test_invalid_values_are_rejected_with_the_name_of_the_variable(
    bad: dict[str, str], good: dict[str, str]
) -> None:
    with new_host(good | bad) as host:
        ended = host.start("one")
        assert ended.status == 1
        assert "ERROR: the configuration cannot be read; nothing was changed" in ended.err
        assert "Traceback" not in ended.err
        assert [name for name in bad if f"{PATH}{name}: its value" not in ended.err] == []
        assert ended.err.count(": its value") == len(bad)
        assert host.world["containers"] == {}
    nothing_ran()


@bounded(5)
@given(st.lists(texts, min_size=20, max_size=40, unique=True))
def test_invalid_names_of_variables_are_rejected(hostile: list[str]) -> None:
    wrong = [name for name in hostile if not name.lstrip("/").replace("_", "a").isalnum()]
    with new_host(dict.fromkeys(wrong, "x")) as host:
        ended = host.start("one")
        assert ended.status == 1
        # The agent that reads a hook's words takes so many: the first names are told, whatever they are.
        assert 0 < ended.err.count("is not a valid variable name") <= len(wrong)
        assert "Traceback" not in ended.err
        assert host.world["containers"] == {}
    nothing_ran()
