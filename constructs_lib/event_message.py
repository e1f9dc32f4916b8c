"""An EventBridge rule that tells a topic what happened, in a sentence that a person can read."""

import json
import re
from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetInputTransformer,
)
from constructs import Construct


class EventMessage(Construct):
    """Sends a message to a topic for each event that matches.

    name: the rule's name; at most 64 characters.
    description: what the rule is for, as the console shows it.
    pattern: which events, as EventBridge's event patterns say it.
    message: lines of text in which ``<name>`` stands for a value of the event ...
    values: ... found at these JSON paths.
    topic_arn: the topic's policy, and its key's, must let ``events.amazonaws.com`` publish.

    Raises ValueError if a line names a value that is not among the values.

    >>> message = EventMessage(stack, "failures", name="failures", description="Failed executions.",
    ...     pattern={"source": ["aws.codepipeline"], "detail": {"state": ["FAILED"]}},
    ...     message=["The pipeline <pipeline> failed."], values={"pipeline": "$.detail.pipeline"},
    ...     topic_arn="arn:aws:sns:eu-central-1:123456789012:alerts")
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        description: str,
        pattern: Mapping[str, object],
        message: Sequence[str],
        values: Mapping[str, str],
        topic_arn: str,
    ) -> None:
        super().__init__(scope, id)
        _refuse_unknown_values(message, values)
        self.rule = CloudwatchEventRule(
            self, "rule", name=name, description=description, event_pattern=json.dumps(pattern)
        )
        self.target = CloudwatchEventTarget(
            self,
            "target",
            rule=self.rule.name,
            arn=topic_arn,
            input_transformer=CloudwatchEventTargetInputTransformer(
                input_paths=dict(values),
                # Each line is a JSON string of its own: that is how EventBridge takes several.
                input_template="\n".join(json.dumps(line, ensure_ascii=False) for line in message),
            ),
        )


def _refuse_unknown_values(message: Sequence[str], values: Mapping[str, str]) -> None:
    named = re.findall(r"<([^<>]+)>", " ".join(message))
    unknown = sorted(set(named) - values.keys())
    if unknown:
        known = ", ".join(sorted(values))
        raise ValueError(f"the message names {', '.join(unknown)}; the values are {known}")
