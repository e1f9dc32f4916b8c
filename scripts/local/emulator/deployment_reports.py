"""Tells an emulated AWS how deployments go: for whoever plays CodeDeploy and its agents on hosts."""

from collections.abc import Mapping, Sequence

from local.emulator.telling import BASE, tell

PATH, NEW_HOSTS = f"{BASE}/deployments", f"{BASE}/new-hosts"  # gaps/codedeploy_reports.py serves them


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


def deploy_to_new_hosts(endpoint: str, region: str, application: str, group: str) -> str:
    """Creates the deployment that CodeDeploy makes for new hosts; "" where nothing was deployed well yet."""
    said = {"region": region, "application": application, "group": group}
    return str(tell(endpoint, NEW_HOSTS, said)["deploymentId"])
