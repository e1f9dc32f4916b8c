"""`slipway permissions`: for people, as one policy, and as files that managed policies take."""

import json
import os
from pathlib import Path

import pytest

from modules import apply_permissions
from modules.config.names import Names
from slipway.checkout.project import SETTINGS
from slipway.cli.permissions import MANAGED
from tests.settings import KEY_ARN, demo
from tests.slipway.commands import ROOT, slipway


def granted(*documents: str) -> list[object]:
    return [each for text in documents for each in json.loads(text)["Statement"]]


WANTED = [each.render() for each in apply_permissions.applier(Names.of(demo()))]


def test_it_is_one_policy_of_this_pipeline() -> None:
    answer = slipway("permissions", "--json", directory=ROOT)
    assert answer.code == 0
    assert granted(answer.data) == json.loads(json.dumps(WANTED))


def test_its_files_are_the_same_and_each_fits_a_managed_policy(tmp_path: Path) -> None:
    answer = slipway("permissions", "--into", str(tmp_path / "policies"), directory=ROOT)
    files = [Path(line) for line in answer.data.splitlines()]
    assert files == sorted((tmp_path / "policies").iterdir())
    texts = [file.read_text() for file in files]
    assert granted(*texts) == json.loads(json.dumps(WANTED))
    assert all(len(json.dumps(json.loads(text), separators=(",", ":"))) <= MANAGED for text in texts)


def test_people_read_what_is_allowed_on_what_and_when() -> None:
    answer = slipway("permissions", directory=ROOT)
    assert (
        "iam:PassRole\n    on arn:aws:iam::123456789012:role/my-app-*\n    only if iam:PassedToService"
        in (answer.data)
    )


def test_a_directory_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = slipway("permissions", "--into", str(tmp_path / "file" / "policies"), directory=ROOT)
    assert answer.code == 1
    assert answer.words.startswith("error: ")
    assert "Traceback" not in answer.words


def test_a_key_that_exists_is_given_the_statements_that_its_policy_needs(tmp_path: Path) -> None:
    """Only a key that pipeline.toml names."""
    settings = tmp_path / "pipeline.toml"
    settings.write_text(f'key_arn = "{KEY_ARN}"\n{(ROOT / "pipeline.toml").read_text()}')
    variables = {**os.environ, SETTINGS: str(settings)}
    answer = slipway("permissions", "--key", KEY_ARN, "--json", directory=ROOT, variables=variables)
    assert [statement["Sid"] for statement in json.loads(answer.data)["Statement"]] == [
        *("AccountDecides", "AccountGrantsToServices", "UseCloudwatch", "UseEvents", "UseLogs")
    ]
    answer = slipway("permissions", "--key", KEY_ARN, directory=ROOT, variables=variables)
    assert "kms:GenerateDataKey*\n    by events.amazonaws.com\n    on *\n" in answer.data


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((), f"pipeline.toml does not name the key {KEY_ARN}"),
        (("--into", "policies"), "--key cannot be used with --into"),
    ],
)
def test_another_key_or_files_are_refused(more: tuple[str, ...], words: str) -> None:
    answer = slipway("permissions", "--key", KEY_ARN, *more, directory=ROOT)
    assert answer.code == 2
    assert words in answer.words
