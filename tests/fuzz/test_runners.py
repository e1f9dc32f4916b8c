"""Buildspecs and appspecs, damaged or hostile: played, or refused in words; nothing outside is touched."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local.rehearsal.codebuild import buildspec
from local.rehearsal.codebuild.artifacts import collect
from local.rehearsal.codebuild.environment import as_script
from local.rehearsal.codedeploy_agent import appspec
from local.rehearsal.codedeploy_agent.appspec import AppSpecError, Script
from local.rehearsal.codedeploy_agent.script import ScriptFailed, ScriptSettings, run_script
from local.rehearsal.codedeploy_agent.script_log import ScriptLog
from slipway.console.errors import SlipwayError, UsageError
from tests.fuzz.hostile import CANARY, CODE, MARKUP, bounded, damaged, nothing_ran, texts

ROOT = Path(__file__).parents[2]
BUILDSPEC, APPSPEC = ((ROOT / name).read_text() for name in ("buildspec.yml", "appspec.yml"))
rough = st.lists(st.sampled_from(MARKUP) | texts, max_size=6).map("".join)
parts = st.sampled_from(
    [
        "..",
        ".",
        "*",
        "**",
        "/",
        "a",
        "b.sh",
        "sub",
        "link",
        "out",
        "secret",
        "outside.sh",
        "\0",
        "[",
        "",
        "**b",
    ]
)
ways = st.lists(parts, min_size=1, max_size=5).map("/".join) | texts


def in_words(error: SlipwayError) -> None:
    """It says why, and what to do."""
    assert error.why
    assert error.then


@bounded(150)
@given(damaged(BUILDSPEC) | rough)
@example(f"version: 0.2\nphases: {CODE}\n")
def test_any_buildspec_is_accepted_or_rejected_with_a_message(text: str) -> None:
    try:
        buildspec.parse(text)
    except UsageError as error:
        in_words(error)
    nothing_ran()


@bounded(150)
@given(damaged(APPSPEC) | rough.map(lambda text: f"version: 0.0\nos: linux\nhooks: {text}"))
@example("version: 0.0\nos: linux\nhooks: {ApplicationStart: [{location: a.sh, timeout: ²}]}")
@example("version: 0.0\nos: !!timestamp x\n")
@example(f"version: 0.0\nos: {CODE}\n")
def test_any_appspec_is_accepted_or_rejected_with_a_message(text: str) -> None:
    try:
        appspec.parse(text)
    except AppSpecError as error:
        in_words(error)
    nothing_ran()


@contextmanager
def tree() -> Iterator[Path]:
    """A source with files, a link that leads out of it, and beside it what is none of its business."""
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory) / "source"
        (source / "sub").mkdir(parents=True)
        for place in (source / "a", source / "sub" / "b.sh"):
            place.write_text("#!/bin/sh\nexit 0\n")
        (outside := Path(directory) / "outside.sh").write_text(f"#!/bin/sh\ntouch {CANARY}\n")
        (Path(directory) / "out").mkdir()
        (Path(directory) / "out" / "secret").write_text("secret")
        outside.chmod(0o644)
        (source / "link").symlink_to(Path(directory) / "out")
        yield source


@bounded(150)
@given(ways, ways)
@example("../out", "secret")
@example("link", "secret")
@example("/", "etc/passwd")
@example(".", "/etc/passwd")
@example(".", "../out/secret")
@example("link/..", "*")
@example(".", "sub/../a")
@example("./", "./")
def test_an_artifact_contains_only_files_of_the_source(base: str, pattern: str) -> None:
    with tree() as source:
        try:
            found = collect(buildspec.Artifacts(files=(pattern,), base=base), source)
        except SlipwayError as error:
            in_words(error)
            return
        for name, path in found.items():
            assert path.resolve().is_relative_to(source.resolve())
            assert not Path(name).is_absolute()
            assert ".." not in Path(name).parts


@bounded(60)
@given(ways.filter(str.strip))
@example("../outside.sh")
@example("/../outside.sh")
@example("sub/../../outside.sh")
def test_a_hook_runs_only_scripts_of_the_revision(location: str) -> None:
    with tree() as source:
        log = ScriptLog(source.parent / "logs" / "scripts.log", lambda _: None)
        machine = ScriptSettings({"PATH": os.environ["PATH"]})
        with suppress(ScriptFailed):  # said as the agent says it; anything else would come out of here
            asyncio.run(run_script(Script(location.strip(), 20), source, machine, {}, log))
        assert (source.parent / "outside.sh").stat().st_mode & 0o111 == 0
    nothing_ran()


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_variables_of_a_build_are_read_unchanged_and_never_executed(shell: str) -> None:
    @bounded(8)
    @given(st.lists(st.tuples(st.from_regex(r"\A[A-Z]{3,8}\Z") | texts, texts), min_size=40, max_size=60))
    def tried(pairs: list[tuple[str, str]]) -> None:
        variables = {f"X_{name}": value.replace("\0", "") for name, value in pairs}
        with tempfile.TemporaryDirectory() as directory:
            script = Path(directory) / "variables.sh"
            script.write_text(as_script(variables), newline="")
            command = [shell, "-c", '. "$0"; exec env -0', str(script)]
            done = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, check=True)
        assert done.stderr == b""
        said = dict(word.split("=", 1) for word in done.stdout.decode().split("\0") if word)
        known = {name: value for name, value in variables.items() if buildspec.VARIABLE.fullmatch(name)}
        assert {name: value for name, value in said.items() if name.startswith("X_")} == known
        nothing_ran()

    tried()


@pytest.mark.parametrize("where", ["variables: {'A;id': x}", "exported-variables: ['A}$(id)']"])
def test_what_is_no_name_of_a_variable_is_refused(where: str) -> None:
    with pytest.raises(UsageError, match="is not a valid variable name"):
        buildspec.parse(f"version: 0.2\nenv: {{{where}}}\nphases: {{}}\n")
