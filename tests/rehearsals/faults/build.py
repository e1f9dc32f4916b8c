"""What keeps a release from being built: nothing reaches a host, and `slipway status` says what to do."""

from typing import TYPE_CHECKING

from local.emulator.build_quotas import allow_builds
from local.emulator.handshakes import complete_handshakes
from local.emulator.pushes import push
from modules.config.names import Names
from slipway.status import pipeline
from tests.local.emulator.pipelines import definition
from tests.rehearsals.faults.fault import Fault, Outcome
from tests.rehearsals.faults.fault_testbed import NEW, SERVICE, FaultTestbed
from tests.settings import minimal

if TYPE_CHECKING:
    from mypy_boto3_codepipeline.type_defs import PipelineDeclarationTypeDef

FAILED = "Failed"


async def _no_build_at_all(testbed: FaultTestbed) -> Outcome:
    """The account of many a new customer: CodeBuild's quota of concurrent builds is 0."""
    aws, endpoint = testbed.clients, testbed.aws.endpoint
    connection = aws.codeconnections.create_connection(ConnectionName=SERVICE, ProviderType="GitHub")
    complete_handshakes(endpoint)
    declared: PipelineDeclarationTypeDef = definition(aws, SERVICE, connection["ConnectionArn"])  # type: ignore[assignment] # JSON
    aws.codepipeline.create_pipeline(pipeline=declared)
    allow_builds(endpoint, aws.region, 0)
    try:
        push(endpoint, aws.region, f"example/{SERVICE}", "main", NEW)
    finally:
        allow_builds(endpoint, aws.region, None)
    shown = pipeline.read(aws, Names.of(minimal(service=SERVICE)))
    failed = next(stage for stage in shown.stages if stage.error)
    return Outcome(failed.status, f"{failed.error}\n{failed.then}", testbed.host)


FAULTS = (
    Fault(
        name="the account may run no builds",
        trying=_no_build_at_all,
        status=FAILED,
        says="request more, which takes minutes to days: aws service-quotas request-service-quota-increase",
    ),
)
