"""Reports the progress of deployments to an emulated AWS, in place of CodeDeploy and its agents."""

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
    """Reports on a deployment; returns its status and its rollback.

    info: ``status``, ``errorInformation``, ``creator``. targets: API_InstanceTarget, with times in seconds
    since 1970; a target's report replaces the one before. Returns ``status``, which is Stopped if a user or
    an alarm stopped the deployment, and ``rollbackDeploymentId`` if another one rolls it back.
    """
    said = {"region": region, "deploymentId": deployment, "info": dict(info or {}), "targets": list(targets)}
    answered: dict[str, str] = tell(endpoint, PATH, said)
    return answered


def deploy_to_new_hosts(endpoint: str, region: str, application: str, group: str) -> str:
    """Creates CodeDeploy's deployment to new hosts; its id, "" if no deployment has succeeded yet."""
    said = {"region": region, "application": application, "group": group}
    return str(tell(endpoint, NEW_HOSTS, said)["deploymentId"])
