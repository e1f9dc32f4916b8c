"""A host reads every setting unchanged, and executes none of them."""

import tempfile
from dataclasses import fields
from pathlib import Path

from constructs_lib.user_data import HostFacts, _file, host_env

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.batch import lay, run
from tests.fuzz.hostile import bounded, nothing_ran, texts

NAMES = ("SERVICE", "ENVIRONMENT", "REGION", "PARAMETER_PATH", "APP_LOG_GROUP", "CONTAINER")
OTHERS = ("port", "architecture", "aws_access", "endpoints")
WORDS = [field.name for field in fields(HostFacts) if field.name not in OTHERS]

several = st.lists(texts.map(lambda text: text or "x"), min_size=40, max_size=40)
STEPS = """
write() { cat >"${2}"; }
source first.sh
SLIPWAY_HOST_ENV="${PWD}/host.env"
source scripts/lib.sh
read_host_facts
"""


def facts_of(several: list[str], first: int) -> HostFacts:
    """Facts of these words, beginning at one of them."""
    words = {name: several[(first + number) % len(several)] for number, name in enumerate(WORDS)}
    return HostFacts(**words, port=8080, architecture="arm64", aws_access=False, endpoints=True)


@bounded(4)
@given(several)
def test_a_host_reads_its_settings_and_executes_none_of_them(several: list[str]) -> None:
    good = [each for each in several if each.isprintable()]
    told = [facts_of(good, first) for first in range(len(good))]
    with tempfile.TemporaryDirectory() as directory:
        files = [{"first.sh": _file("host.env", host_env(each)).encode()} for each in told]
        cases = lay(Path(directory), files)
        for facts, ended in zip(told, run(cases, STEPS, NAMES), strict=True):
            assert (ended.status, ended.said) == (0, "")
            assert ended.values == (
                *(facts.service, facts.environment, facts.region),
                *(facts.parameter_path, facts.app_log_group, facts.service),
            )
    nothing_ran()


@bounded(20)
@given(several)
def test_only_printable_lines_are_written_to_the_file(several: list[str]) -> None:
    for each in several:
        if not each.isprintable():
            with pytest.raises(ValueError, match="must be one printable line"):
                host_env(facts_of([each], 0))
