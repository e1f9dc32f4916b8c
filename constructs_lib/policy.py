"""IAM policies as values: statements that render to the same JSON text every time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from constructs_lib.arn import service_of

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
Principals = Literal["*"] | Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy.

    actions: full names such as ``ecr:PutImage``; ``*`` and ``<service>:*`` are refused.
    resources: ARNs. Default: none, for trust policies. ``"*"`` in an Allow needs a ``reason``.
    principals: in resource and trust policies, such as ``{"Service": ["ec2.amazonaws.com"]}``. An
        Allow to ``"*"``, every principal, needs conditions or a ``reason``. Default: none.
    conditions: values by operator and key; all of them must match. Default: none.
    effect: ``Allow`` or ``Deny``. Default: Allow.
    sid: the statement's id. Default: none.
    reason: why the statement needs ``"*"``, for readers of the code; it is not part of the policy.
        Default: none.

    Raises ValueError for a statement that allows more than it must.
    """

    actions: Sequence[str]
    resources: Sequence[str] = ()
    principals: Principals | None = None
    conditions: Conditions = field(default_factory=dict)
    effect: Literal["Allow", "Deny"] = "Allow"
    sid: str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.actions, str) or isinstance(self.resources, str):
            raise ValueError(
                f"actions and resources must be lists, received {self.actions!r} and {self.resources!r}"
            )
        if not self.actions:
            raise ValueError("a statement needs at least one action")
        if self.effect == "Allow" and self.principals is None:
            self._refuse_needless_width()
        if self.effect == "Allow" and self.principals == "*" and not (self.conditions or self.reason):
            raise ValueError(
                f"an Allow to every principal needs conditions or a reason, received none for {self._work}"
            )

    def _refuse_needless_width(self) -> None:
        if not self.resources:
            raise ValueError(f"name the resources or the principals, received neither for {self._work}")
        whole_services = [action for action in self.actions if action == "*" or action.endswith(":*")]
        if whole_services:
            raise ValueError(
                f"name single actions, not all actions of a service; received {', '.join(whole_services)}"
            )
        if "*" in self.resources and not self.reason:
            raise ValueError(f"resource * needs a reason, received none for {self._work}")

    @property
    def _work(self) -> str:
        return ", ".join(self.actions)

    def render(self) -> dict[str, object]:
        """Return the statement as IAM's JSON, its keys in the order of AWS's documentation."""
        rendered: dict[str, object] = {"Sid": self.sid} if self.sid else {}
        rendered["Effect"] = self.effect
        if self.principals is not None:
            rendered["Principal"] = self.principals if self.principals == "*" else _lists(self.principals)
        rendered["Action"] = list(self.actions)
        if self.resources:
            rendered["Resource"] = list(self.resources)
        if self.conditions:
            rendered["Condition"] = {operator: _lists(keys) for operator, keys in self.conditions.items()}
        return rendered


def document(*statements: Statement) -> str:
    """Return a policy document with these ``statements`` as JSON text."""
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [statement.render() for statement in statements]}
    )


class PolicyTooLongError(ValueError):
    """AWS would refuse a policy, or a role's policies, because of the length; the text says how long.

    what: the policy, with its name.
    size, limit: its characters, and how many AWS allows.
    """

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__(f"{what} would have {size:,} characters; AWS allows {limit:,}")


def size(policy: str) -> int:
    """Return the length of a policy document as IAM counts it, without white space.

    References are counted as they are written; Terraform replaces them by values of another length.
    """
    return len(json.dumps(json.loads(policy), separators=(",", ":")))


def assumed_by(service: str, conditions: Conditions | None = None) -> Statement:
    """Return a trust statement: an AWS service, such as ``ec2.amazonaws.com``, may assume the role.

    conditions: protect against confused deputies, where AWS documents them for the service.
        Default: none.
    """
    return Statement(
        actions=["sts:AssumeRole"], principals={"Service": [service]}, conditions=conditions or {}
    )


def deny_without_tls(*resources: str) -> Statement:
    """Return a statement for the policy of a bucket or topic that denies plain HTTP."""
    return Statement(
        sid="DenyPlainHttp",
        effect="Deny",
        principals="*",
        actions=["s3:*"] if service_of(resources[0]) == "s3" else ["sns:Publish"],
        resources=resources,
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )


def _lists(values: Mapping[str, str | Sequence[str]]) -> dict[str, str | list[str]]:
    return {key: value if isinstance(value, str) else list(value) for key, value in values.items()}
