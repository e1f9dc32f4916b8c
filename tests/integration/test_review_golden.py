"""A request rehearsed: the committed pipeline applied to an emulated AWS, then changed, planned and reviewed.

The four reviews are committed beside this file; UPDATE_GOLDEN=1 writes them again.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.applied_pipeline import AppliedPipeline
from tests.integration.pipelines import DELIVERY, Project, lines

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1800)]

GOLDEN = Path(__file__).parent / "golden"
NOTHING, CHANGES, BLOCKED = 0, 2, 3

# Values that AWS generates in each account, or that depend on the machine: not part of the reviews.
MADE_UP = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b(vpc|subnet|sg|sgr|rtb|igw|nat|eni|eipalloc|lt|vpce|fl|acl)-[0-9a-f]{8,}\b"), r"\1-ID"),
    (re.compile(r"Terraform \d+\.\d+\.\d+"), "Terraform VERSION"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z?"), "TIME"),
)


@dataclass(frozen=True)
class Request:
    """What a request changes: in one file, one text by another."""

    file: str
    before: str
    after: str


SHORTER = Request("pipeline.toml", "log_retention_days = 30", "log_retention_days = 14")
RENAMED = Request("modules/foundation.py", 'self._images("images"', 'self._images("images-of-the-service"')
EVERYTHING = Request(  # our own Statement refuses to say it
    "main.py",
    "    # A team's own resources go here",
    '    policy = \'{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}\'\n'
    '    delivery.build.role.node.find_child("use-artifacts").add_override("policy", policy)\n'
    "    # A team's own resources go here",
)


@pytest.fixture(scope="module")
def applied(applied_pipeline: AppliedPipeline) -> Project:
    """A copy of the committed pipeline, applied."""
    return applied_pipeline.project


@contextmanager
def edited(project: Project, request: Request | None) -> Iterator[None]:
    """The project with the request's change; afterwards without it."""
    if request is None:
        yield
        return
    file = project.root / request.file
    text = file.read_text(encoding="utf-8")
    assert text.count(request.before) == 1, request.file
    file.write_text(text.replace(request.before, request.after), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(text, encoding="utf-8")


def steady(text: str) -> str:
    """The text without values that AWS generates in each account."""
    for made_up, instead in MADE_UP:
        text = made_up.sub(instead, text)
    return text


@pytest.mark.parametrize(
    ("request_", "name", "exit_code"),
    [
        pytest.param(SHORTER, "retention", CHANGES, id="a shorter retention"),
        pytest.param(RENAMED, "construct-id", BLOCKED, id="another construct id of the repository"),
        pytest.param(EVERYTHING, "everything-allowed", BLOCKED, id="a policy that allows everything"),
        pytest.param(None, "nothing", NOTHING, id="nothing changed"),
    ],
)
def test_a_request_is_reviewed_as_committed(
    applied: Project, request_: Request | None, name: str, exit_code: int, tmp_path: Path
) -> None:
    """Planned as a person would."""
    formats = ("--format", "md", "--format", "html", "--format", "json")
    with edited(applied, request_):
        done = applied.run("plan", *formats, "--out", str(tmp_path))
    assert done.returncode == exit_code, done.stderr
    assert list((applied.root / ".slipway" / "plan").rglob("*.tfplan")) == []
    comment = steady((tmp_path / "review.md").read_text(encoding="utf-8"))
    golden = GOLDEN / f"{name}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(comment, encoding="utf-8")
    assert comment == golden.read_text(encoding="utf-8")


def test_what_was_reviewed_is_recognised_and_anything_else_refused(applied: Project, tmp_path: Path) -> None:
    out = ("--format", "json", "--out", str(tmp_path))
    again = ("plan", DELIVERY, "--expect", str(tmp_path / "review.json"), "--out", str(tmp_path / "again"))
    with edited(applied, SHORTER):
        first = applied.run("plan", DELIVERY, *out)
        assert first.returncode == CHANGES, first.stderr
        same = applied.run(*again)
    assert same.returncode == CHANGES, same.stderr
    assert "exactly as reviewed" in same.stderr
    other = applied.run(*again)
    assert other.returncode == BLOCKED
    assert any("is no longer planned" in line for line in lines(other.stderr))


def test_what_another_job_synthesised_needs_none_of_the_requests_code(
    applied: Project, tmp_path: Path
) -> None:
    planned = applied.run("plan", "my-app-foundation", "--out", str(tmp_path / "planned"))
    assert planned.returncode == NOTHING, planned.stderr
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(applied.root / ".slipway" / "plan" / "cdktf.out" / "stacks", elsewhere / "stacks")
    shutil.copy(applied.root / ".slipway" / "plan" / "cdktf.out" / "manifest.json", elsewhere)
    with edited(applied, Request("main.py", "def main() -> int:", "def main() -> int:\n    return 1")):
        done = applied.run("plan", "my-app-foundation", "--synthesised", str(elsewhere))
    assert done.returncode == NOTHING, done.stderr
