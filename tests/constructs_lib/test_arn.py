"""ARNs are put together in one place of constructs_lib, and in one of modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

from constructs_lib.arn import arn, service_of

import pytest

ROOT = Path(__file__).parents[2]


def test_an_arn_names_what_its_service_does() -> None:
    assert arn("sqs", "jobs", region="eu-west-1", account="1") == "arn:aws:sqs:eu-west-1:1:jobs"
    assert arn("iam", "role/admin", account="1") == "arn:aws:iam::1:role/admin"
    assert arn("s3", "exports/*") == "arn:aws:s3:::exports/*"


def test_an_arn_says_its_service() -> None:
    assert service_of("arn:aws:s3:::exports") == "s3"
    assert service_of("arn:aws:sns:eu-west-1:1:a:b") == "sns"


@pytest.mark.parametrize("part", ["constructs_lib", "modules"])
def test_only_one_file_knows_the_form(part: str) -> None:
    found = {file.name for file in (ROOT / part).rglob("*.py") if any(_arns_in(file))}

    assert found == {"constructs_lib": {"arn.py"}, "modules": {"arns.py"}}[part]


def _arns_in(file: Path) -> Iterator[str]:
    """Texts that begin like an ARN; docstrings begin otherwise."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("arn:"):
            yield node.value
