import json
from collections.abc import Sequence
from typing import Any

from constructs_lib.event_message import EventMessage
from constructs_lib.testing import Testing, assert_has_resource_with_properties, resource

import pytest
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget

from tests.constructs_lib.samples import TOPIC_ARN

PATTERN = {"source": ["aws.codepipeline"], "detail": {"state": ["FAILED"]}}


def synthesise(message: Sequence[str] = ("The pipeline <pipeline> failed.",)) -> str:
    return Testing.synth_scope(
        lambda stack: EventMessage(
            stack,
            "failures",
            name="my-app-failures",
            description="Failed executions.",
            pattern=PATTERN,
            message=message,
            values={"pipeline": "$.detail.pipeline"},
            topic_arn=TOPIC_ARN,
        )
    )


def transformer(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever synthesise takes
    found: dict[str, Any] = resource(synthesise(**settings), CloudwatchEventTarget)["input_transformer"]
    return found


def test_the_rule_matches_the_pattern() -> None:
    rule = resource(synthesise(), CloudwatchEventRule)

    assert rule["name"] == "my-app-failures"
    assert json.loads(rule["event_pattern"]) == PATTERN


def test_the_message_goes_to_the_topic_by_the_topics_policy_and_no_role() -> None:
    assert_has_resource_with_properties(
        synthesise(), CloudwatchEventTarget, {"arn": TOPIC_ARN, "role_arn": None}
    )


def test_values_are_found_in_the_event() -> None:
    assert transformer()["input_paths"] == {"pipeline": "$.detail.pipeline"}


def test_a_line_is_a_json_string() -> None:
    assert transformer()["input_template"] == '"The pipeline <pipeline> failed."'


def test_each_line_of_several_is_a_json_string_of_its_own() -> None:
    template = transformer(message=["<pipeline> failed.", "See the console."])["input_template"]

    assert [json.loads(line) for line in template.split("\n")] == ["<pipeline> failed.", "See the console."]


def test_quotation_marks_in_a_line_are_escaped() -> None:
    assert transformer(message=['"<pipeline>" failed.'])["input_template"] == r'"\"<pipeline>\" failed."'


def test_letters_beyond_ascii_stay_as_they_are() -> None:
    assert transformer(message=["Überprüfen: <pipeline> …"])["input_template"] == '"Überprüfen: <pipeline> …"'


def test_a_value_that_no_path_finds_is_refused() -> None:
    with pytest.raises(
        ValueError, match="the message uses stage, which values does not define; it defines pipeline"
    ):
        synthesise(["<pipeline> failed in <stage>."])
