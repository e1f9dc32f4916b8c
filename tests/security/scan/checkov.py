"""Has checkov look at real plans, with every check that it has, offline; what it found, by construct."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.security.scan.suppressions import Finding


@dataclass(frozen=True)
class Scan:
    """What checkov said of several plans, and what it cannot have seen."""

    version: str
    plans: int
    resources: int
    checks: frozenset[str]
    passed: int
    findings: tuple[Finding, ...]
    unknown: frozenset[str]
    """Policies of which a plan says nothing but that they are known after the apply."""


def scan(program: Path, folder: Path, stacks: Mapping[str, Mapping[str, Any]]) -> Scan:
    """Scan the plans in a folder; stacks: what was planned, by the name of the plan's file."""
    said = _run(program, folder, list(stacks))
    results = said["results"]
    assert results["parsing_errors"] == []
    plans = {name: json.loads((folder / name).read_text(encoding="utf-8")) for name in stacks}
    ran = [*results["passed_checks"], *results["failed_checks"]]
    assert {_plan(each) for each in ran} == set(stacks), "a plan was not looked at"
    return Scan(
        version=said["summary"]["checkov_version"],
        plans=len(plans),
        resources=sum(len(each["resource_changes"]) for each in plans.values()),
        checks=frozenset(each["check_id"] for each in ran),
        passed=len(results["passed_checks"]),
        findings=tuple(_finding(each, stacks[_plan(each)]) for each in results["failed_checks"]),
        unknown=frozenset(path for name, plan in plans.items() for path in _unknown(plan, stacks[name])),
    )


def _run(program: Path, folder: Path, files: list[str]) -> dict[str, Any]:
    options = (
        "--framework",
        "terraform_plan",
        "--skip-download",
        "--soft-fail",
        "--compact",
        "--output",
        "json",
    )
    named = [word for file in files for word in ("--file", file)]
    done = subprocess.run(
        [program, *options, *named],
        cwd=folder,
        env={**os.environ, "LOG_LEVEL": "ERROR", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _plan(result: Mapping[str, Any]) -> str:
    return Path(result["file_path"]).name


def _finding(result: Mapping[str, Any], stack: Mapping[str, Any]) -> Finding:
    path = _path(result["resource"], stack)
    return Finding("checkov", result["check_id"], path, result["check_name"])


def _path(address: str, stack: Mapping[str, Any]) -> str:
    """The path of the construct that made a resource."""
    kind, name = address.split(".")
    return str(stack["resource"][kind][name]["//"]["metadata"]["path"])


def _unknown(plan: Mapping[str, Any], stack: Mapping[str, Any]) -> Iterator[str]:
    for change in plan["resource_changes"]:
        if change["mode"] == "managed":
            asked = stack["resource"][change["type"]][change["name"]]
            for attribute in ("policy", "assume_role_policy"):
                if attribute in asked and change["change"]["after_unknown"].get(attribute) is True:
                    yield _path(change["address"], stack)
