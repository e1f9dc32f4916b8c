"""`slipway permissions`: for people, as one policy, and as files that managed policies take."""

import json
from pathlib import Path

from modules import apply_permissions
from modules.config.names import Names
from slipway.cli.permissions import MANAGED
from tests.settings import demo
from tests.slipway.commands import ROOT, slipway


def granted(*documents: str) -> list[object]:
    return [each for text in documents for each in json.loads(text)["Statement"]]


WANTED = [each.render() for each in apply_permissions.person(Names.of(demo()))]


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
