"""What CodeDeploy's agent reads in an appspec.yml, and what it refuses."""

from pathlib import Path

import pytest

from local.rehearsal.codedeploy_agent.appspec import HOOK_EVENTS, AppSpecError, Script, parse

ROOT = Path(__file__).parents[4]
HEAD = "version: 0.0\nos: linux\n"


def test_the_scripts_of_an_event_keep_their_order() -> None:
    appspec = parse(HEAD + "hooks: {ApplicationStart: [{location: b.sh}, {location: a.sh}]}")

    assert [script.location for script in appspec.hooks["ApplicationStart"]] == ["b.sh", "a.sh"]


def test_a_script_has_an_hour_unless_said() -> None:
    appspec = parse(HEAD + "hooks: {ApplicationStart: [{location: a.sh}, {location: b.sh, timeout: 30}]}")

    assert [script.timeout for script in appspec.hooks["ApplicationStart"]] == [3600, 30]


def test_a_script_may_run_as_somebody_else() -> None:
    appspec = parse(HEAD + "hooks: {ApplicationStart: [{location: ' a.sh ', runas: root, sudo: true}]}")

    assert appspec.hooks["ApplicationStart"] == (Script("a.sh", 3600, "root", True),)


def test_an_event_without_scripts_is_none() -> None:
    assert parse(f"{HEAD}hooks:\n  ApplicationStart:\n").hooks == {}


@pytest.mark.parametrize("version", ["0.0", "0", "0.00"])
def test_version_is_the_number_0(version: str) -> None:
    assert parse(f"version: {version}\nos: linux\n").hooks == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("- a", "it is empty"),
        ("version: [", "it is not valid YAML"),
        (f"{HEAD}hooks: {{AfterInstall: &a [{{location: a.sh}}], ApplicationStart: *a}}", "alias, *a;"),
        ("os: linux", 'version must be 0.0, a number without quotes, received "None"'),
        ("version: '0.0'\nos: linux", 'received "0.0"'),
        ("version: 1.0\nos: linux", 'received "1.0"'),
        ("version: false\nos: linux", 'received "False"'),
        ("version: 0.0", 'os must be linux, received "None"'),
        ("version: 0.0\nos: windows", 'received "windows"'),
        (f"{HEAD}file_exists_behavior: KEEP", "DISALLOW, OVERWRITE, RETAIN"),
        (f"{HEAD}hooks: [a]", "hooks must map events to scripts"),
        (f"{HEAD}hooks: {{ApplicationStart: a.sh}}", "an event must have a list of scripts"),
        (f"{HEAD}hooks: {{ApplicationStart: [{{timeout: 3}}]}}", "a script has no location"),
        (f"{HEAD}hooks: {{ApplicationStart: [{{location: ' '}}]}}", "a script has no location"),
        (f"{HEAD}hooks: {{ApplicationStart: [{{location: a, timeout: 0}}]}}", "a timeout must be a number"),
        (f"{HEAD}hooks: {{ApplicationStart: [{{location: a, timeout: -1}}]}}", "a timeout must be a number"),
        (f"{HEAD}hooks: {{ApplicationStart: [{{location: a, timeout: soon}}]}}", "received 'soon'"),
        (f"{HEAD}files: /etc", "files must be a list"),
        (f"{HEAD}files: [{{source: a}}]", "a file must have source and destination"),
    ],
)
def test_what_codedeploy_refuses_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(AppSpecError) as refused:
        parse(text)

    assert why in str(refused.value)


def test_a_misspelt_event_is_read_and_told_on_request() -> None:
    appspec = parse(HEAD + "hooks: {ApplicationStarted: [{location: a.sh}]}")

    assert appspec.unknown_events() == ["ApplicationStarted"]


def test_ours_starts_checks_and_watches_and_does_nothing_else() -> None:
    appspec = parse((ROOT / "appspec.yml").read_text())

    assert appspec.hooks == {
        "ApplicationStart": (Script("scripts/start_server.sh", timeout=1800),),
        "ValidateService": (Script("scripts/health_check.sh", timeout=600),),
        "AfterAllowTraffic": (Script("scripts/watch.sh", timeout=3300),),
    }
    assert appspec.files == ()
    assert set(appspec.hooks) <= set(HOOK_EVENTS)


def test_the_hooks_of_ours_fit_into_the_hour_that_codedeploy_gives_an_event() -> None:
    hooks = parse((ROOT / "appspec.yml").read_text()).hooks

    assert all(sum(script.timeout for script in scripts) <= 3600 for scripts in hooks.values())
