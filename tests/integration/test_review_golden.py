"""A request rehearsed: the committed pipeline applied to an emulated AWS, then changed, planned and reviewed.

The four reviews are committed beside this file; UPDATE_GOLDEN=1 writes them anew.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.emulator import environment, pid_file
from tests.integration.pipelines import REGION, ROOT, Project, lines, processes_of

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1800)]

GOLDEN = Path(__file__).parent / "golden"
SOURCES = ("constructs_lib", "modules", "main.py", "pipeline.toml", "buildspec.yml", "appspec.yml", "scripts")
NOTHING, CHANGES, BLOCKED = 0, 2, 3
NOBODY = environment.environment("http://127.0.0.1:1", REGION)

# What AWS makes up anew in each account, and another machine has otherwise: no part of the reviews.
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
RENAMED = Request(
    "modules/foundation.py", 'self._repository("images"', 'self._repository("images-of-the-service"'
)
EVERYTHING = Request(  # our own Statement refuses to say it
    "main.py",
    "    # A team's own resources go here",
    '    policy = \'{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}\'\n'
    '    delivery.build.role.node.find_child("use-artifacts").add_override("policy", policy)\n'
    "    # A team's own resources go here",
)


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A copy of the committed pipeline, applied; its emulated AWS runs until the end."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no terraform on the PATH: make setup brings it")
    root = tmp_path_factory.mktemp("reviewed")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    nobody = Project(root, NOBODY)
    done = nobody.run("demo", "--keep")
    try:
        assert done.returncode == 0, done.stderr
        kept = pid_file.read(root / ".slipway" / "demo" / "aws" / "record")
        assert kept is not None
        yield Project(root, environment.environment(kept.endpoint, REGION))
    finally:
        nobody.run("demo", "--stop")
    assert processes_of(root) == []


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


def review(project: Project, request: Request | None, name: str, exit_code: int) -> None:
    """Plan with the request's change, as a person would; the Markdown has to be the committed one."""
    out = project.root / name
    with edited(project, request):
        done = project.run(
            "plan", "--format", "md", "--format", "html", "--format", "json", "--out", str(out)
        )
    assert done.returncode == exit_code, done.stderr
    assert list((project.root / ".slipway" / "plan").rglob("*.tfplan")) == []
    comment = steady((out / "review.md").read_text(encoding="utf-8"))
    golden = GOLDEN / f"{name}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(comment, encoding="utf-8")
    assert comment == golden.read_text(encoding="utf-8")


def steady(text: str) -> str:
    """The text without what AWS makes up anew in each account."""
    for made_up, instead in MADE_UP:
        text = made_up.sub(instead, text)
    return text


def test_a_shorter_retention_changes_something(applied: Project) -> None:
    review(applied, SHORTER, "retention", CHANGES)


def test_another_construct_id_of_the_repository_is_blocked(applied: Project) -> None:
    review(applied, RENAMED, "construct-id", BLOCKED)


def test_a_policy_that_allows_everything_is_blocked(applied: Project) -> None:
    review(applied, EVERYTHING, "everything-allowed", BLOCKED)


def test_nothing_changed_is_nothing_to_change(applied: Project) -> None:
    review(applied, None, "nothing", NOTHING)


def test_what_was_reviewed_is_recognised_and_anything_else_refused(applied: Project) -> None:
    again = ("plan", "--expect", str(applied.root / "retention" / "review.json"), "--out", "again")
    with edited(applied, SHORTER):
        same = applied.run(*again)
    assert same.returncode == CHANGES, same.stderr
    assert "exactly what was reviewed" in same.stderr
    other = applied.run(*again)
    assert other.returncode == BLOCKED
    assert any("does not happen any more" in line for line in lines(other.stderr))


def test_what_another_job_synthesised_needs_none_of_the_requests_code(applied: Project) -> None:
    elsewhere = applied.root / "elsewhere"
    shutil.copytree(applied.root / ".slipway" / "plan" / "cdktf.out" / "stacks", elsewhere / "stacks")
    shutil.copy(applied.root / ".slipway" / "plan" / "cdktf.out" / "manifest.json", elsewhere)
    with edited(applied, Request("main.py", "def main() -> int:", "def main() -> int:\n    return 1")):
        done = applied.run("plan", "my-app-foundation", "--synthesised", str(elsewhere))
    assert done.returncode == NOTHING, done.stderr
