import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from plan_review.cdktf_stack import parse
from plan_review.errors import ExplainedError
from plan_review.expectation import deviations, expected_changes
from plan_review.plan import Path, Plan
from plan_review.plan_reader import read
from tests.plan_review import planted
from tests.plan_review.committed import READABLE, text

Edit = Callable[[dict[str, Any]], object]


def kept(*plans: Plan) -> object:
    document: object = json.loads(json.dumps(expected_changes(plans)))
    return document


def changed(name: str, edit: Edit) -> Plan:
    content = json.loads(text(name))
    edit(content)
    return read(json.dumps(content), stack=name)


def change(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content["resource_changes"][0]["change"]
    return found


def without_the_last(content: dict[str, Any]) -> None:
    content["resource_changes"].pop()
    content["planned_values"] = {}


@pytest.mark.parametrize("name", READABLE)
def test_the_same_plan_made_again_is_what_was_reviewed(name: str) -> None:
    again = changed(name, lambda content: content.update(timestamp="2030-01-01T00:00:00Z"))
    assert deviations(kept(read(text(name), stack=name)), [again]) == ()


@pytest.mark.parametrize(
    ("name", "edit", "line"),
    [
        (
            "update",
            lambda it: change(it)["after"]["input"].update(changed=3),
            "differs from the review in input.changed",
        ),
        (
            "update",
            lambda it: change(it)["after"]["input"].update(changed=True),
            "differs from the review in input.changed",
        ),
        (
            "update",
            lambda it: change(it).update(actions=["delete"]),
            "update was reviewed, but delete is planned",
        ),
        (
            "update",
            lambda it: change(it).update(actions=["no-op"]),
            "update was reviewed, but is no longer planned",
        ),
        (
            "nothing",
            lambda it: change(it).update(actions=["delete"], after=None),
            "delete, which was not reviewed",
        ),
        ("update", lambda it: it.update(complete=False), "complete was True, now False"),
        (
            "import",
            lambda it: change(it)["importing"].update(id="other"),
            "differs from the review in identity, imported",
        ),
        (
            "only-outputs",
            lambda it: it["output_changes"]["a"].update(after=[3]),
            "output a: differs from the review in value",
        ),
        (
            "update",
            lambda it: it.update(action_invocations=[{"address": "action.x.y", "type": "x"}]),
            "action x of action.x.y: run, which was not reviewed",
        ),
        (
            "sensitive-change",
            without_the_last,
            "is no longer planned",
        ),
        (
            "replace",
            lambda it: change(it).update(actions=["create", "delete"]),
            "but create-before-destroy is planned",
        ),
    ],
)
def test_whatever_else_would_be_done_is_refused_and_said(name: str, edit: Edit, line: str) -> None:
    (said,) = deviations(kept(read(text(name), stack=name)), [changed(name, edit)])
    assert said.startswith(f"{name}: ")
    assert line in said


RUNS = {
    "address": "terraform_data.a",
    "mode": "managed",
    "type": "terraform_data",
    "name": "a",
    "provisioners": [
        {"type": "local-exec", "expressions": {"command": {"constant_value": "make"}}},
        {"type": "remote-exec", "expressions": {"inline": {"references": ["var.x"]}}, "when": "create"},
    ],
}
READ = {
    "address": "data.external.e",
    "mode": "data",
    "type": "external",
    "name": "e",
    "expressions": {"program": {"constant_value": ["sh", "-c", "id"]}},
}
ACTION = {
    "address": "action.aws_lambda_invoke.x",
    "type": "aws_lambda_invoke",
    "name": "x",
    "config_values": {"function_name": "f", "payload": '{"all":true}'},
    "config_sensitive": {},
    "config_unknown": {"at": True},
    "provider_name": "registry.terraform.io/hashicorp/aws",
    "lifecycle_action_trigger": {
        "triggering_resource_address": "terraform_data.a",
        "action_trigger_event": "AfterCreate",
        "action_trigger_block_index": 0,
    },
}


def made(resource: dict[str, Any]) -> bool:
    """Whether it is created, so that provisioners run."""
    return "create" in resource["change"]["actions"] and "[" not in resource["address"]


def with_everything(content: dict[str, Any]) -> None:
    """Something put off, an action, one that is put off, and what runs at planning and at creating."""
    content.setdefault("resource_changes", [])
    content["deferred_changes"] = [
        {"reason": "unknown", "resource_change": deepcopy(resource_change)}
        for resource_change in content["resource_changes"][:1]
    ]
    content["action_invocations"] = [deepcopy(ACTION)]
    content["deferred_action_invocations"] = [{"reason": "later", "action_invocation": deepcopy(ACTION)}]
    runs = [
        {**deepcopy(RUNS), "address": resource_change["address"]}
        for resource_change in content["resource_changes"]
        if made(resource_change)
    ]
    content["configuration"]["root_module"]["resources"] = [*runs[:1], deepcopy(READ)]
    content["variables"] = {"x": {"value": "echo"}}
    if content["resource_changes"]:
        change(content)["importing"] = {"id": "i", "identity": {"region": "eu"}}


EVERYTHING = ("create", "update", "replace", "import", "aws-create", "aws-update", "unknown", "only-outputs")


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - JSON
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    found = False
    for key, member in members:
        found = True
        yield from leaves(member, (*path, key))
    if not found:
        yield path


def compared(content: dict[str, Any]) -> Iterator[Path]:
    """Every place whose change would change what happens."""
    for number, resource_change in enumerate(content.get("resource_changes", ())):
        if resource_change["change"]["actions"] != ["no-op"] or "importing" in resource_change["change"]:
            yield from leaves(resource_change, ("resource_changes", number))
    for name, output_change in content.get("output_changes", {}).items():
        if output_change["actions"] != ["no-op"]:
            yield from leaves(output_change, ("output_changes", name))
    for part in ("deferred_changes", "action_invocations", "deferred_action_invocations"):
        yield from leaves(content.get(part, []), (part,))
    for number, _ in enumerate(content["configuration"]["root_module"].get("resources", ())):
        where: Path = ("configuration", "root_module", "resources", number)
        for part in ("provisioners", "expressions"):
            if block := content["configuration"]["root_module"]["resources"][number].get(part):
                yield from leaves(block, (*where, part))
    if len(content["configuration"]["root_module"]["resources"]) > 1:
        yield ("variables", "x", "value")


def other(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Another value of the same type, or what is not there."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
        case None:
            return "x"
    return {"new": "x"} if isinstance(value, dict) else ["x"]


def edited(content: dict[str, Any], path: Path) -> dict[str, Any]:
    made = deepcopy(content)
    place: Any = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = other(place[path[-1]])
    return made


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_leaf_of_what_would_happen_is_compared(name: str) -> None:
    content = json.loads(text(name))
    with_everything(content)
    reviewed = kept(read(json.dumps(content), stack="s"))
    missed = []
    for path in compared(content):
        try:
            now = read(json.dumps(edited(content, path)), stack="s")
        except ExplainedError:
            continue  # it is not a plan any more, and refused
        if not deviations(reviewed, [now]) and not says_nothing(content, path):
            missed.append(path)
    assert missed == []


def says_nothing(content: dict[str, Any], path: Path) -> bool:
    """Whether it is a mark of what is secret, which is not compared, or of nothing, or not known yet."""
    if any(str(step) in ("before_sensitive", "after_sensitive", "config_sensitive") for step in path):
        return True
    value: Any = content
    for step in path:
        value = value[step]
    return value is None or ("after_unknown" in path and value in ({}, []))


def test_a_review_of_an_earlier_format_is_refused_with_what_to_do() -> None:
    with pytest.raises(ExplainedError) as refused:
        deviations({"format": 1, "stacks": {}}, [read(text("update"), stack="s")])
    assert "review the change again" in str(refused.value)


def test_a_resource_that_only_stays_or_only_drifted_makes_no_difference() -> None:
    plan = read(text("aws-drift"), stack="s")
    calm = changed("aws-drift", lambda content: content.pop("resource_drift"))
    assert plan.drift
    assert deviations(kept(plan), [calm]) != ()  # its name is another
    assert deviations(kept(plan), [read(json.dumps(_without_drift()), stack="s")]) == ()


def _without_drift() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(text("aws-drift"))
    del content["resource_drift"]
    return content


def test_a_stack_that_is_missing_or_new_is_refused() -> None:
    one, two = read(text("update"), stack="one"), read(text("update"), stack="two")
    assert deviations(kept(one, two), [one]) == ("two: was reviewed, but is not planned now",)
    assert deviations(kept(one), [one, two]) == ("two: is planned, but was not reviewed",)


def test_two_plans_of_one_name_are_refused() -> None:
    plan = read(text("update"), stack="one")
    with pytest.raises(ExplainedError, match="two plans are named one"):
        expected_changes([plan, plan])


def test_what_is_kept_of_two_different_secrets_is_the_same_so_nobody_can_guess_them() -> None:
    """Weak secrets can be guessed from any digest, so there is none: this is the price, and it is meant."""
    weak = planted.text()
    other = weak.replace(planted.MARKED_AFTER, "another-weak-one")
    assert weak != other
    assert kept(read(weak, stack="s")) == kept(read(other, stack="s"))


def test_whether_a_secret_changes_is_compared() -> None:
    def unchanged(content: dict[str, Any]) -> None:
        for resource in content["resource_changes"]:
            if resource["address"] == "terraform_data.whole":
                resource["change"]["after"]["input"] = resource["change"]["before"]["input"]

    plan = read(text("sensitive-change"), stack="sensitive-change")
    (said,) = deviations(kept(plan), [changed("sensitive-change", unchanged)])
    assert "terraform_data.whole: differs from the review in input" in said


def test_values_that_look_like_our_own_marks_are_told_apart_from_them() -> None:
    unknown = changed(
        "update", lambda content: change(content).update(after_unknown={"input": {"changed": True}})
    )
    mark = {"$": "known after apply"}
    spoofed = changed("update", lambda content: change(content)["after"]["input"].update(changed=mark))
    assert deviations(kept(unknown), [spoofed]) != ()


@pytest.mark.parametrize(
    "document", [None, [], {}, {"format": 1, "stacks": {}}, {"format": 2}, {"format": 2, "stacks": {"s": 1}}]
)
def test_what_is_no_review_is_refused(document: object) -> None:
    with pytest.raises(ExplainedError):
        deviations(document, [])


def test_what_is_known_only_after_apply_is_held_against_what_was_written_for_it() -> None:
    def made_from(value: str) -> Plan:
        stack = {"resource": {"terraform_data": {"b": {"input": value}}}}
        return read(text("create"), stack="create", synthesised=parse(json.dumps(stack)))

    reviewed = kept(made_from("${terraform_data.a.id}"))
    assert deviations(reviewed, [made_from("${terraform_data.a.id}")]) == ()
    assert deviations(reviewed, [made_from("${terraform_data.a.id}, and more")]) == (
        "create: terraform_data.b: differs from the review in input",
    )
    assert deviations(reviewed, [read(text("create"), stack="create")]) != ()
