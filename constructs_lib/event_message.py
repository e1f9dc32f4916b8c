"""An EventBridge rule that publishes matching events to a topic as readable sentences."""

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
    """Publishes a message to a topic for every event that matches.

    name: the rule's name; at most 64 characters.
    description: what the rule is for, as the console shows it.
    pattern: an EventBridge event pattern.
    message: lines of text; ``<name>`` is replaced by a value of the event.
    values: the JSON path in the event for every name in the message.
    topic_arn: the topic; its policy and its key's policy must let ``events.amazonaws.com`` publish.

    Raises ValueError if a line names a value that ``values`` does not contain.

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
                # EventBridge expects every line as a JSON string of its own.
                input_template="\n".join(json.dumps(line, ensure_ascii=False) for line in message),
            ),
        )


def _refuse_unknown_values(message: Sequence[str], values: Mapping[str, str]) -> None:
    named = re.findall(r"<([^<>]+)>", " ".join(message))
    unknown = sorted(set(named) - values.keys())
    if unknown:
        known = ", ".join(sorted(values))
        raise ValueError(
            f"the message uses {', '.join(unknown)}, which values does not define; it defines {known}"
        )
