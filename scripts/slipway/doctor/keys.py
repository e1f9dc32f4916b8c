"""Checks that keys that exist already can be used, and that their policies allow what the stacks need."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from plan_review.iam.pattern_set import EVERYTHING, PatternSet
from plan_review.iam.statement import PolicyStatement, from_document, parse
from plan_review.iam.wildcards import includes, overlaps
from slipway.aws.clients import Aws
from slipway.aws.keys import EncryptionKey, encryption_key
from slipway.checkout import statements
from slipway.checkout.project import Project
from slipway.console.shell import command_line
from slipway.doctor.check import Check, Topic, later, ok, todo

NEEDED = "modules.keys"
FITTING = ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT")
ROOT = ":root"


def existing(found: Project, aws: Aws) -> Iterator[Check]:
    """Check each key that the settings name, and its policy."""
    if not found.names.existing_keys:
        return
    needed = statements.printed(found, NEEDED)
    for arn in found.names.existing_keys:
        yield check(f"{arn.rpartition('/')[2]} ({', '.join(_settings(found, arn))})", aws, arn, needed[arn])


def _settings(found: Project, arn: str) -> Iterator[str]:
    """The settings that name a key."""
    if arn == found.settings.key_arn:
        yield "key_arn"
    for environment in found.settings.environments:
        if arn == environment.key_arn:
            yield f"environments.{environment.name}.key_arn"
    if arn == found.settings.alerts.topic_key_arn:
        yield "alerts.topic_key_arn"


def check(called: str, aws: Aws, arn: str, needed: Sequence[object]) -> Check:
    """Check a key. called: its name in messages. needed: the statements that its policy must contain."""
    key = encryption_key(aws, arn)
    if key is None:
        return todo(
            "keys", f"the key {called} does not exist", then="create it, or correct its ARN in pipeline.toml"
        )
    if key.manager != "CUSTOMER":
        return todo(
            "keys",
            f"the key {called} is managed by AWS: its policy cannot let other services use it",
            then="name a customer managed key",
        )
    if (key.usage, key.spec) != FITTING:
        return todo(
            "keys",
            f"the key {called} is for {key.usage} with {key.spec}; a symmetric key for encryption is needed",
            then="name a key with usage ENCRYPT_DECRYPT and spec SYMMETRIC_DEFAULT",
        )
    if key.state != "Enabled":
        return todo(
            "keys",
            f"the key {called} is in the state {key.state}: nothing can be encrypted with it",
            then="cancel its deletion and enable it, or name another key",
        )
    return _policy(called, key, arn, needed)


def _policy(called: str, key: EncryptionKey, arn: str, needed: Sequence[object]) -> Check:
    add = "ask its owner to add the statements that this prints: " + command_line(
        *("slipway", "permissions", "--key", arn, "--json")
    )
    return judged("keys", f"the key {called}", lacks(key.policy, arn, needed), then=add) or ok(
        "keys", f"key {called}: enabled, and its policy allows what is needed"
    )


def judged(topic: Topic, called: str, lacking: "Lacking", *, then: str, why: str = "") -> Check | None:
    """What a policy lacks, as a check; None if it lacks nothing. called: what has the policy, in messages."""
    if lacking.missing:
        what = f"the policy of {called} does not allow {lacking.missing}"
        return todo(topic, what, why=why, then=then)
    if lacking.undecided:
        return later(
            topic,
            f"it cannot be decided whether the policy of {called} allows {lacking.undecided}",
            then=f"look at its conditions, single roles and denials; if they do not allow it, {then}",
        )
    return None


@dataclass(frozen=True)
class Lacking:
    """What a policy does not allow, and what cannot be decided, in words; empty if there is nothing."""

    missing: str
    undecided: str


def lacks(policy: str, arn: str, needed: Sequence[object]) -> Lacking:
    """What of the needed statements the policy of a key or topic does not allow. arn: of either."""
    ours = PatternSet((arn,))
    present = [
        replace(statement, resources=EVERYTHING)  # this one: its policy is about no other
        for statement in parse(policy)
        if statement.resources.covers(ours)
    ]
    allows = [statement for statement in present if statement.allows]
    denies = [statement for statement in present if not (statement.allows or _only_without_tls(statement))]
    missing, undecided = [], []
    for part in (part for statement in from_document({"Statement": needed}) for part in statement.parts()):
        if any(statement.covers(part) for statement in allows):
            if any(_concerns(statement, part) for statement in denies):
                undecided.append(part)
        elif any(_concerns(statement, part) for statement in allows):
            undecided.append(part)
        else:
            missing.append(part)
    return Lacking(_in_words(missing), _in_words(undecided))


def _only_without_tls(statement: PolicyStatement) -> bool:
    """Whether a statement is about requests over plain HTTP only, which neither services nor we send."""
    return any(
        condition.key.lower() == "aws:securetransport" and condition.values == {"false"}
        for condition in statement.conditions
    )


def _concerns(statement: PolicyStatement, part: PolicyStatement) -> bool:
    """Whether a statement may decide on a part, by its actions and principals: its conditions may not hold.

    A statement about single roles of an account concerns the part that is about the whole account.
    """
    (principal,) = part.principals.patterns
    anyone = f"{principal.removesuffix(ROOT)}:*" if principal.endswith(ROOT) else principal
    return _meets(statement.folded, *part.folded.patterns) and _meets(statement.principals, anyone)


def _meets(scope: PatternSet, pattern: str) -> bool:
    if scope.but:
        return not any(includes(excluded, pattern) for excluded in scope.patterns)
    return any(overlaps(mine, pattern) for mine in scope.patterns)


def _in_words(parts: Iterable[PolicyStatement]) -> str:
    """Which actions whom: ``logs.eu-central-1.amazonaws.com kms:Decrypt, kms:Encrypt``."""
    actions: dict[str, list[str]] = defaultdict(list)
    for part in parts:
        (principal,) = part.principals.patterns
        who = principal.partition(":")[2]
        actions["the account's IAM policies" if who.endswith(ROOT) else who].extend(part.actions.patterns)
    return "; ".join(f"{who} {', '.join(sorted(set(names)))}" for who, names in actions.items())
