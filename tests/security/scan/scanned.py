"""What checkov found: a committed record that the page shows, and that the tests that scan keep current.

It counts nothing that another resource would change. The tests write it with UPDATE_RECORDED=1; without, they
fail if it is not what they have found, or if a check that it names did not run any more.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.security.scan.checkov import Scan
from tests.security.scan.suppressions import suppressions, unsuppressed

RECORD = Path(__file__).with_name("scanned.json")
COMMITTED, MATRIX = "the committed pipeline", "the matrix of settings"
STATE_BUCKET = "the state bucket"


def scanned() -> Mapping[str, Any]:
    """The record, by scan: what failed though nothing covers it, suppressions that covered something, …"""
    content: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    return content


def hold_against(name: str, scan: Scan) -> None:
    """Compare a scan with the record, or write it there."""
    found = _summary(scan)
    if os.environ.get("UPDATE_RECORDED"):
        RECORD.write_text(
            json.dumps({**scanned(), name: found}, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
    recorded = scanned()[name]
    assert {**found, "checks": recorded["checks"]} == recorded
    assert set(recorded["checks"]) <= scan.checks, "checks that ran do not run any more"


def _summary(scan: Scan) -> dict[str, Any]:
    known = suppressions("checkov")
    return {
        "version": scan.version,
        "checks": sorted(scan.checks),
        "failed": unsuppressed(scan.findings, known),
        "suppressed": sorted(
            f"{one.check} {one.path}" for one in known if any(map(one.covers, scan.findings))
        ),
        "unknown": sorted(scan.unknown),
    }
