"""Reports the results of builds and deployments in pipelines to an emulated AWS.

Until ``play_pipelines`` is called, every action succeeds at once.
"""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/pipelines"  # gaps/codepipeline_reports.py serves it


def play_pipelines(endpoint: str, region: str) -> None:
    """Makes builds and deployments in a region's pipelines wait for reports of their results."""
    tell(endpoint, PATH, {"region": region})


def report_action(
    endpoint: str,
    region: str,
    pipeline: str,
    execution: str,
    action: str,
    *,
    status: str,
    external_id: str = "",
    error: str = "",
) -> None:
    """Reports the result of an action of an execution.

    status: Succeeded or Failed. external_id: of the build or the deployment. error: AWS's message.
    """
    said = {"pipeline": pipeline, "execution": execution, "action": action}
    tell(
        endpoint,
        PATH,
        {"region": region, **said, "status": status, "externalId": external_id, "error": error},
    )
