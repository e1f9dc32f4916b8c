"""What checkov counted: a committed record that the page shows, and that the tests that scan keep current.

They write it with UPDATE_RECORDED=1; without, they fail if it is not what they have found.
"""

import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.security.scan.checkov import Scan
from tests.security.scan.suppressions import suppressions

RECORD = Path(__file__).with_name("scanned.json")
COMMITTED, MATRIX = "the committed pipeline", "the matrix of settings"


def scanned() -> Mapping[str, Any]:
    """The record: counts of each scan."""
    content: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    return content


def hold_against(name: str, scan: Scan) -> None:
    """Compare a scan with the record, or write it there."""
    counted = {name: counts(scan)}
    if os.environ.get("UPDATE_RECORDED"):
        RECORD.write_text(
            json.dumps({**scanned(), **counted}, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
    assert counted == {name: scanned().get(name)}


def counts(scan: Scan) -> dict[str, Any]:
    """What is counted of a scan; each failed check by the suppression that covers it."""
    covered = Counter(
        f"{one.check} {one.path}"
        for finding in scan.findings
        for one in suppressions("checkov")
        if one.covers(finding)
    )
    failed = [each for each in scan.findings if not any(one.covers(each) for one in suppressions("checkov"))]
    return {
        "version": scan.version,
        "plans": scan.plans,
        "resources": scan.resources,
        "checks": len(scan.checks),
        "passed": scan.passed,
        "failed": len(failed),
        "suppressed": dict(sorted(covered.items())),
        "unknown": sorted(scan.unknown),
    }
