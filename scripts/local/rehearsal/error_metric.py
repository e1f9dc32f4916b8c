"""Publishes the load balancer's metric of 5xx answers, which alarms watch."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from local.rehearsal.load_generator import Load
from slipway.aws.clients import Aws

EACH = 1.0  # seconds; a real load balancer publishes once a minute
METRIC = "HTTPCode_Target_5XX_Count"


@asynccontextmanager
async def error_metric(
    aws: Aws, alarm: str, running: Load, first: Callable[[], object]
) -> AsyncIterator[None]:
    """Publishes the metric while the block runs, with the dimensions that an alarm uses.

    first: called once, at the first 5xx answer.
    """
    publishing = asyncio.create_task(_publish(aws, alarm, running, first))
    try:
        yield
    finally:
        publishing.cancel()


async def _publish(aws: Aws, alarm: str, running: Load, first: Callable[[], object]) -> None:
    found = aws.cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]["Metrics"]
    (metric,) = (
        query["MetricStat"]["Metric"]
        for query in found
        if "MetricStat" in query and query["MetricStat"]["Metric"]["MetricName"] == METRIC
    )
    told = 0
    while True:
        await asyncio.sleep(EACH)
        count = sum("answered 5" in failure.failure for failure in running.failures)
        if count == told:
            continue
        if not told:
            await asyncio.to_thread(first)
        data = {
            "MetricName": METRIC,
            "Dimensions": metric["Dimensions"],
            "Value": count - told,
            "Unit": "Count",
        }
        await asyncio.to_thread(
            aws.cloudwatch.put_metric_data,
            Namespace=metric["Namespace"],
            MetricData=[data],  # type: ignore[list-item]  # as the API has it
        )
        told = count
