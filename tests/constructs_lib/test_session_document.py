import json
from typing import Any

from constructs_lib.log_group import LogGroup
from constructs_lib.session_document import SessionDocument
from constructs_lib.testing import Testing, resource

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.ssm_document import SsmDocument

from tests.constructs_lib.samples import granted, key, role


def synthesise() -> str:
    def build(stack: TerraformStack) -> None:
        log_group = LogGroup(stack, "sessions", name="/my-app/prod/sessions", key=key(stack))
        SessionDocument(stack, "shell", name="my-app-prod-shell", log_group=log_group).grant_write(
            role(stack)
        )

    return Testing.synth_scope(build)


def content() -> dict[str, Any]:
    document = resource(synthesise(), SsmDocument)
    assert (document["document_type"], document["document_format"]) == ("Session", "JSON")
    found: dict[str, Any] = json.loads(document["content"])
    return found


def test_a_session_is_written_to_the_log_group_while_it_lasts_and_refused_if_that_is_not_encrypted() -> None:
    inputs = content()["inputs"]
    assert inputs["cloudWatchLogGroupName"] == "/my-app/prod/sessions"
    assert inputs["cloudWatchStreamingEnabled"] is inputs["cloudWatchEncryptionEnabled"] is True


def test_a_session_is_a_shell_that_does_not_stay_open_for_ever() -> None:
    assert content()["sessionType"] == "Standard_Stream"
    assert content()["inputs"]["idleSessionTimeout"] == "20"


def test_the_document_comes_after_the_log_group() -> None:
    (first,) = resource(synthesise(), SsmDocument)["depends_on"]
    assert first.startswith("aws_cloudwatch_log_group.sessions_")


def test_a_hosts_agent_writes_sessions_and_looks_whether_the_group_is_encrypted() -> None:
    write, find = granted(synthesise(), "write-session-log")
    assert write["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert find["Action"] == ["logs:DescribeLogStreams"]
    (groups,) = granted(synthesise(), "find-session-log")
    assert groups["Action"] == ["logs:DescribeLogGroups"]
    assert groups["Resource"] == ["*"]
