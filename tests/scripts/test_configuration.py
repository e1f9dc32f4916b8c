"""Parameter Store becomes the container's environment, unchanged and readable only by root."""

import pytest

from tests.scripts.host import Host

HOSTILE = [
    "$(touch /tmp/never)",
    "`touch /tmp/never`",
    "a 'quoted' \"value\" \\n",
    "# no comment",
    "  spaces  around  ",
    "a=b=c",
    "ünïcödé ✓",
    "a\ttab",
    "${HOME}",
]


THROTTLED = "An error occurred (ThrottlingException) when calling GetParametersByPath: Rate exceeded"


def parameters(**values: str) -> list[dict[str, str]]:
    return [{"Name": f"/my-app/prod/{name}", "Value": value} for name, value in values.items()]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_comes_through_to_the_letter(new_host: Host, value: str) -> None:
    new_host.world["parameters"] = parameters(VALUE=value)

    new_host.deploy("one")

    assert new_host.container("my-app")["Environment"] == f"VALUE={value}\n"


def test_only_root_can_read_the_file_and_it_does_not_stay(new_host: Host) -> None:
    new_host.deploy("one")

    assert new_host.container("my-app")["EnvironmentMode"] == "0o600"
    assert new_host.files() == ["my-app.lock"]


def test_no_secret_is_said_or_passed_on_a_command_line(new_host: Host) -> None:
    new_host.world["parameters"] = parameters(PASSWORD="hunter2")  # a secret to look for

    ended = new_host.start("one")

    assert "hunter2" not in ended.out + ended.err + "\n".join(new_host.world["calls"])


def test_a_service_may_have_no_parameters(new_host: Host) -> None:
    new_host.world["parameters"] = []

    new_host.deploy("one")

    assert new_host.container("my-app")["Environment"] == ""


def test_parameters_are_read_decrypted_and_with_all_that_lie_below(new_host: Host) -> None:
    new_host.deploy("one")

    asked = next(call for call in new_host.world["calls"] if call.startswith("aws ssm"))
    assert "--path /my-app/prod --recursive --with-decryption" in asked


@pytest.mark.parametrize("end", ["\n", "\r", "first\nsecond", "a\r\n"])
def test_a_value_with_a_line_break_is_refused_by_name_without_being_shown(host: Host, end: str) -> None:
    host.world["parameters"] = parameters(CERTIFICATE=f"sesame{end}", GREETING="hello")

    ended = host.start("two")

    assert ended.status == 1
    assert "ERROR: the configuration cannot be read; nothing was changed" in ended.err
    assert "/my-app/prod/CERTIFICATE: its value has a line break" in ended.err
    assert "sesame" not in ended.err
    assert host.serving() == "one"


def test_a_value_with_half_a_character_is_refused_by_name(host: Host) -> None:
    host.world["parameters"] = parameters(GREETING="sesame\ud800")

    ended = host.start("two")

    assert ended.status == 1
    assert "/my-app/prod/GREETING: its value is not valid Unicode" in ended.err
    assert "Traceback" not in ended.err
    assert host.serving() == "one"


@pytest.mark.parametrize("name", ["db/password", "db-password", "1ST", "A B", "x$(id)", "naïve", ""])
def test_a_name_that_no_variable_can_have_is_refused(host: Host, name: str) -> None:
    host.world["parameters"] = parameters(**{name: "value"})

    ended = host.start("two")

    assert ended.status == 1
    assert f"/my-app/prod/{name}: {name!r} is not a valid variable name" in ended.err


@pytest.mark.parametrize("name", ["PORT", "SLIPWAY_COMMIT", "SLIPWAY_DIGEST"])
def test_what_the_deployment_sets_cannot_be_set_by_a_parameter(host: Host, name: str) -> None:
    host.world["parameters"] = parameters(**{name: "value"})

    assert f"/my-app/prod/{name}: {name} is set by the deployment itself" in host.start("two").err


def test_all_parameters_that_are_wrong_are_named_at_once(host: Host) -> None:
    host.world["parameters"] = parameters(**{"a-b": "1", "PORT": "2", "TEXT": "3\n"})

    said = host.start("two").err

    assert said.count("/my-app/prod/") == 3


def test_parameter_store_gets_five_tries(host: Host) -> None:
    host.fault("aws ssm", THROTTLED, times=4)

    ended = host.start("two")

    assert ended.status == 0
    assert f"attempt 4 of 5 failed, again in 16 s: {THROTTLED}" in ended.out


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            THROTTLED,
            "Parameter Store throttles: request rate exceeded. Deploy again in a few minutes",
        ),
        (
            "An error occurred (AccessDeniedException): not authorized to perform: kms:Decrypt",
            "the role my-app-prod-host needs permission for ssm:GetParametersByPath on /my-app/prod, and",
        ),
        (
            "Could not connect to the endpoint URL",
            "check that this host can reach Parameter Store and that the role",
        ),
    ],
)
def test_what_to_do_follows_from_what_aws_said(host: Host, said: str, advice: str) -> None:
    host.fault("aws ssm", said)

    ended = host.start("two")

    assert ended.status == 1
    assert f"next: {advice}" in ended.err
    assert "correct" not in ended.err


def test_a_parameter_store_that_never_answers_is_not_waited_for(host: Host) -> None:
    host.world["hangs"] = "aws ssm"

    ended = host.start("two")

    assert "why:  no answer in time" in ended.err
    assert "next: check that this host can reach Parameter Store" in ended.err


def test_a_parameter_that_is_wrong_is_to_be_corrected(host: Host) -> None:
    host.world["parameters"] = parameters(PORT="1")

    assert "next: correct these parameters with slipway config or in Parameter Store" in host.start("two").err


def test_a_new_release_does_not_start_without_its_configuration(host: Host) -> None:
    host.fault("aws ssm", "AccessDeniedException: not authorized to perform: kms:Decrypt")

    ended = host.start("two")

    assert ended.status == 1
    assert "why:  AccessDeniedException: not authorized to perform: kms:Decrypt" in ended.err
    assert host.serving() == "one"
    assert list(host.world["containers"]) == ["my-app"]


def test_going_back_to_what_runs_already_succeeds_without_the_configuration(host: Host) -> None:
    host.fault("aws ssm", "AccessDeniedException")
    host.start("two")

    ended = host.start("one")

    assert ended.status == 0
    assert "so my-app keeps the one that it has: AccessDeniedException" in ended.err
    assert host.check("one").status == 0
