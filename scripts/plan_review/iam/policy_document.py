"""A policy that is known only after apply, from the known parts of its aws_iam_policy_document."""

from collections.abc import Iterator

from plan_review.iam.declared_policy import IN_PART, LATER
from plan_review.iam.pattern_set import PatternSet
from plan_review.iam.policy_owners import PolicyOwners, field
from plan_review.iam.statement import NoPolicyError, PolicyStatement, from_document
from plan_review.plan import UNKNOWN, ResourceChange, Value

KIND = "aws_iam_policy_document"
_FREE_TEXT = {
    "aws_ssm_parameter",
    "aws_secretsmanager_secret_version",
    "aws_s3_object",
    "aws_lambda_invocation",
}
_MORE = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")


def statements_of_document(
    change: ResourceChange, owners: PolicyOwners
) -> tuple[tuple[PolicyStatement, ...], str]:
    """The statements of the document from which a resource's policy is made, and why they are incomplete.

    Unknown parts read “(known after apply)”.
    """
    found = owners.referred(change, KIND)
    if len(found) != 1 or any(field(found[0].after, more) for more in _MORE):
        return (), LATER
    blocks = field(found[0].after, "statement")
    if not isinstance(blocks, list):
        return (), LATER
    try:
        statements = from_document({"Statement": list(_statements(blocks))})
    except NoPolicyError:
        return (), LATER
    targets = owners.targets(found[0])
    named = bool(targets) and all(map(_is_named_by_aws, targets))
    hides = any(
        _hides(statement.actions) or (_hides(statement.principals) and not named) for statement in statements
    )
    return statements, IN_PART if hides else ""


def _hides(scope: PatternSet) -> bool:
    """Whether the subject of a statement is unknown: it may be anything or anyone."""
    return any(str(UNKNOWN) in pattern for pattern in scope.patterns)


def _is_named_by_aws(address: str) -> bool:
    """Whether the unknown attributes of a resource are names, which are never wildcards."""
    kind = address.rpartition(".")[0].rpartition(".")[2]
    return kind.startswith("aws_") and kind not in _FREE_TEXT


def _statements(blocks: list[Value]) -> Iterator[object]:
    for block in blocks:
        if not isinstance(block, dict):
            raise NoPolicyError("a statement is unknown")
        statement: dict[str, object] = {"Effect": block.get("effect") or "Allow"}
        for key, name in (("actions", "Action"), ("resources", "Resource")):
            for attribute, written in ((key, name), (f"not_{key}", f"Not{name}")):
                if values := block.get(attribute):
                    statement[written] = _texts(values)
        for attribute, written in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
            if values := block.get(attribute):
                statement[written] = _principals(values)
        yield statement | {"Condition": _conditions(block.get("condition"))}


def _texts(values: Value) -> list[str]:
    listed = values if isinstance(values, list) else [values]
    return [str(value) for value in listed]


def _blocks(value: Value) -> Iterator[dict[str, Value]]:
    if value is UNKNOWN:
        raise NoPolicyError("a block is unknown")
    for block in value if isinstance(value, list) else ():
        if not isinstance(block, dict):
            raise NoPolicyError("a block is unknown")
        yield block


def _principals(value: Value) -> dict[str, list[str]] | str:
    found: dict[str, list[str]] = {}
    for block in _blocks(value):
        kind, names = str(block.get("type")), _texts(block.get("identifiers"))
        found.setdefault("AWS" if kind == "*" else kind, []).extend(names)
    return found


def _conditions(value: Value) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for block in _blocks(value):
        keys = found.setdefault(str(block.get("test")), {})
        keys.setdefault(str(block.get("variable")), []).extend(_texts(block.get("values")))
    return found
