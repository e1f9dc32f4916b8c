"""Plans many stacks with the real Terraform and provider at once: each is a module of one configuration.

Terraform and the provider take seconds to start, and half a second for a stack. The plan of a stack is the
one that it would have by itself, of a first apply.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from local.emulator import account, overrides
from local.emulator.handshakes import complete_handshakes
from local.emulator.process import Emulator
from modules.config.names import Names
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws
from slipway.terraform.settings import terraform_environment
from tests.settings import REGION, applied

Stack: TypeAlias = Mapping[str, Any]
Plan: TypeAlias = Mapping[str, Any]
"""Terraform's JSON of it."""

PLAN = "all.tfplan"
PROVIDER = "aws"


def plan_all(directory: Path, emulator: Emulator, stacks: Mapping[str, Stack]) -> dict[str, Plan]:
    """Each stack's plan, by the name under which it is given; names are Terraform's identifiers.

    directory: a new one. Fails with all that Terraform says if any stack is not valid or cannot be planned.
    """
    environment = write_all(directory, emulator, stacks)
    _terraform(directory, environment, "plan", "-no-color", "-refresh=false", f"-out={PLAN}")
    whole = json.loads(_terraform(directory, environment, "show", "-json", PLAN))
    return {name: _plan_of(name, whole) for name in stacks}


def write_all(
    directory: Path,
    emulator: Emulator,
    stacks: Mapping[str, Stack],
    after: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Mapping[str, str]:
    """Write the stacks into a new directory, ready for Terraform; its environment variables.

    after: the stacks that are applied only after others, and these.
    """
    directory.mkdir()
    root = _root(stacks)
    for name, earlier in after.items():
        root["module"][name]["depends_on"] = [f"module.{stack}" for stack in earlier]
    (directory / overrides.STACK_FILE).write_text(json.dumps(root))
    for name, stack in stacks.items():
        (directory / name).mkdir()
        (directory / name / overrides.STACK_FILE).write_text(json.dumps(_module(stack)))
    environment = terraform_environment(directory, emulator.environment)
    _terraform(directory, environment, "init", "-no-color")
    return environment


def apply_all(
    directory: Path, emulator: Emulator, stacks: Mapping[str, Stack], after: Mapping[str, Sequence[str]]
) -> None:
    """Apply all stacks. directory: a new one. after: as in ``write_all``."""
    environment = write_all(directory, emulator, stacks, after)
    _terraform(directory, environment, "apply", "-no-color", "-auto-approve", "-parallelism=20")


def differences(directory: Path, emulator: Emulator) -> list[str]:
    """What a plan of an applied configuration would change: actions and address."""
    environment = terraform_environment(directory, emulator.environment)
    _terraform(directory, environment, "plan", "-no-color", f"-out={PLAN}")
    whole = json.loads(_terraform(directory, environment, "show", "-json", PLAN))
    return [
        f"{'+'.join(actions)} {resource_change['address']}"
        for resource_change in whole.get("resource_changes", ())
        if (actions := resource_change["change"]["actions"]) not in (["no-op"], ["read"])
    ]


def destroy(directory: Path, emulator: Emulator, stack: str) -> None:
    """Destroy one of the stacks that were applied in a directory."""
    environment = terraform_environment(directory, emulator.environment)
    options = ("-no-color", "-auto-approve", "-parallelism=20", f"-target=module.{stack}")
    _terraform(directory, environment, "destroy", *options)


def distinct(stacks: Iterable[tuple[str, Stack]]) -> dict[str, Stack]:
    """The stacks by name, without those that another one is to the byte."""
    by_content: dict[str, tuple[str, Stack]] = {}
    for name, stack in stacks:
        by_content.setdefault(json.dumps(stack), (name, stack))
    return dict(by_content.values())


def prepare(pipelines: Mapping[str, PipelineSettings], emulator: Emulator) -> None:
    """Create once what the pipelines find in the account already: zones, networks, buckets, connections."""
    aws = Aws(REGION, emulator.environment)
    account.prepare(aws, *map(applied, pipelines.values()))
    for name in {Names.of(each).connection for each in pipelines.values() if each.source.makes_connection}:
        aws.codeconnections.create_connection(ConnectionName=name, ProviderType="GitHub")
    complete_handshakes(emulator.endpoint)


def _root(stacks: Mapping[str, Stack]) -> Stack:
    """What calls the modules, and has their providers: those with the same settings share one."""
    settings: list[Stack] = []
    calls = {}
    for name, stack in stacks.items():
        (provider,) = stack["provider"]["aws"]
        if provider not in settings:
            settings.append(provider)
        alias = f"of-{settings.index(provider)}"
        calls[name] = {"source": f"./{name}", "providers": {"aws": f"aws.{alias}"}}
    aliased = [{**setting, **overrides.PROVIDER, "alias": f"of-{n}"} for n, setting in enumerate(settings)]
    return {"provider": {"aws": aliased}, "module": calls}


def _module(stack: Stack) -> Stack:
    """A stack without its provider, which the root has, and without its state."""
    terraform = {name: each for name, each in stack["terraform"].items() if name != "backend"}
    return {**{name: each for name, each in stack.items() if name != "provider"}, "terraform": terraform}


def _plan_of(name: str, whole: Plan) -> Plan:
    """What the plan of everything says of one module, as if it were all there is."""
    (values,) = (
        child_module
        for child_module in whole["planned_values"]["root_module"]["child_modules"]
        if child_module["address"] == f"module.{name}"
    )
    changes = (
        resource_change
        for resource_change in whole["resource_changes"]
        if resource_change.get("module_address") == f"module.{name}"
    )
    return {
        **{key: whole[key] for key in ("format_version", "terraform_version")},
        "planned_values": {"root_module": {"resources": _without(name, values["resources"])}},
        "resource_changes": _without(name, changes),
        "configuration": _configuration_of(name, whole["configuration"]),
    }


def _configuration_of(name: str, whole: Mapping[str, Any]) -> dict[str, Any]:
    """A module's configuration with the provider that the root has for it."""
    module = whole["root_module"]["module_calls"][name]["module"]
    (alias,) = {resource["provider_config_key"] for resource in module["resources"]}
    provider = {key: each for key, each in whole["provider_config"][alias].items() if key != "alias"}
    resources = [{**resource, "provider_config_key": PROVIDER} for resource in module["resources"]]
    return {"provider_config": {PROVIDER: provider}, "root_module": {**module, "resources": resources}}


def _without(name: str, resources: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Resources by their addresses in a module, instead of the root."""
    return [
        {key: each for key, each in resource.items() if key != "module_address"}
        | {"address": resource["address"].removeprefix(f"module.{name}.")}
        for resource in resources
    ]


def _terraform(directory: Path, environment: Mapping[str, str], *arguments: str) -> str:
    run = subprocess.run(
        ["terraform", *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"terraform {' '.join(arguments)}:\n{run.stdout}\n{run.stderr}"
    return run.stdout
