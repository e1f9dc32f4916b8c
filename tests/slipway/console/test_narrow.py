"""What lists of commands come to on terminals of 20 to 80 columns: nothing that one came for is cut."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console, RenderableType

from slipway.aws.parameters import Variable
from slipway.cli import doctor
from slipway.doctor.check import Examination, ok, todo
from slipway.parameters.table import lines
from slipway.releases import table
from slipway.releases.document import Entry, LastDeployment, Releases

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WIDTHS = (20, 40, 60, 80)
COMMITS = ("0123456789abcdef", "fedcba9876543210")


def drawn(what: RenderableType, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, height=100)
    console.print(what, crop=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", WIDTHS)
def test_releases_name_each_commit_and_what_became_of_it(width: int) -> None:
    result = LastDeployment(status="Succeeded", at=NOW, deployment="d-1", error="")
    entries = tuple(
        Entry(
            commit=commit,
            revision=None,
            digest="",
            built_at=NOW,
            image="present",
            execution="12345678-90ab",
            results={"staging": result, "prod": result},
            runs_in=("staging", "prod") if commit == COMMITS[0] else (),
            rollback_in=("staging", "prod") if commit == COMMITS[1] else (),
            findings={},
            problem="",
        )
        for commit in COMMITS
    )
    document = Releases(
        service="my-app",
        account="123456789012",
        region="eu-central-1",
        at=NOW,
        environments=("staging", "prod"),
        releases=entries,
        known=2,
    )
    said = drawn(table.draw(document, width=width), width)
    assert all(any(commit[:12] in line for line in said.splitlines()) for commit in COMMITS)
    words = " ".join(said.split())
    assert words.count("runs 0 s") == words.count("rollback 0 s") == 2
    assert "…" not in said


@pytest.mark.parametrize("width", WIDTHS)
def test_doctor_says_each_thing_whole(width: int) -> None:
    bucket = "my-app-tfstate-123456789012-eu-central-1"
    findings = (ok("state", f"state bucket {bucket}"), todo("tools", "Node is not here", then="make setup"))
    said = drawn(doctor.draw(Examination(healthy=False, findings=findings)), width)
    assert bucket in "".join(said.split())
    assert "next: make setup" in " ".join(said.split())
    assert "…" not in said
    assert max(map(len, said.splitlines())) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_variables_have_their_name_and_value_whole(width: int) -> None:
    value = "postgres://db.example.com:5432/my-app?sslmode=verify-full"
    variables = [
        Variable(name="DATABASE_URL", type="String", version=3, changed=NOW, value=value),
        Variable(name="TOKEN", type="SecureString", version=1, changed=NOW, value=None),
    ]
    listed = lines(variables, width=width)
    if width < 100:
        assert listed == [
            *("DATABASE_URL", "  String, version 3", "  2026-11-23 12:00", f"  {value}"),
            *("TOKEN", "  SecureString, version 1", "  2026-11-23 12:00", "  (secret)"),
        ]
    assert len(lines(variables)) == len(lines(variables, width=200)) == 3
