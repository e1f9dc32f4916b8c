import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from plan_review import json_input
from plan_review.cdktf_stack import NONE, CdktfStack, parse
from plan_review.errors import ExplainedError
from plan_review.plan import UNKNOWN, Action, ExecutionKind, Masked, Plan, ResourceChange
from plan_review.plan_reader import read
from tests.plan_review.committed import NO_REVIEW, text

Edit = Callable[[dict[str, Any]], object]


def plan(name: str) -> Plan:
    return read(text(name), stack=name)


def one(name: str, address: str) -> ResourceChange:
    return next(change for change in plan(name).changes if change.address == address)


def refusal(content: str) -> ExplainedError:
    with pytest.raises(ExplainedError) as caught:
        read(content, stack="shop")
    return caught.value


def edited(edit: Edit, name: str = "update") -> str:
    content = json.loads(text(name))
    edit(content)
    return json.dumps(content)


def first(content: dict[str, Any]) -> dict[str, Any]:
    resource: dict[str, Any] = content["resource_changes"][0]
    return resource


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("create", Action.CREATE),
        ("update", Action.UPDATE),
        ("replace", Action.REPLACE),
        ("replace-create-first", Action.CREATE_BEFORE_DESTROY),
        ("destroy-all", Action.DELETE),
        ("nothing", Action.NO_OP),
        ("forget", Action.FORGET),
        ("deposed", Action.DELETE),
    ],
)
def test_each_action_of_terraform_is_known(name: str, action: Action) -> None:
    assert action in {change.action for change in plan(name).changes}


def test_a_resource_is_known_by_its_address_its_module_and_its_key() -> None:
    leaf = one("modules", 'module.outer.module.inner["b.c"].terraform_data.leaf[1]')
    assert (leaf.module, leaf.type, leaf.name, leaf.index) == (
        'module.outer.module.inner["b.c"]',
        "terraform_data",
        "leaf",
        1,
    )


def test_keys_with_odd_characters_stay_as_they_are() -> None:
    keys = {change.index for change in plan("odd-keys").changes}
    assert {'quote"d', "back\\slash", "ünïcødé 漢字 🚀", "<b>html</b>", "${no_template}", ""} <= keys


def test_what_is_known_only_after_apply_is_unknown_wherever_it_is() -> None:
    after = one("unknown", "terraform_data.b").after
    assert isinstance(after, dict)
    assert after["input"] == {"id": UNKNOWN, "list": [UNKNOWN, "x"]}
    assert after["output"] is UNKNOWN


def test_a_replacement_says_what_forces_it() -> None:
    assert one("replace", "terraform_data.first").replace_paths == (("triggers_replace",),)
    assert one("replace-by-request", "terraform_data.a").reason == "replace_by_request"


def test_a_move_an_import_and_what_is_left_over_are_said() -> None:
    moved = one("move", 'terraform_data.many["k"]')
    assert (moved.moved, moved.previous_address, moved.action) == (
        True,
        "terraform_data.renamed",
        Action.UPDATE,
    )
    assert one("import", "terraform_data.a").imported == "imported-id"
    assert {change.deposed for change in plan("deposed").changes} == {"", "0badcafe"}


def test_drift_is_told_apart_from_changes() -> None:
    (drifted,) = plan("aws-drift").drift
    assert isinstance(drifted.before, dict)
    assert isinstance(drifted.after, dict)
    assert (drifted.before["retention_in_days"], drifted.after["retention_in_days"]) == (30, 1)


def test_sensitive_outputs_are_hidden() -> None:
    (secret,) = (output for output in plan("sensitive-change").outputs if output.name == "secret")
    assert isinstance(secret.before, Masked)
    assert isinstance(secret.after, Masked)
    assert secret.before != secret.after


@pytest.mark.parametrize(
    "name", ["sensitive", "sensitive-change", "modules", "modules-change", "aws-secrets"]
)
def test_no_secret_of_a_real_plan_is_in_what_was_read(name: str) -> None:
    assert "SECRET" in text(name)
    assert "SECRET" not in repr(plan(name))


def test_references_are_followed_through_modules() -> None:
    assert set(plan("modules").references) == {
        ("terraform_data.last", "module.outer.module.inner.terraform_data.leaf"),
        ("module.outer.module.inner.terraform_data.leaf", "module.outer.terraform_data.first"),
    }


def test_constructs_are_found_by_address_without_index() -> None:
    known = parse(
        json.dumps({"resource": {"terraform_data": {"odd": {"//": {"metadata": {"path": "shop/odd"}}}}}})
    )
    assert {change.construct for change in read(text("odd-keys"), stack="s", synthesised=known).changes} == {
        "shop/odd"
    }


def test_a_plan_that_leaves_something_to_a_later_one_is_not_complete() -> None:
    assert not plan("targeted").complete

    def defer(content: dict[str, Any]) -> None:
        content["deferred_changes"] = [{"reason": "unknown", "resource_change": first(content)}]

    deferring = read(edited(defer), stack="s")
    (deferred,) = deferring.deferred
    assert (deferred.reason, deferred.change.address) == ("unknown", "terraform_data.a")
    assert not deferring.complete


def test_actions_that_applying_invokes_are_listed() -> None:
    invoking = edited(
        lambda content: content.update(action_invocations=[{"address": "action.aws_lambda.run"}])
    )
    (action,) = read(invoking, stack="s").executions
    assert (action.kind, action.address) == (ExecutionKind.ACTION, "action.aws_lambda.run")


def test_a_plan_in_powershells_utf_16_is_read() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert read(json_input.decode(text("update").encode(encoding)), stack="update") == plan("update")


def nested(levels: int) -> object:
    return [nested(levels - 1)] if levels else 1


BAD: Mapping[str, tuple[str, str]] = {
    "empty": ("", "it is empty"),
    "only space": (" \n", "it is empty"),
    "no JSON": ("hello", "it is not JSON"),
    "a plan as text": ("Plan: 1 to add", "it is a plan as text"),
    "a log": ('{"@level":"info"}\n{"@level":"info"}', "it is the log of `terraform plan -json`"),
    "truncated": (text("update")[:1000], "it is truncated after 1,000 characters"),
    "cut in a text": ('{"format_version": "1.', "it is truncated"),
    "a list": ("[]", "it is JSON, but not a plan"),
    "a number": ("1", "it is JSON, but not a plan"),
    "nothing known": ("{}", "it is JSON, but not a plan: format_version is missing"),
    "state file": ('{"version": 4, "lineage": "x", "serial": 1}', "it is a state file, not a plan"),
    "shown state": ('{"format_version": "1.0", "values": {}}', "it is a state"),
    "configuration": ('{"resource": {}, "terraform": {}}', "it is a synthesised configuration"),
    "errored": (text(NO_REVIEW), "planning failed (errored)"),
    "future format": ('{"format_version": "2.0", "planned_values": {}}', "its format 2.0 is not supported"),
    "old format": (
        '{"format_version": "0.2", "planned_values": {}}',
        "its format 0.2 is from Terraform before 1.1",
    ),
    "odd format": ('{"format_version": "1.0\\n::error::", "planned_values": {}}', "not a version number"),
    "twice": ('{"format_version": "1.2", "format_version": "1.2"}', "contains the same key twice"),
    "NaN": ('{"format_version": "1.2", "x": NaN}', "it contains NaN"),
    "infinite": ('{"x": 1e999}', "a number that is too large"),
    "long number": (f'{{"x": {"9" * 5000}}}', "a number with too many digits"),
    "deep": ("[" * 100_000, "nested more than 100 levels deep"),
    "deep and whole": ('{"a":' * 5_000 + "1" + "}" * 5_000, "nested more than 100 levels deep"),
    "deep value": (
        edited(lambda it: first(it)["change"].update(after={"other": nested(150)})),
        "nested more than 100",
    ),
    "no changes": (edited(lambda it: it.pop("resource_changes")), "resource_changes lacks resources"),
    "empty changes": (edited(lambda it: it.update(resource_changes=[])), "resource_changes lacks resources"),
    "one change less": (
        edited(lambda it: it["resource_changes"].pop(), "modules"),
        "resource_changes lacks resources",
    ),
    "odd values": (
        edited(lambda it: it["planned_values"]["root_module"]["resources"][0].update(address=[])),
        "address is a list, not a text",
    ),
    "only a refresh": (
        edited(lambda it: it.update(planned_values={}, resource_changes=[])),
        "resource_changes is missing, although prior_state has resources",
    ),
    "no values": (edited(lambda it: it.pop("planned_values")), "planned_values is missing"),
    "no address": (
        edited(lambda it: (it.update(planned_values={}), first(it).pop("address"))),
        "resource_changes[0].address is missing",
    ),
    "no action": (
        edited(lambda it: first(it)["change"].pop("actions")),
        "resource_changes[0].change.actions is missing",
    ),
    "new action": (
        edited(lambda it: first(it)["change"].update(actions=["explode"])),
        "unknown action: explode",
    ),
    "wrong changes": (
        edited(lambda it: it.update(resource_changes={})),
        "resource_changes is an object, not a list",
    ),
    "wrong change": (edited(lambda it: it.update(resource_changes=[1])), "resource_changes[0] is a number"),
    "wrong type": (
        edited(lambda it: first(it).update(type=[])),
        "resource_changes[0].type is a list, not a text",
    ),
    "wrong marks": (
        edited(lambda it: first(it)["change"].update(after_sensitive="x")),
        "is a text, not an object",
    ),
    "wrong index": (edited(lambda it: first(it).update(index=1.5)), "index is a number"),
    "wrong switch": (edited(lambda it: it.update(errored="yes")), "errored is a text, not true or false"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_error_that_says_why_and_what_to_do(kind: str) -> None:
    content, why = BAD[kind]
    error = refusal(content)
    assert error.what == "cannot read the plan of shop"
    assert why in error.why
    assert error.then


def test_an_enormous_plan_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_input, "LARGEST", 100)
    assert "the limit is 100" in refusal(text("update")).why


def test_a_plan_file_and_other_bytes_are_told_apart_from_text() -> None:
    for content, why in ((b"PK\x03\x04rest", "only Terraform can read"), (b"\xff\x00\xff", "it is not text")):
        with pytest.raises(json_input.InvalidInput) as caught:
            json_input.decode(content)
        assert why in caught.value.why


def test_errors_quote_no_value_that_may_be_a_secret() -> None:
    for edit in (
        lambda it: first(it).update(type=["hunter2"]),
        lambda it: first(it)["change"].update(actions=["hunter2 hunter2"]),
        lambda it: it.update(format_version="hunter2 hunter2"),
        lambda it: it.update(resource_changes=["hunter2"]),
    ):
        assert "hunter2" not in str(refusal(edited(edit)))


POLICY = "${terraform_data.a.id} and password=hunter22"


def stack_of(kind: str, name: str, block: dict[str, Any]) -> CdktfStack:
    return parse(json.dumps({"resource": {kind: {name: block}}}))


def written(synthesised: CdktfStack, edit: Edit = len) -> object:
    content = json.loads(text("create"))
    edit(content)
    found = read(json.dumps(content), stack="create", synthesised=synthesised)
    return next(change.written for change in found.changes if change.address == "terraform_data.b")


def test_what_is_written_for_what_is_known_only_after_apply_is_kept_and_nothing_else() -> None:
    block = {"input": "${terraform_data.a.id}", "triggers_replace": "known", "count": 1}
    assert written(stack_of("terraform_data", "b", block)) == {"input": "${terraform_data.a.id}"}


def test_what_is_configured_and_unknown_is_known_to_be_so_without_its_text() -> None:
    assert written(NONE) == {"input": UNKNOWN}


def test_what_is_written_shows_no_secret() -> None:
    stack = stack_of("terraform_data", "b", {"input": POLICY})
    assert written(stack) == {"input": "${terraform_data.a.id} and password=(hidden: password #1)"}

    def mark(content: dict[str, Any]) -> None:
        for resource in content["resource_changes"]:
            resource["change"]["after_sensitive"] = {"input": True}

    assert isinstance(written(stack, mark)["input"], Masked)  # type: ignore[index]  # an object, as above


def test_what_is_hidden_in_one_place_is_hidden_wherever_else_it_stands() -> None:
    secret = "hunter-Two-2222!"

    def repeat(content: dict[str, Any]) -> None:
        unmarked = {"actions": ["create"], "before": None, "after": f"it is {secret}", "after_unknown": False}
        content["output_changes"] = {"shown": unmarked}
        first(content)["change"].update(after={"input": secret}, after_sensitive={"input": True})
        drifted = {
            **first(content),
            "change": {**unmarked, "actions": ["update"], "after": {"input": secret}},
        }
        content["resource_drift"] = [drifted]

    found = read(edited(repeat, "create"), stack="create")
    assert secret not in repr(found)
    assert found.outputs[0].after == "it is (hidden: sensitive #1)"

    stack = stack_of("terraform_data", "b", {"input": f"${{terraform_data.a.id}} {secret}"})
    assert secret not in repr(read(edited(repeat, "create"), stack="create", synthesised=stack))


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        ({"a": "hunter2x"}, {"a": "hunter2x"}, {"a": True}),
        ({"a": {"value": "hunter2x"}}, {"a": {"name": "DB_PASSWORD", "value": "hunter2x"}}, {}),
        ({"a": {"value": "hunter2x"}}, {"password": {"value": "hunter2x"}}, {}),
        ({"a": "hunter2x", "password": ""}, {"password": "hunter2x"}, {}),
        ({"a": {"value": "hunter2x"}}, {"a": {"value": "hunter2x"}}, {"a": {"value": True}}),
    ],
)
def test_a_value_that_was_harmless_once_is_hidden_where_it_is_a_secret(
    before: object, after: object, marks: object
) -> None:
    def put(content: dict[str, Any]) -> None:
        first(content)["change"].update(before=before, after=after, after_sensitive=marks)

    assert "hunter2x" not in repr(read(edited(put), stack="update"))
