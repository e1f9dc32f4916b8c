"""Every plan can be reviewed: generated values where rules look never cause a traceback."""

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from plan_review.iam.attachments import ATTACHMENT_TYPES
from plan_review.iam.grants_without_policy import GRANT_TYPES
from plan_review.iam.policy_attributes import POLICY_ATTRIBUTES
from plan_review.plan import UNKNOWN, Action, Masked, ResourceChange, Value
from plan_review.review import ReviewStatus, review
from plan_review.rules.table import OF_CHANGES
from plan_review.settings import ReviewSettings
from tests.plan_review.changes import change, plan

KINDS = sorted(
    {
        *POLICY_ATTRIBUTES,
        *ATTACHMENT_TYPES,
        *GRANT_TYPES,
        *(kind for rule in OF_CHANGES for kind in rule.types),
        "other_thing",
    }
)
NAMES = (
    *("policy", "assume_role_policy", "inline_policy", "managed_policy_arns", "role", "roles", "policy_arn"),
    *("name", "id", "arn", "bucket", "ingress", "cidr_blocks", "cidr_ipv4", "from_port", "to_port", "type"),
    *("protocol", "allow", "source_ranges", "versioning", "rule", "internal", "kms_key_id", "encrypted"),
    *("retention_in_days", "vpc_config", "access_logs", "alarm_actions", "actions_enabled", "min_size"),
    *("desired_capacity", "health_check", "records", "alias", "principal", "condition", "members", "acl"),
    *("policy_data", "user_data", "deletion_protection", "force_destroy", "publicly_accessible"),
    *("lifecycle_rule", "default_action", "ssl_policy", "deployment_config_name", "permissions_boundary"),
    *("auto_rollback_configuration", "versioning_configuration", "settings", "topic_arn", "resource_arn"),
)
INSIDE = ("enabled", "status", "cidr", "action", "value", "path", "statement", "policy", "type", "days")
POLICIES = [
    json.dumps({"Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"], "Principal": "*"}]}),
    json.dumps({"Statement": {"Effect": "Deny", "NotAction": "a:b", "NotResource": [], "NotPrincipal": {}}}),
    '{"rules": [{"selection": {"tagStatus": "any", "countType": "x", "countNumber": "many"}}]}',
    "{",
]
leaves: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from([*POLICIES, "0.0.0.0/0", "::/0", "Enabled", "443"]),
    st.just(UNKNOWN),
    st.just(Masked("sensitive", 1)),
)
names = st.sampled_from(NAMES)
inside = st.sampled_from(INSIDE)


def nested(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(inside, inner, max_size=3))


values: st.SearchStrategy[Value] = st.recursive(leaves, nested, max_leaves=6)
sides = st.one_of(st.none(), st.dictionaries(names, values, max_size=6))
changes = st.builds(
    lambda kind, before, after, action, forced: change(
        f"{kind}.x", before=before, after=after, action=action, forced_by=forced
    ),
    st.sampled_from(KINDS),
    sides,
    sides,
    st.sampled_from(Action),
    st.lists(st.lists(inside | st.integers(0, 3), min_size=1, max_size=3).map(tuple), max_size=2),
)


@settings(max_examples=100)
@given(st.lists(changes, max_size=6), st.lists(changes, max_size=2), st.booleans())
def test_any_plan_is_reviewed(
    found: list[ResourceChange], drift: list[ResourceChange], complete: bool
) -> None:
    given_plan = plan(
        *found, drift=drift, complete=complete, references=[("aws_iam_role_policy.x", "aws_iam_role.x")]
    )

    reviewed = review([given_plan], ReviewSettings(), date(2026, 11, 23))

    assert reviewed.status in ReviewStatus
    assert reviewed.blocked or complete
    for finding in reviewed.findings:
        assert finding.what
        assert "object at 0x" not in finding.what


@settings(max_examples=50)
@given(st.lists(changes, max_size=6))
def test_a_change_without_differences_has_no_findings(found: list[ResourceChange]) -> None:
    same = [
        change(each.address, before=each.before, after=each.before, action=Action.NO_OP)
        for each in found
        if isinstance(each.before, dict)
    ]

    reviewed = review([plan(*same)], ReviewSettings(), date(2026, 11, 23))

    assert (reviewed.findings, reviewed.permissions, reviewed.status) == (
        (),
        (),
        ReviewStatus.NOTHING_CHANGES,
    )
