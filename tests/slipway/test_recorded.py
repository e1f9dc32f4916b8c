import pytest
from botocore.exceptions import ClientError

from tests.slipway.accounts import account
from tests.slipway.recorded import recorded


def test_every_call_is_recorded_with_what_was_said_also_of_clients_made_before() -> None:
    with account() as aws:
        aws.ssm.put_parameter(Name="/a/b/C", Value="1", Type="String")
        with recorded() as calls:
            list(aws.ssm.get_paginator("get_parameters_by_path").paginate(Path="/a/b"))
        aws.ssm.delete_parameter(Name="/a/b/C")

    assert [(call.name, call.parameters) for call in calls] == [("ssm:GetParametersByPath", {"Path": "/a/b"})]


def test_a_call_that_is_refused_is_recorded_too() -> None:
    with account() as aws, recorded() as calls, pytest.raises(ClientError):
        aws.ssm.delete_parameter(Name="/not/there")

    assert [call.name for call in calls] == ["ssm:DeleteParameter"]


def test_what_reads_changes_nothing_and_all_else_may() -> None:
    with account() as aws, recorded() as calls:
        aws.codedeploy.list_applications()
        aws.codedeploy.create_application(applicationName="my-app")

    assert [call.changes for call in calls] == [False, True]
