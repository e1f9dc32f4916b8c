"""What doctor finds of keys that exist: their state, and whether their policies allow what is needed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator.account import prepare
from modules import keys as needed_by_stacks
from modules.config.load import load
from modules.config.names import Names
from slipway.aws.clients import Aws
from slipway.aws.keys import EncryptionKey
from slipway.checkout.project import SETTINGS, Project
from slipway.doctor import keys
from slipway.doctor.keys import Lacking
from tests.settings import ACCOUNT, DEMO, KEY_ARN, minimal
from tests.slipway.doctor.test_account import said
from tests.slipway.status.world import world

NEEDED = [
    statement.render() for statement in needed_by_stacks.required(Names.of(minimal(key_arn=KEY_ARN)), KEY_ARN)
]
ADD = f"slipway permissions --key {KEY_ARN} --json"
IAM, LOGS, EVENTS = "the account's IAM policies", "logs.eu-central-1.amazonaws.com", "events.amazonaws.com"
USE = "kms:Decrypt, kms:GenerateDataKey*"
Policy = list[dict[str, Any]]


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    """An account with the key."""
    with world() as made:
        prepare(made.aws, minimal(key_arn=KEY_ARN))
        yield made.aws


def lacks(change: Callable[[Policy], object]) -> Lacking:
    """What a policy lacks that has the needed statements with a change."""
    policy: Policy = json.loads(json.dumps(NEEDED))
    change(policy)
    return keys.lacks(json.dumps({"Statement": policy}), KEY_ARN, NEEDED)


def statement(policy: Policy, sid: str) -> dict[str, Any]:
    return next(entry for entry in policy if entry["Sid"] == sid)


def replaced(sid: str, **values: object) -> Callable[[Policy], object]:
    return lambda policy: statement(policy, sid).update(values)


DENY = {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}


@pytest.mark.parametrize(
    "change",
    [
        lambda policy: policy.reverse(),
        replaced("AccountDecides", Action="kms:*", Principal={"AWS": ACCOUNT}),
        replaced("UseEvents", Action=["KMS:decrypt", "kms:Generate*"], Resource=KEY_ARN),
        lambda policy: statement(policy, "UseLogs").pop("Condition"),
        lambda policy: policy.append({**DENY, "Action": "kms:ScheduleKeyDeletion"}),
        lambda policy: policy.append({**DENY, "Principal": {"AWS": "arn:aws:iam::210987654321:root"}}),
    ],
    ids=[
        "in another order",
        "the whole account",
        "other words",
        "wider",
        "denies what is not needed",
        "to others",
    ],
)
def test_a_policy_that_allows_what_is_needed_lacks_nothing(change: Callable[[Policy], object]) -> None:
    assert lacks(change) == Lacking("", "")


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (lambda policy: policy.remove(statement(policy, "UseEvents")), f"{EVENTS} {USE}"),
        (replaced("UseEvents", Action=["kms:GenerateDataKey*"]), f"{EVENTS} kms:Decrypt"),
        (replaced("UseEvents", Resource=KEY_ARN.replace("key/1", "key/2")), f"{EVENTS} {USE}"),
        (replaced("UseEvents", Principal={"Service": "sns.amazonaws.com"}), f"{EVENTS} {USE}"),
        (replaced("UseEvents", Effect="Deny"), f"{EVENTS} {USE}"),
        (
            lambda policy: policy.remove(statement(policy, "AccountGrantsToServices")),
            f"{IAM} kms:CreateGrant",
        ),
        (
            replaced("AccountDecides", Action=["kms:Describe*", "kms:Encrypt", "kms:ReEncrypt*", "kms:Get*"]),
            f"{IAM} {USE}",
        ),
    ],
)
def test_what_no_statement_allows_is_missing(change: Callable[[Policy], object], missing: str) -> None:
    assert lacks(change) == Lacking(missing, "")


@pytest.mark.parametrize(
    ("change", "undecided"),
    [
        (
            replaced("UseEvents", Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
            f"{EVENTS} {USE}",
        ),
        (
            replaced("UseEvents", Action=["kms:Decrypt", "kms:GenerateDataKey"]),
            f"{EVENTS} kms:GenerateDataKey*",
        ),
        (
            replaced(
                "AccountGrantsToServices",
                Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/terraform"},
            ),
            f"{IAM} kms:CreateGrant",
        ),
        (
            lambda policy: policy.append({**DENY, "Action": "kms:CreateGrant", "NotPrincipal": {"AWS": "1"}}),
            f"{IAM} kms:CreateGrant",
        ),
    ],
    ids=["a condition", "a part of the actions", "a single role", "a Deny"],
)
def test_what_cannot_be_decided_is_not_called_missing(
    change: Callable[[Policy], object], undecided: str
) -> None:
    assert lacks(change) == Lacking("", undecided)


def test_log_groups_of_another_service_alone_cannot_be_decided() -> None:
    context = {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:1:log-group:/b/*"}
    }
    assert lacks(replaced("UseLogs", Condition=context)).undecided.startswith(LOGS)


@pytest.mark.parametrize(
    ("sid", "state", "words", "remedy"),
    [
        ("", "ok", "key it: enabled, and its policy allows what is needed", ""),
        (
            "UseEvents",
            "todo",
            f"the policy of the key it does not allow {EVENTS} {USE}",
            f"ask its owner to add the statements that this prints: {ADD}",
        ),
    ],
)
def test_what_the_policy_lacks_is_named_with_the_command_that_prints_it(
    aws: Aws, sid: str, state: str, words: str, remedy: str
) -> None:
    policy = [entry for entry in NEEDED if entry["Sid"] != sid]
    aws.kms.put_key_policy(KeyId=KEY_ARN, PolicyName="default", Policy=json.dumps({"Statement": policy}))
    check = keys.check("it", aws, KEY_ARN, NEEDED)
    assert (check.state, check.what, check.then) == (state, words, remedy)


@pytest.mark.parametrize(
    ("usage", "spec"), [("SIGN_VERIFY", "RSA_2048"), ("GENERATE_VERIFY_MAC", "HMAC_256")]
)
def test_a_key_that_does_not_encrypt(aws: Aws, usage: Any, spec: Any) -> None:  # noqa: ANN401 - literals
    arn = aws.kms.create_key(KeyUsage=usage, KeySpec=spec)["KeyMetadata"]["Arn"]
    assert said([keys.check("it", aws, arn, NEEDED)]) == [
        ("todo", f"the key it is for {usage} with {spec}; a symmetric key for encryption is needed")
    ]


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
def test_a_key_with_which_nothing_can_be_encrypted(aws: Aws, state: str) -> None:
    arn = aws.kms.create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    if state == "Disabled":
        aws.kms.disable_key(KeyId=arn.rpartition("/")[2])
    else:
        aws.kms.schedule_key_deletion(KeyId=arn.rpartition("/")[2])
    assert said([keys.check("it", aws, arn, NEEDED)]) == [
        ("todo", f"the key it is in the state {state}: nothing can be encrypted with it")
    ]


def test_a_key_that_is_not_there(aws: Aws) -> None:
    gone = KEY_ARN.replace("key/1", "key/2")
    assert said([keys.check("it", aws, gone, NEEDED)]) == [("todo", "the key it does not exist")]


def test_a_key_of_aws(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator knows none."""
    of_aws = EncryptionKey("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "Enabled", "AWS", "{}")
    monkeypatch.setattr(keys, "encryption_key", lambda *_: of_aws)
    assert said([keys.check("it", aws, KEY_ARN, NEEDED)]) == [
        ("todo", "the key it is managed by AWS: its policy cannot let other services use it")
    ]


def test_each_key_is_checked_once_against_what_the_stacks_need(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pipeline.toml"
    named = f'key_arn = "{KEY_ARN}"\n'
    file.write_text(named + DEMO.read_text().replace('name = "staging"\n', f'name = "staging"\n{named}'))
    monkeypatch.setenv(SETTINGS, str(file))
    aws.kms.put_key_policy(KeyId=KEY_ARN, PolicyName="default", Policy=json.dumps({"Statement": NEEDED}))
    settings = load(file)
    found = Project(DEMO.parent, settings, Names.of(settings))
    called = f"{KEY_ARN.rpartition('/')[2]} (key_arn, environments.staging.key_arn)"
    assert said(keys.existing(found, aws)) == [
        ("ok", f"key {called}: enabled, and its policy allows what is needed")
    ]
