"""Which commit each of the pipeline's newest executions is about."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_codepipeline.client import CodePipelineClient

MOST = 200  # executions that are looked at
PAGE = 100  # as many as ListPipelineExecutions answers at once


def commits(codepipeline: "CodePipelineClient", pipeline: str) -> dict[str, str]:
    """The commit by the execution's id, newest first; "" where the execution has not fetched it yet."""
    pages = codepipeline.get_paginator("list_pipeline_executions").paginate(
        pipelineName=pipeline, PaginationConfig={"MaxItems": MOST, "PageSize": PAGE}
    )
    return {
        each["pipelineExecutionId"]: next(
            (source.get("revisionId", "") for source in each.get("sourceRevisions", ())), ""
        )
        for page in pages
        for each in page["pipelineExecutionSummaries"]
    }
