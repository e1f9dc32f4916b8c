"""Tells an emulated AWS how builds and deployments of pipelines go: for whoever plays CodePipeline's actions.

Unless somebody says that he plays them, every action succeeds at once.
"""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/pipelines"  # gaps/codepipeline_reports.py serves it


def play_pipelines(endpoint: str, region: str) -> None:
    """From now on builds and deployments of a region's pipelines last until they are told to have ended."""
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
    """Tells how an action of an execution ended.

    status: Succeeded or Failed. external_id: the build's or the deployment's. error: in AWS's words.
    """
    said = {"pipeline": pipeline, "execution": execution, "action": action}
    tell(
        endpoint,
        PATH,
        {"region": region, **said, "status": status, "externalId": external_id, "error": error},
    )
