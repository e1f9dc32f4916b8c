"""Tells an emulated AWS how deployments go: for whoever plays CodeDeploy and its agents on hosts."""

from collections.abc import Mapping, Sequence

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/deployments"  # gaps/codedeploy_reports.py serves it


def report_deployment(
    endpoint: str,
    region: str,
    deployment: str,
    *,
    info: Mapping[str, object] | None = None,
    targets: Sequence[Mapping[str, object]] = (),
) -> dict[str, str]:
    """Says something of a deployment.

    info: ``status``, ``errorInformation``, ``creator``. targets: as API_InstanceTarget has them, times as
    seconds since 1970; what is said of a target replaces what was said of it before. What comes back:
    ``status``, which is Stopped where somebody or an alarm stopped it, and ``rollbackDeploymentId`` where
    one undoes it.
    """
    said = {"region": region, "deploymentId": deployment, "info": dict(info or {}), "targets": list(targets)}
    answered: dict[str, str] = tell(endpoint, PATH, said)
    return answered
