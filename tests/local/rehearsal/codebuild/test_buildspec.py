"""Reading a buildspec as CodeBuild does."""

import pytest

from local.rehearsal.codebuild.buildspec import Artifacts, Phase, parse
from slipway.console.errors import UsageError
from tests.build.world import ROOT

WHOLE = """
version: 0.2
env:
  shell: bash
  variables: {PLACE: here, NUMBER: 3}
  exported-variables: [DIGEST]
phases:
  install:
    runtime-versions: {python: 3.13}
    commands: [one, two]
    finally: [three]
  build:
    on-failure: ABORT
    commands:
      - |
        four
        five
artifacts:
  base-directory: out
  files: ["**/*"]
  exclude-paths: ["*.log"]
  discard-paths: yes
cache:
  paths: [/var/cache]
"""


def problems(text: str) -> str:
    with pytest.raises(UsageError) as refused:
        parse(text)
    return str(refused.value)


def with_phase(text: str) -> str:
    return f"version: 0.2\nphases:\n  build:\n    {text}\n"


def test_everything_that_it_says_is_read() -> None:
    spec = parse(WHOLE)
    assert spec.shell == "bash"
    assert spec.variables == {"PLACE": "here", "NUMBER": "3"}
    assert spec.exported == ("DIGEST",)
    assert spec.phases == {
        "install": Phase(commands=("one", "two"), last=("three",)),
        "build": Phase(commands=("four\nfive\n",), on_failure="ABORT"),
    }
    assert spec.artifacts == Artifacts(files=("**/*",), excluded=("*.log",), base="out", flat=True)


def test_our_own_can_be_played_whole() -> None:
    spec = parse((ROOT / "buildspec.yml").read_text())
    assert list(spec.phases) == ["install", "pre_build", "build", "post_build"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("version: 0.1\nphases: {}", "version: must be 0.2, received 0.1"),
        ("version: 0.2", "phases: is missing"),
        ("- version", "the file: must be a mapping, received a list"),
        ("version: 0.2\nphases: {}\nphase: {}", "phase: unknown key; allowed here: version, env,"),
        (
            "version: 0.2\nphases: {test: {commands: [a]}}",
            "phases.test: unknown key; allowed here:",
        ),
        (with_phase("command: [make]"), "phases.build.command: unknown key; allowed here: commands,"),
        (with_phase("commands: make"), "phases.build.commands: must be a list, received 'make'"),
        (
            with_phase("commands: [{echo a: b}]"),
            "commands[0]: must be text, received a mapping",
        ),
        (with_phase("on-failure: STOP"), "phases.build.on-failure: must be ABORT or CONTINUE"),
        (with_phase("on-failure: RETRY-2"), "phases.build.on-failure: supported by CodeBuild, but not"),
        (with_phase("run-as: nobody"), "phases.build.run-as: supported by CodeBuild, but not"),
        (
            "version: 0.2\nphases: {}\nenv: {secrets-manager: {A: b}}",
            "env.secrets-manager: supported by CodeBuild, but not",
        ),
        (
            "version: 0.2\nphases: {}\nenv: {variables: {CODEBUILD_X: y}}",
            "env.variables.CODEBUILD_X: CODEBUILD_… is reserved",
        ),
        (
            "version: 0.2\nphases: {}\nenv: {shell: zsh}",
            "env.shell: must be sh or bash in a rehearsal",
        ),
        ("version: 0.2\nphases: {}\nartifacts: {}", "artifacts.files: is missing"),
    ],
)
def test_what_cannot_be_played_is_named_by_its_place(text: str, complaint: str) -> None:
    assert complaint in problems(text)


def test_all_that_is_wrong_is_said_at_once() -> None:
    told = problems("version: 1\nphases: {test: {}}\nartifacts: {file: a}")
    for place in ("version:", "phases.test:", "artifacts.file:", "artifacts.files:"):
        assert place in told


def test_broken_yaml_is_shown_with_its_line() -> None:
    told = problems("version: 0.2\nphases: [")
    assert "buildspec.yml is not YAML" in told
    assert "line 2" in told
