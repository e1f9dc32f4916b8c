"""Has checkov look at real plans, with every check that it has, offline; what it found, by construct."""

import json
import os
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.security.scan.suppressions import Finding


@dataclass(frozen=True)
class Scan:
    """What checkov said of plans, and what it cannot have seen."""

    version: str
    checks: frozenset[str]
    """Those that ran, whether they passed or failed."""
    findings: tuple[Finding, ...]
    unknown: frozenset[str]
    """Policies of which a plan says nothing but that they are known after the apply."""


def together(scans: Collection[Scan]) -> Scan:
    """Several scans as one."""
    (version,) = {each.version for each in scans}
    return Scan(
        version=version,
        checks=frozenset().union(*(each.checks for each in scans)),
        findings=tuple(finding for each in scans for finding in each.findings),
        unknown=frozenset().union(*(each.unknown for each in scans)),
    )


def scan(
    program: Path,
    folder: Path,
    plans: Mapping[str, Mapping[str, Any]],
    stacks: Mapping[str, Mapping[str, Any]],
) -> dict[str, Scan]:
    """Scan each plan, in one run of checkov; stacks: what was planned, by the name of the plan.

    folder: where the plans are written for checkov to read.
    """
    for name, plan in plans.items():
        (folder / f"{name}.json").write_text(json.dumps(plan), encoding="utf-8")
    said = _run(program, folder, [f"{name}.json" for name in plans])
    results = said["results"]
    assert results["parsing_errors"] == []
    passed, failed = (_by_plan(results[each]) for each in ("passed_checks", "failed_checks"))
    assert passed.keys() | failed.keys() == plans.keys(), "a plan was not looked at"
    return {
        name: Scan(
            version=said["summary"]["checkov_version"],
            checks=frozenset(each["check_id"] for each in [*passed.get(name, ()), *failed.get(name, ())]),
            findings=tuple(_finding(each, stacks[name]) for each in failed.get(name, ())),
            unknown=frozenset(_unknown(plan, stacks[name])),
        )
        for name, plan in plans.items()
    }


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


def _by_plan(results: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for result in results:
        found.setdefault(Path(result["file_path"]).stem, []).append(result)
    return found


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
