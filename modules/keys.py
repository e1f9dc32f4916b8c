"""The keys of the stacks, and what the policy of a key that exists already must allow.

``python -m modules.keys`` prints these statements as JSON, by the key's ARN, for the ``slipway`` command,
which loads no constructs.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from constructs_lib import artifact_store, topic
from constructs_lib.key import ExistingKey, Key, account_use, logs_use, service_use
from constructs_lib.place import Place
from constructs_lib.policy import Statement, document

from cdktf import TerraformOutput
from constructs import Construct

from modules import apply_permissions, operator_permissions
from modules.config.load import load
from modules.config.names import PUBLISHERS, EnvironmentNames, Names, Scope

READ = ("kms:DescribeKey", "kms:GetKeyPolicy")
"""The actions by which a plan and ``slipway doctor`` look at a key."""


def foundation_key(stack: Construct, names: Names) -> Key | ExistingKey:
    """The key of artifacts, images and alerts."""
    what = f"Artifacts, images and alerts of {names.service}."
    return _existing(stack, names, names.pipeline.key_arn) or Key(
        stack, "key", description=what, alias=names.key_alias, services=_publishing(names)
    )


def delivery_key(stack: Construct, names: Names) -> Key | ExistingKey:
    """The key of the build's logs."""
    what = f"Build logs of {names.service}."
    return _existing(stack, names, names.pipeline.key_arn) or Key(
        stack, "key", description=what, alias=names.delivery_key_alias, services=[_logging(names)]
    )


def environment_key(stack: Construct, names: Names, environment: EnvironmentNames) -> Key | ExistingKey:
    """The key of an environment's logs and parameters."""
    what = f"Logs and parameters of {environment.prefix}."
    return _existing(stack, names, environment.key_arn) or Key(
        stack, "key", description=what, alias=environment.key_alias, services=[_logging(environment)]
    )


def _existing(stack: Construct, names: Names, arn: str | None) -> ExistingKey | None:
    """The key with this ARN; a plan also shows what its policy must allow."""
    if arn is None:
        return None
    TerraformOutput(stack, "key_policy", value=document(*required(names, arn)))
    return ExistingKey(stack, "key", arn=arn)


def required(names: Names, arn: str) -> list[Statement]:
    """What the policy of a key that exists already must allow: to the account's IAM, and to AWS services."""
    place = Place(names.account, names.region)
    services = {statement.sid: statement for statement in _services(names, arn)}
    return [
        account_use(place, sorted({*_used(names, arn)})),
        *([_grants(place)] if arn == names.pipeline.key_arn else ()),
        *services.values(),
    ]


def _grants(place: Place) -> Statement:
    """For ECR: whoever creates a repository lets it use the key by a grant."""
    return replace(
        account_use(place, ["kms:CreateGrant"]),
        sid="AccountGrantsToServices",
        conditions=apply_permissions.TO_SERVICES,
    )


def _used(names: Names, arn: str) -> Iterator[str]:
    """The actions on a key of the stacks' roles, of operators and of ``slipway doctor``."""
    yield from READ
    if arn == names.pipeline.key_arn:
        yield from (*artifact_store.KEY_USE, *topic.KEY_USE)
    if arn == names.pipeline.alerts.topic_key_arn:
        yield from topic.KEY_USE
    if any(arn == environment.key_arn for environment in names.environments):
        yield from operator_permissions.SECRET_USE


def _services(names: Names, arn: str) -> Iterator[Statement]:
    """The statements for AWS services that use a key themselves."""
    if arn == names.pipeline.alerts.topic_key_arn:
        yield from map(service_use, PUBLISHERS)
    if arn == names.pipeline.key_arn:
        yield from (*_publishing(names), _logging(names))
    yield from (_logging(environment) for environment in names.environments if arn == environment.key_arn)


def _publishing(names: Names) -> list[Statement]:
    """Of the foundation's key: for those who publish to its topic, if it has one."""
    return [] if names.pipeline.alerts.topic_arn else [service_use(publisher) for publisher in PUBLISHERS]


def _logging(names: Scope) -> Statement:
    return logs_use(Place(names.account, names.region))


if __name__ == "__main__":
    found = Names.of(load(Path(os.environ.get("SLIPWAY_SETTINGS") or "pipeline.toml")))
    needed = {arn: [statement.render() for statement in required(found, arn)] for arn in found.existing_keys}
    sys.stdout.write(f"{json.dumps(needed)}\n")
