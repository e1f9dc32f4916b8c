"""Tells an emulated AWS how deployments go: for whoever plays CodeDeploy and its agents on hosts."""

import json
import urllib.request
from collections.abc import Mapping, Sequence

PATH = "/moto-api/slipway/deployments"  # gaps/codedeploy_reports.py serves it
SECONDS = 30
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy leads to this machine


def report_deployment(
    endpoint: str,
    region: str,
    deployment: str,
    *,
    info: Mapping[str, object] | None = None,
    targets: Sequence[Mapping[str, object]] = (),
) -> dict[str, str]:
    """Says something of a deployment.

    info: ``status``, ``errorInformation``. targets: as API_InstanceTarget has them, times as seconds since
    1970; what is said of a target replaces what was said of it before. What comes back: ``status``, which
    is Stopped where somebody or an alarm stopped it, and ``rollbackDeploymentId`` where one undoes it.
    """
    said = {"region": region, "deploymentId": deployment, "info": dict(info or {}), "targets": list(targets)}
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(endpoint + PATH, json.dumps(said).encode(), headers)  # noqa: S310 - http
    with OPENER.open(request, timeout=SECONDS) as answer:
        answered: dict[str, str] = json.load(answer)
    return answered
