"""What is given as a plan: read where it is safe, else one line that names the cause and the cure."""

import bz2
import gzip
import json
import lzma
import zlib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from plan_review import json_input
from plan_review.cli import OneForFailure, review
from plan_review.errors import ExplainedError
from plan_review.inputs import read_plans, told_apart
from plan_review.plan import Plan
from plan_review.plan_reader import read
from tests.plan_review.committed import text
from tests.plan_review.test_anybodys import text as of_anybody

PLAN = text("update")


def zipped(content: bytes) -> bytes:
    """The same bytes every time: pytest's workers name tests after them."""
    return gzip.compress(content, mtime=0)


def given(content: bytes, place: Path, name: str = "plan.json") -> Plan:
    """The plan in a file of this content."""
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content)
    (found,) = read_plans([place / name], None)
    return found


def same(one: Plan, other: Plan) -> bool:
    return [change.address for change in one.changes] == [change.address for change in other.changes]


COMMAND = "[command]/opt/hostedtoolcache/terraform-bin show -json tfplan\n"


@pytest.mark.parametrize(
    "content",
    [
        zipped(PLAN.encode()),
        zipped(PLAN.encode("utf-16")),
        (COMMAND + PLAN).encode(),
        (COMMAND + PLAN + "\n::debug::Terraform exited with code 0.\n").encode(),
        (COMMAND + PLAN + "\n\n::debug::stdout: x\n::set-output name=exitcode::0\n").encode(),
        zipped((COMMAND + PLAN).encode()),
        ("\ufeff" + COMMAND + PLAN).encode("utf-16"),
    ],
)
def test_what_can_be_read_safely_is_read(content: bytes, tmp_path: Path) -> None:
    assert same(given(content, tmp_path), read(PLAN, stack="plan"))


def test_the_output_of_a_wrapped_terraform_is_read_as_it_was_found() -> None:
    assert [change.address for change in read(of_anybody("wrapper"), stack="s").changes] == ["x_y.a"]


REFUSED = {
    "a wrapper's error": (COMMAND + "Error: no plan", "wrapper", "terraform_wrapper: false"),
    "a wrapper's command alone": (COMMAND, "wrapper", "terraform_wrapper: false"),
    "terragrunt": (
        "12:00:01.002 INFO   Downloading Terraform configurations\n" + PLAN,
        "the JSON, which begins in line 2",
        "only the JSON document",
    ),
    "a warning behind it": (
        PLAN + "\nWarning: x",
        "other text follows the JSON, in line 2",
        "only the JSON document",
    ),
    "two documents": (f"{PLAN}\n{PLAN}", "other text follows the JSON", "only the JSON document"),
    "a plan as text": (
        "\nTerraform used the selected providers to generate the following execution plan.\n\n{\n",
        "a plan as text",
        "terraform show -json",
    ),
    "no changes as text": (
        "No changes. Your infrastructure matches",
        "a plan as text",
        "terraform show -json",
    ),
    "OpenTofu's plan as text": (
        "OpenTofu used the selected providers to generate",
        "a plan as text",
        "terraform show -json",
    ),
    "an error": ("╷\n│ Error: Failed to read the given file", "an error message", "plan again"),
    "a web page": ("<!DOCTYPE html><html>", "an HTML page", "sign-in"),
    "a server's answer": ('{"errors": [{"status": "404"}]}', "a server's error response", "fetch"),
    "a redacted plan": (
        json.dumps({"plan_format_version": "1.2", "resource_changes": [], "provider_schemas": {}}),
        "HCP Terraform's redacted plan",
        "json-output",
    ),
    "a plan of HCP Terraform": (
        '{"remote_plan_format": 1, "run_id": "run-x", "hostname": "h"}',
        "a saved plan of HCP Terraform",
        "signed in",
    ),
    "NDJSON": ('{"@level":"info","type":"version"}\n{"@level":"info"}', "the log of", "show -json"),
    "one line of NDJSON": ('{"@level":"info","type":"version"}', "the log of", "show -json"),
    "NDJSON in another order": (
        '{"type":"version","@level":"info"}\n{"type":"x"}',
        "other text follows",
        "only the JSON document",
    ),
    "format 0.1": (
        '{"format_version": "0.1", "planned_values": {}}',
        "Terraform before 1.1",
        "Terraform 1.1",
    ),
    "format 0.2": (
        '{"format_version": "0.2", "planned_values": {}}',
        "Terraform before 1.1",
        "Terraform 1.1",
    ),
    "a later format": (
        '{"format_version": "2.0", "planned_values": {}}',
        "its format 2.0 is not supported",
        "update slipway",
    ),
    "OpenTofu's encrypted plan": (
        '{"meta": {"key_provider.x": "e30="}, "encrypted_data": "x", "encryption_version": "v0"}',
        "encrypted by OpenTofu",
        "tofu show -json",
    ),
    "OpenTofu's encrypted state": (
        '{"serial": 1, "lineage": "x", "meta": {}, "encrypted_data": "x", "encryption_version": "v0"}',
        "encrypted by OpenTofu",
        "tofu show -json",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_plan_is_refused_with_its_cause_and_cure(kind: str) -> None:
    content, why, then = REFUSED[kind]
    with pytest.raises(ExplainedError) as caught:
        read(content, stack="s")
    assert why in caught.value.why
    assert then in caught.value.then
    assert "\n" not in caught.value.why + caught.value.then


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04 a plan file", "a plan file, which only Terraform can read"),
        (zipped(b"PK\x03\x04 a plan file"), "a plan file, which only Terraform can read"),
        (bz2.compress(b"{}"), "compressed with bzip2"),
        (lzma.compress(b"{}"), "compressed with xz"),
        (b"\x28\xb5\x2f\xfd zstd", "compressed with zstd"),
        (zipped(PLAN.encode())[:100], "truncated gzip"),
        (b"\x1f\x8b\x08 no gzip", "damaged"),
        (zlib.compress(b"{}"), "it is not text"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_cause(
    content: bytes, why: str, tmp_path: Path
) -> None:
    with pytest.raises(ExplainedError) as caught:
        given(content, tmp_path)
    assert why in caught.value.why
    assert caught.value.then


def test_what_unzips_to_more_than_is_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_input, "LARGEST", 1000)
    found = json_input.decode(zipped(b" " * 100_000))
    assert len(found) == 1001
    with pytest.raises(json_input.InvalidInput, match="the limit is 1,000"):
        json_input.parse(found)


def test_a_plan_whose_parts_disagree_is_refused_without_an_accusation() -> None:
    content = json.loads(PLAN)
    content["resource_changes"].pop()
    with pytest.raises(ExplainedError) as caught:
        read(json.dumps(content), stack="s")
    assert "it is inconsistent" in caught.value.why
    assert "tampered" not in str(caught.value)


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/net/plan.json", "a/app/plan.json"], ["net/plan", "app/plan"]),
        (["prod/net/plan.json", "stage/net/plan.json"], ["prod/net/plan", "stage/net/plan"]),
        (["a/plan.json", "b/other.json"], ["plan", "other"]),
        (["x/a/plan.json", "y/a/plan.json", "y/b/plan.json"], ["x/a/plan", "y/a/plan", "b/plan"]),
        (["a/plan.json", "a/plan.json.gz"], ["a/plan", "a/plan"]),
    ],
)
def test_plans_of_one_name_are_told_apart_by_their_paths(
    paths: list[str], names: list[str], tmp_path: Path
) -> None:
    files = [tmp_path / path for path in paths]
    found = told_apart(files, ["plan" if "plan" in path else "other" for path in paths])
    assert [each.removeprefix(str(tmp_path)[1:] + "/") for each in found] == names


def run(*arguments: str) -> "tuple[int, str, str]":
    app = typer.Typer()
    app.command(cls=OneForFailure)(review)
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def test_two_plans_of_one_name_make_one_review_in_every_format(tmp_path: Path) -> None:
    for name in ("net", "app"):
        given(PLAN.encode(), tmp_path / name)
    files = [str(tmp_path / name / "plan.json") for name in ("net", "app")]
    code, written, _ = run(*files, "--format", "json")
    assert code == 2
    assert [stack["name"] for stack in json.loads(written)["stacks"]] == ["net/plan", "app/plan"]
    assert "<code>net/plan</code>" in run(*files)[1]
    named = run(*files, "--format", "json", "--name", "network", "--name", "shop")[1]
    assert [stack["name"] for stack in json.loads(named)["stacks"]] == ["network", "shop"]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["one"], "2 plans, but 1 name"),
        (["one", "two", "three"], "2 plans, but 3 names"),
        (["one", "one"], "two plans are named one"),
    ],
)
def test_names_fit_the_plans(names: list[str], why: str, tmp_path: Path) -> None:
    for name in ("net", "app"):
        given(PLAN.encode(), tmp_path / name)
    options = [option for name in names for option in ("--name", name)]
    code, _, said = run(str(tmp_path / "net/plan.json"), str(tmp_path / "app/plan.json"), *options)
    assert code == 1
    assert why in said


def test_a_comments_mark_holds_the_key_it_is_given(tmp_path: Path) -> None:
    given(PLAN.encode(), tmp_path)
    plan = str(tmp_path / "plan.json")
    assert run(plan)[1].startswith("<!-- slipway review -->\n")
    for key in ("network", "plan (prod, eu-central-1)", ".github/workflows/plan.yml", "Plan & review 🚀"):
        assert run(plan, "--comment-key", key)[1].startswith(f"<!-- slipway review {key} -->\n")


@pytest.mark.parametrize("key", ["a-->b", "a--b", " a", "a\n::error::b", "a" * 101, "<b>", "##[error]", "a-"])
def test_a_key_that_would_end_the_mark_is_refused(key: str, tmp_path: Path) -> None:
    given(PLAN.encode(), tmp_path)
    code, written, said = run(str(tmp_path / "plan.json"), "--comment-key", key)
    assert (code, written) == (1, "")
    assert "invalid --comment-key" in said
