"""How a file becomes settings, and what a file that cannot is told."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from modules.config.draft import settled
from modules.config.load import SettingsError, load, parse, settle
from modules.config.problems import Problem
from tests.settings import CONNECTION_ARN, DEMO, Table, environment, minimal, one_environment, table, variants

MINIMAL = Path(__file__).parent / "minimal.toml"


def message(file: Path) -> str:
    """What a file that holds no settings is told."""
    with pytest.raises(SettingsError) as raised:
        load(file)
    return str(raised.value)


def test_a_file_of_less_than_fifteen_lines_is_enough() -> None:
    assert len(MINIMAL.read_text().splitlines()) < 15
    assert load(MINIMAL) == minimal()


def test_the_committed_file_describes_the_demo() -> None:
    demo = load(DEMO)
    assert demo.service == "my-app"
    assert [(each.name, each.approval) for each in demo.environments] == [("staging", False), ("prod", True)]


def test_what_is_not_said_has_its_default() -> None:
    settings = minimal()
    hosts = settings.environments[0]
    assert (settings.app.port, settings.app.health_path) == (8080, "/readyz")
    assert (hosts.minimum_hosts, hosts.maximum_hosts, hosts.desired_hosts) == (2, 4, None)
    assert (hosts.instance_type, hosts.deployment, hosts.nat) == ("t3.small", "one_at_a_time", "single")


def test_hosts_that_nothing_is_said_of_fit_the_architecture() -> None:
    settings = minimal(
        app={"architecture": "arm64"},
        environments=[
            environment(),
            environment(name="prod", cidr="10.30.0.0/16", instance_type="c7g.large"),
        ],
    )
    assert [each.instance_type for each in settings.environments] == ["t4g.small", "c7g.large"]


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        minimal().service = "other"  # type: ignore[misc]  # mypy sees it too


def test_the_same_text_gives_the_same_settings() -> None:
    assert parse(MINIMAL.read_text()) == load(MINIMAL)


@pytest.mark.parametrize("name", variants())
def test_every_variant_validates_again_as_it_stands(name: str) -> None:
    said = variants()[name].model_dump(exclude_unset=True)
    assert settle(said) == variants()[name]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pipeline.toml"
    assert message(file) == (
        f"{file} does not exist: run the command in the directory of pipeline.toml, or let SLIPWAY_SETTINGS"
        " name the file"
    )


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert message(tmp_path) == f"{tmp_path} is a directory; a settings file is expected"


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    file = tmp_path / ("x" * 300)
    assert message(file) == f"{file} cannot be read: File name too long"


def test_a_file_that_is_not_utf_8_says_which_byte_of_which_line(tmp_path: Path) -> None:
    file = tmp_path / "pipeline.toml"
    file.write_bytes('service = "my-app"\nregion = "münchen"\n'.encode("latin-1"))
    assert message(file) == (
        f"{file} is not UTF-8: byte 31 (0xfc, in line 2) is invalid; save the file as UTF-8"
    )


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "pipeline.toml"
    file.write_text(MINIMAL.read_text(), "utf-8-sig")
    assert load(file) == minimal()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('service = "my-app"\nregion = eu\n', "line 2, column 10: Invalid value"),
        ('service = "my-app', "at its end: Unterminated string"),
        ('service = "a"\nservice = "b"\n', "line 2, column 14: the key service is defined twice"),
        ("[app]\n[alerts]\n[app]\n", "line 3, column 5: [app] is defined twice"),
        ("app = {}\napp.port = 1\n", "line 2, column 13: the key app.port is defined twice"),
        (
            'emails = [\n"a",\n]\nemails = [\n"b",\n]\n',
            "line 6, column 2: the key emails is defined twice",
        ),
        (
            "service = “my-app”\n",
            'line 1, column 11: Invalid value; “ (U+201C LEFT DOUBLE QUOTATION MARK) is not a quote: write "',
        ),
        (
            "service = 'my-app’\n",
            ('at its end: Expected "\'"; ’ (U+2019 RIGHT SINGLE QUOTATION MARK) is not a quote: write "'),
        ),
        (
            'service\u00a0= "my-app"\n',
            (
                "line 1, column 8: Expected '=' after a key in a key/value pair;"
                " (U+00A0 NO-BREAK SPACE) is not allowed here"
            ),
        ),
        (
            'service = "a"\rregion = "b"\r',
            (
                "line 1, column 14: Expected newline or end of document after a statement;"
                " the file has CR line endings: save it with LF"
            ),
        ),
        (
            "account = 012345678901\n",
            (
                "line 1, column 12: Expected newline or end of document after a statement;"
                " a number cannot begin with 0: put it in quotes"
            ),
        ),
    ],
)
def test_a_file_that_is_not_toml_says_where(tmp_path: Path, text: str, wrong: str) -> None:
    file = tmp_path / "pipeline.toml"
    file.write_text(text)
    assert message(file) == f"{file} is not TOML: {wrong}"


@pytest.mark.parametrize("text", [f"a = {'[' * 9999}", f"a = {'9' * 9999}"], ids=["deep", "long"])
def test_toml_beyond_what_can_be_read_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(text)
    assert str(raised.value) == (
        "pipeline.toml is not readable TOML: a number is too long, or lists are nested too deeply"
    )


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(SettingsError) as raised:
        parse("""
            service = "My App"
            region = "eu-cental-1"
            [alerts]
            emails = ["team@example.com", "nobody"]
            [[environments]]
            name = "prod"
            plain_http = true
            cidr = "10.0.0.0/16"
            minimum_hosts = 9
            [[environments]]
            name = "staging"
            plain_http = true
            cidr = "10.0.1.0/24"
            [source]
            repository = "example/my-app"
            brunch = "main"
        """)
    assert [problem.key for problem in raised.value.problems] == [
        *("service", "region", "alerts.emails[1]", "environments.prod.minimum_hosts"),
        *("environments.staging.cidr", "source.brunch", "account"),
    ]
    assert str(raised.value).splitlines()[0] == "pipeline.toml has 7 mistakes:"


def test_a_value_that_is_wrong_hides_no_other_mistake_of_its_table() -> None:
    with pytest.raises(SettingsError) as raised:
        one_environment(cidr="nonsense", minimum_hosts=9, domain="example.com", plain_http=False)
    assert [problem.key for problem in raised.value.problems] == [
        *("environments.staging.cidr", "environments.staging.minimum_hosts", "environments.staging.domain"),
    ]


def test_a_default_that_depends_on_other_settings_is_no_mistake_beside_one() -> None:
    with pytest.raises(SettingsError) as raised:
        minimal(service="My App", app={"architecture": "arm64"})
    assert [problem.key for problem in raised.value.problems] == ["service"]


def test_a_connection_that_exists_may_lead_to_any_provider() -> None:
    source = {"repository": "group/team/my-app", "connection_arn": CONNECTION_ARN}
    assert (
        minimal(source={**source, "provider": "GitHubEnterpriseServer"}).source.repository
        == "group/team/my-app"
    )


def test_a_check_that_is_itself_wrong_is_not_passed_over() -> None:
    def check() -> Iterator[str]:
        yield "a finding"
        yield str(object.__getattribute__(minimal(), "misspelt"))

    with pytest.raises(AttributeError, match="misspelt"):
        list(settled(check()))


def test_a_mistake_is_held_as_key_value_and_message() -> None:
    with pytest.raises(SettingsError) as raised:
        minimal(app={"port": 0})
    assert raised.value.problems == (Problem("app.port", "0", "must be between 1 and 65535"),)


def test_dates_and_tables_where_text_belongs_are_mistakes_like_any_other() -> None:
    data: Table = table(service=datetime(2026, 1, 2, tzinfo=UTC), region=[{"a": 1}, ["b"]])
    with pytest.raises(SettingsError) as raised:
        settle(data)
    assert [str(problem) for problem in raised.value.problems] == [
        "service = 2026-01-02T00:00:00+00:00: must be text in quotes",
        "region = [{…}, …]: must be text in quotes",
    ]


def test_a_message_carries_no_control_characters() -> None:
    with pytest.raises(SettingsError) as raised:
        minimal(service="\x1b[31mred", **{"\x1bkey": "\n"})
    assert str(raised.value).replace("\n", "").isprintable()


def test_a_message_shortens_long_keys_and_values() -> None:
    with pytest.raises(SettingsError) as raised:
        minimal(region="r" * 500, **{"k" * 500: 1})
    assert [len(str(problem)) < 400 for problem in raised.value.problems] == [True, True]


def test_loading_needs_neither_jsii_nor_boto3() -> None:
    program = "import modules.config.load, sys; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=DEMO.parent, capture_output=True, text=True, check=True
    )
    assert "pydantic" in run.stdout.split()
    assert not {"jsii", "cdktf", "constructs", "boto3", "botocore"} & set(run.stdout.split())
