"""Finds what plan and apply run in addition to providers: provisioners, programs, requests, actions.

Terraform's JSON has provisioners only in its configuration, and does not say when they run ("Configuration
Representation" in developer.hashicorp.com/terraform/internals/json-format): it can be on creation or on
destruction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from plan_review.json_input import Json, get
from plan_review.plan import Action, Execution, ExecutionKind, Value
from plan_review.plan_json import RawChange, listed, raw_change
from plan_review.references import ConfiguredResource, bare, resources
from plan_review.secrets.masking import Masker

READS = frozenset({"external", "http", "shell_script", "aws_lambda_invocation", "terracurl_request"})
"""Data sources that run a program, or send a request to a configured server, when they are read."""
RUNS = frozenset(
    {
        *("shell_script", "shell_sensitive_script", "aws_lambda_invocation", "terracurl_request"),
        *("ssh_resource", "ssh_sensitive_resource", "ansible_playbook", "null_data_source"),
    }
)
"""Managed resources whose only purpose is to run something."""

READ = frozenset({"type", "expressions"})
"""The keys of a provisioner that are read separately."""

CREATED, DESTROYED = "when it is created", "before it is destroyed"
EITHER = {
    (False, True): "when it is created, unless it is meant for when it is destroyed",
    (True, False): "before it is destroyed, unless it is meant for when it is created",
    (True, True): "before the old one is destroyed, or when the new one is created",
}
"""When a provisioner may run, by whether a resource is destroyed and whether one is created."""


class ExecutionReader:
    """Reads executions from a plan; their configuration is masked like everything else."""

    def __init__(self, content: dict[str, Json], masker: Masker) -> None:
        self._content = content
        self._masker = masker
        self._configured = {
            resource.address: resource for resource in resources(get(content, "configuration", dict, ""))
        }
        self._provisioned = {
            address: resource
            for address, resource in self._configured.items()
            if "provisioners" in resource.block
        }

    def executions(self) -> tuple[Execution, ...]:
        """All executions of the plan; data sources first, because they are read first."""
        changes = [
            raw_change(resource, where) for where, resource in listed(self._content, "resource_changes")
        ]
        found = [*self._reads(changes)]
        for change in changes:
            found += self._of_resource(change)
        for where, invocation in listed(self._content, "action_invocations"):
            found.append(self.invocation(invocation, where))
        return tuple(
            replace(execution, configuration=self._masker.again(execution.configuration))
            for execution in found
        )

    def invocation(self, raw: dict[str, Json], where: str) -> Execution:
        """An action (Terraform 1.14), with all its details."""
        given = get(raw, "action_invocation", dict, where) or raw
        rest = {key: value for key, value in given.items() if not key.startswith("config_")}
        rest = {key: value for key, value in rest.items() if key not in ("address", "type")}
        configuration = self._masker.value(
            given.get("config_values"),
            unknown=given.get("config_unknown"),
            sensitive=given.get("config_sensitive"),
        )
        return Execution(
            kind=ExecutionKind.ACTION,
            what=self._text(get(given, "type", str, where)),
            address=self._text(get(given, "address", str, where)),
            when=self._text(_trigger(given, where)),
            configuration=configuration,
            details=self._masker.value(rest),
        )

    def _reads(self, changes: Iterable[RawChange]) -> Iterator[Execution]:
        later = [change for change in changes if change.mode == "data" and change.type in READS]
        applied = {bare(change.address) for change in later}
        for address, resource in self._configured.items():
            if resource.mode == "data" and resource.type in READS and address not in applied:
                yield self._execution(ExecutionKind.READ, resource, address, "while planning")
        for change in later:
            if change.action is Action.READ:
                yield self._of_change(ExecutionKind.READ, change, "while applying")

    def _of_resource(self, change: RawChange) -> Iterator[Execution]:
        creates = change.action is Action.CREATE or change.action.replaces
        destroys = change.action.destroys
        if change.type in RUNS and change.mode == "managed" and change.action is not Action.NO_OP:
            yield self._of_change(ExecutionKind.RESOURCE, change, "while applying")
        resource = self._provisioned.get(bare(change.address)) if self._provisioned else None
        for where, provisioner in resource.provisioners() if resource and (creates or destroys) else ():
            when = provisioner.get("when")
            if (when == "create" and not creates) or (when == "destroy" and not destroys):
                continue
            known = {"create": CREATED, "destroy": DESTROYED}
            assert resource is not None  # otherwise it would have no provisioner
            yield Execution(
                kind=ExecutionKind.PROVISIONER,
                what=self._text(get(provisioner, "type", str, where)),
                address=self._text(change.address),
                when=known.get(str(when), EITHER[destroys, creates]),
                configuration=self._written(resource, provisioner.get("expressions")),
                details=self._masker.value({key: provisioner[key] for key in sorted({*provisioner} - READ)}),
            )

    def _execution(
        self, kind: ExecutionKind, resource: ConfiguredResource, address: str, when: str
    ) -> Execution:
        configuration = self._written(resource, resource.block.get("expressions"))
        return Execution(kind, self._text(resource.type), self._text(address), when, configuration)

    def _of_change(self, kind: ExecutionKind, change: RawChange, when: str) -> Execution:
        given = self._masker.value(change.change.get("after"), sensitive=change.change.get("after_sensitive"))
        return Execution(kind, self._text(change.type), self._text(change.address), when, given)

    def _written(self, resource: ConfiguredResource, expressions: Json) -> Value:
        """The configuration: constants, or else references, with the values of variables."""
        found = _values(expressions)
        if not isinstance(found, dict):
            return self._masker.value(found)
        names = dict.fromkeys(_variables(expressions))
        variables = {f"var.{name}": resource.variable(name, self._content) for name in names}
        known = {name: variable for name, variable in variables.items() if variable}
        return self._masker.value(
            {**found, **{name: variable.value for name, variable in known.items()}},
            sensitive={name: True for name, variable in known.items() if variable.sensitive},
        )

    def _text(self, text: str) -> str:
        return self._masker.text(text)


def _trigger(action: dict[str, Json], where: str) -> str:
    trigger = get(action, "lifecycle_action_trigger", dict, where)
    event = get(trigger, "action_trigger_event", str, where)
    resource = get(trigger, "triggering_resource_address", str, where)
    return f"{event} of {resource}" if event and resource else "while applying"


def _values(expression: Json) -> Json:
    """An expression's constants; a reference becomes a template."""
    if isinstance(expression, list):
        return [_values(element) for element in expression]
    if not isinstance(expression, dict):
        return expression
    if "constant_value" in expression:
        return expression["constant_value"]
    if isinstance(references := expression.get("references"), list):
        return f"${{{', '.join(str(reference) for reference in references)}}}"
    return {key: _values(value) for key, value in expression.items()}


def _variables(expression: Json) -> Iterator[str]:
    """The names of the variables that an expression refers to."""
    if isinstance(expression, list):
        for element in expression:
            yield from _variables(element)
    elif isinstance(expression, dict):
        for member in expression.values():
            yield from _variables(member)
        references = expression.get("references")
        for reference in references if isinstance(references, list) else ():
            first, _, rest = str(reference).partition(".")
            if first == "var" and rest:
                yield rest.partition(".")[0].partition("[")[0]
