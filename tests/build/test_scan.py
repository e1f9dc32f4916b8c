"""Waiting for ECR's scan: what it found, and what is done where it does not come."""

import pytest

from tests.build.world import COMMIT, IMAGES, World, scanned, unscanned

NOT_FOUND = "An error occurred (ScanNotFoundException) when calling the DescribeImageScanFindings operation"
DENIED = "An error occurred (AccessDeniedException) when calling the DescribeImageScanFindings operation"
STRICT = {"FAIL_ON_CRITICAL": "true"}


def test_the_scan_is_asked_for_by_digest(pushed: World) -> None:
    pushed.steps("scan")
    digest = pushed.state["registry"][f"{IMAGES}:{COMMIT}"]["digest"]
    (call,) = pushed.calls("aws ecr describe-image-scan-findings")
    assert f"--repository-name my-app --image-id imageDigest={digest}" in call


@pytest.mark.parametrize("status", ["COMPLETE", "ACTIVE"])
def test_findings_are_counted_and_do_not_stop_a_build(pushed: World, status: str) -> None:
    pushed.set(scans=[scanned(status, CRITICAL=2, MEDIUM=7)])
    assert "findings: CRITICAL 2 MEDIUM 7\n" in pushed.steps("scan").stdout


def test_critical_findings_are_listed(pushed: World) -> None:
    pushed.set(scans=[scanned(CRITICAL=2, HIGH=1)])
    output = pushed.steps("scan").stdout
    assert "      CVE-2026-0\thttps://cve/0\n      CVE-2026-1\thttps://cve/1\n" in output
    assert output.count("CVE") == 2


def test_findings_of_an_enhanced_scan_are_listed_too(pushed: World) -> None:
    answer = scanned("ACTIVE", CRITICAL=1)
    answer["imageScanFindings"].pop("findings")
    answer["imageScanFindings"]["enhancedFindings"] = [
        {"severity": "CRITICAL", "title": "CVE-2026-9 - openssl"},
        {"severity": "LOW", "title": "CVE-2026-8 - tar"},
    ]
    pushed.set(scans=[answer])
    assert "      CVE-2026-9 - openssl\n" in pushed.steps("scan").stdout


def test_critical_findings_stop_a_build_where_the_settings_say_so(pushed: World) -> None:
    pushed.set(scans=[scanned(CRITICAL=1)])
    result = pushed.step("scan", **STRICT)
    assert result.returncode == 1
    assert "critical vulnerabilities: 1" in result.stderr
    assert "latest was not moved" in result.stderr


def test_a_clean_scan_passes_where_critical_findings_would_not(pushed: World) -> None:
    pushed.set(scans=[scanned(HIGH=9)])
    pushed.steps("scan", **STRICT)


def test_no_findings_are_said(pushed: World) -> None:
    assert "findings: none" in pushed.steps("scan").stdout


def test_a_scan_is_waited_for_until_its_findings_are_there(pushed: World) -> None:
    pushed.set(scans=[NOT_FOUND, unscanned("IN_PROGRESS"), unscanned("COMPLETE"), scanned(CRITICAL=1)])
    result = pushed.step("scan", **STRICT)
    assert result.returncode == 1
    assert "critical vulnerabilities: 1" in result.stderr


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (NOT_FOUND, "ScanNotFoundException"),
        (unscanned("IN_PROGRESS"), "its status is IN_PROGRESS"),
        (unscanned("COMPLETE"), "there are no findings yet"),
    ],
)
def test_a_scan_that_does_not_come_in_time_goes_by_the_setting(
    pushed: World, answer: object, reason: str
) -> None:
    pushed.set(scans=[answer])
    tolerant = pushed.steps("scan", SCAN_TIMEOUT="0")
    assert "there is no scan of sha256:" in tolerant.stdout
    assert reason in tolerant.stdout
    strict = pushed.step("scan", SCAN_TIMEOUT="0", **STRICT)
    assert strict.returncode == 1
    assert reason in strict.stderr
    assert "enable scanning" in strict.stderr


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (DENIED, "AccessDeniedException"),
        (unscanned("FAILED", "The scan failed."), "its status is FAILED: The scan failed."),
        (unscanned("UNSUPPORTED_IMAGE", "scratch"), "UNSUPPORTED_IMAGE: scratch"),
    ],
)
def test_a_scan_that_cannot_be_had_is_not_waited_for(pushed: World, answer: object, reason: str) -> None:
    pushed.set(scans=[answer])
    assert reason in pushed.steps("scan").stdout
    assert reason in pushed.step("scan", **STRICT).stderr
    assert len(pushed.calls("aws ecr describe-image-scan-findings")) == 2
