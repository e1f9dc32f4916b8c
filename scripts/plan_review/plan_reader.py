"""Reads the output of ``terraform show -json``: masks every secret, and refuses invalid input."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import starmap
from typing import Any, TypeVar

from plan_review import json_input, plan_json
from plan_review.cdktf_stack import NONE, CdktfStack
from plan_review.executions import ExecutionReader
from plan_review.gc_pause import gc_paused
from plan_review.json_input import Json, get
from plan_review.plan import (
    BY_IDENTITY,
    Deferred,
    FailedCheck,
    OutputChange,
    Path,
    Plan,
    ResourceChange,
    Value,
)
from plan_review.plan_json import AGAIN, RawChange, listed, raw_change, truth
from plan_review.references import bare, references, resources
from plan_review.secrets.masking import Masker, PlanTexts, any_marked

KUBERNETES_SECRET = re.compile(r"kubernetes_secret(?:_v\d+)?(?:_data)?")
HELD: dict[str, Json] = dict.fromkeys(("data", "binary_data", "string_data"), True)

IDENTITY = frozenset({"importing", "generated_config", "before_identity", "after_identity"})

FAILED = ("fail", "error")

Change = TypeVar("Change", ResourceChange, OutputChange)


def read(text: str, *, stack: str, synthesised: CdktfStack = NONE) -> Plan:
    """The plan in a text. Raises ExplainedError for anything that is not a complete plan.

    stack: the plan's name. synthesised: the cdk.tf.json that it was made from, if available.
    """
    with json_input.explained(f"the plan of {stack}", then=AGAIN), gc_paused():
        return _Reader(stack, synthesised).plan(plan_json.load(text))


def _again(change: Change, masker: Masker) -> Change:
    """The change without what turned out to be a secret of another place, when all are known."""
    sides = {name: getattr(change, name) for name in ("before", "after", "written") if hasattr(change, name)}
    masked: dict[str, Any] = {name: masker.again(value) for name, value in sides.items()}
    if all(masked[name] is value for name, value in sides.items()):
        return change
    return replace(change, **masked)


class _Reader:
    """Reads one plan. Secrets are numbered per resource; names are shared by the whole plan."""

    def __init__(self, stack: str, synthesised: CdktfStack) -> None:
        self._texts = PlanTexts()
        self._names = Masker(self._texts)
        self._synthesised = synthesised
        self._stack = self._names.text(stack)
        self._configured: dict[str, frozenset[str]] = {}

    def plan(self, content: dict[str, Json]) -> Plan:
        """The plan with all its resources."""
        configuration = get(content, "configuration", dict, "")
        self._configured = {resource.address: resource.paths for resource in resources(configuration)}
        executions = ExecutionReader(content, Masker(self._texts))
        changes, drift = self._changes(content, "resource_changes"), self._changes(content, "resource_drift")
        outputs = list(self._outputs(get(content, "output_changes", dict, "")))
        pairs = references(configuration)
        deferred = list(self._deferred(content, executions))
        return Plan(
            stack=self._stack,
            format_version=get(content, "format_version", str, ""),
            terraform_version=self._names.text(get(content, "terraform_version", str, "")),
            changes=tuple(starmap(_again, changes)),
            drift=tuple(starmap(_again, drift)),
            outputs=tuple(starmap(_again, outputs)),
            references=tuple((self._names.text(one), self._names.text(other)) for one, other in pairs),
            complete=truth(content, "complete", otherwise=True) and not deferred,
            deferred=tuple(deferred),
            accounts=frozenset(plan_json.accounts(content)),
            executions=executions.executions(),
            checks=tuple(self._checks(content)),
            tool=plan_json.tool(content),
        )

    def _checks(self, content: dict[str, Json]) -> Iterator[FailedCheck]:
        """The conditions that do not hold, by instance; without instances, as a whole."""
        for where, check in listed(content, "checks"):
            instances = list(json_input.objects(get(check, "instances", list, where), where))
            failed = [instance for _, instance in instances if instance.get("status") in FAILED]
            for instance in failed or ([check] if check.get("status") in FAILED else []):
                yield self._check(instance, check, where)

    def _check(self, instance: dict[str, Json], check: dict[str, Json], where: str) -> FailedCheck:
        names = [get(source, "address", dict, where) for source in (instance, check)]
        address = next(
            (name for candidate in names if (name := get(candidate, "to_display", str, where))), ""
        )
        problems = json_input.objects(get(instance, "problems", list, where), where)
        masker = Masker(self._texts)
        said = [masker.value(get(problem, "message", str, where)) for _, problem in problems]
        return FailedCheck(
            address=self._names.text(address),
            kind=self._names.text(get(names[1], "kind", str, where)),
            messages=tuple(str(masker.again(message)) for message in said if message),
            evaluated=instance.get("status") != "error",
        )

    def _changes(self, content: dict[str, Json], key: str) -> list[tuple[ResourceChange, Masker]]:
        return [self._resource(resource, where) for where, resource in listed(content, key)]

    def _resource(self, resource: dict[str, Json], where: str) -> tuple[ResourceChange, Masker]:
        def text(key: str) -> str:
            return self._names.text(get(resource, key, str, where))

        raw = raw_change(resource, where)
        masker = Masker(self._texts)
        before, after = _sides(masker, _with_marks(raw), where)
        address, mode, kind, name = map(self._names.text, (raw.address, raw.mode, raw.type, raw.name))
        found = ResourceChange(
            stack=self._stack,
            address=address,
            module=text("module_address"),
            mode=mode,
            type=kind,
            name=name,
            index=self._index(resource.get("index"), where),
            deposed=text("deposed"),
            provider=text("provider_name"),
            action=raw.action,
            reason=text("action_reason"),
            before=before,
            after=after,
            replace_paths=tuple(self._paths(raw.change, where)),
            previous_address=text("previous_address"),
            imported=self._imported(raw.change.get("importing"), where),
            construct=self._names.text(self._synthesised.construct(address, mode, kind, name)),
            written=self._written(masker, raw, self._synthesised.block(address, mode, kind, name)),
            configured=self._configured.get(bare(raw.address)),
            identity=self._identity(masker, raw.change),
        )
        return found, masker

    def _written(self, masker: Masker, raw: RawChange, block: dict[str, Json]) -> Value:
        """The configuration of values known only after apply; UNKNOWN if it is not known either."""
        unknown, sensitive = raw.change.get("after_unknown"), raw.change.get("after_sensitive")
        if not isinstance(unknown, dict):
            return None
        marked = sensitive if isinstance(sensitive, dict) else {}
        known = self._configured.get(bare(raw.address), frozenset()) | block.keys()
        return {
            name: masker.value(
                block.get(name), unknown=name not in block, sensitive=marked.get(name), name=name
            )
            for name in unknown
            if name in known and any_marked(unknown[name])
        } or None

    def _identity(self, masker: Masker, change: dict[str, Json]) -> Value:
        """Other details of a change; empty for most."""
        if IDENTITY.isdisjoint(change):
            return None
        return masker.value({key: change[key] for key in sorted(IDENTITY & change.keys())})

    def _outputs(self, changes: dict[str, Json]) -> Iterator[tuple[OutputChange, Masker]]:
        for name, change in changes.items():
            if not isinstance(change, dict):
                json_input.wrong_type("output_changes.*", change, dict)
            masker = Masker(self._texts)
            before, after = _sides(masker, change, "output_changes.*", name)
            action = plan_json.action(change, "output_changes.*")
            yield OutputChange(self._stack, self._names.text(name), action, before, after), masker

    def _index(self, index: Json, where: str) -> str | int | None:
        if isinstance(index, bool | float | list | dict):
            json_input.wrong_type(f"{where}.index", index, str)
        return self._names.text(index) if isinstance(index, str) else index

    def _paths(self, change: dict[str, Json], where: str) -> Iterator[Path]:
        for path in get(change, "replace_paths", list, where):
            if not isinstance(path, list):
                json_input.wrong_type(f"{where}.replace_paths[*]", path, list)
            yield tuple(
                self._names.text(step) if isinstance(step, str) else step
                for step in path
                if isinstance(step, str | int)
            )

    def _imported(self, importing: Json, where: str) -> str:
        """The id by which a resource is imported; a text says so if it has none."""
        if importing is None:
            return ""
        if not isinstance(importing, dict):
            json_input.wrong_type(f"{where}.change.importing", importing, dict)
        identifier = importing.get("id")
        return self._names.text(identifier) if isinstance(identifier, str) and identifier else BY_IDENTITY

    def _deferred(self, content: dict[str, Json], executions: ExecutionReader) -> Iterator[Deferred]:
        for where, deferral in listed(content, "deferred_changes"):
            reason = self._names.text(get(deferral, "reason", str, where))
            change = self._resource(get(deferral, "resource_change", dict, where), where)
            yield Deferred(reason, _again(*change))
        for where, deferral in listed(content, "deferred_action_invocations"):
            reason = self._names.text(get(deferral, "reason", str, where))
            yield Deferred(reason, executions.invocation(deferral, where))


def _with_marks(raw: RawChange) -> dict[str, Json]:
    """The change, with everything that a Kubernetes Secret contains marked as sensitive."""
    if not raw.type.startswith("kubernetes_secret") or not KUBERNETES_SECRET.fullmatch(raw.type):
        return raw.change
    marked = dict(raw.change)
    for key in ("before_sensitive", "after_sensitive"):
        marks = raw.change.get(key)
        marked[key] = True if marks is True else {**(marks if isinstance(marks, dict) else {}), **HELD}
    return marked


def _sides(masker: Masker, change: dict[str, Json], where: str, name: str = "") -> tuple[Value, Value]:
    """Before and after with their secrets masked. name: of an output; it may indicate a secret."""
    for marks in ("before_sensitive", "after_sensitive", "after_unknown"):
        if isinstance(change.get(marks), str | int | float) and not isinstance(change.get(marks), bool):
            json_input.wrong_type(f"{where}.change.{marks}", change.get(marks), dict)
    raw, sensitive = change.get("after"), change.get("after_sensitive")
    before = masker.value(change.get("before"), sensitive=change.get("before_sensitive"), name=name)
    if _stays(change):
        return before, before
    return before, masker.value(raw, unknown=change.get("after_unknown"), sensitive=sensitive, name=name)


def _stays(change: dict[str, Json]) -> bool:
    """Whether after equals before, as for most resources: then it is read only once."""
    return (
        change.get("actions") == ["no-op"]
        and not change.get("after_unknown")
        and change.get("before_sensitive") == change.get("after_sensitive")
        and change.get("before") == change.get("after")
    )
