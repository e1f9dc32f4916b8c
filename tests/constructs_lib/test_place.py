"""Constructs ask their stack for account and region, and Node only where the scope is not ours."""

from constructs_lib.key import Key
from constructs_lib.log_group import LogGroup
from constructs_lib.place import Place, place_of
from constructs_lib.testing import TestingStack

import cdktf
import pytest
from constructs import Construct

from tests.node import requests

HERE = Place("111122223333", "eu-west-1")


def a_stack() -> TestingStack:
    return TestingStack(account=HERE.account, region=HERE.region)


def test_a_place_puts_arns_together() -> None:
    assert HERE.arn("sqs", "jobs") == "arn:aws:sqs:eu-west-1:111122223333:jobs"
    assert HERE.global_arn("iam", "root") == "arn:aws:iam::111122223333:root"


def test_a_construct_takes_the_place_of_its_stack() -> None:
    stack = a_stack()
    key = Key(stack, "key", description="Tests.", alias="alias/tests")

    assert place_of(stack) == key.place == HERE
    assert place_of(key) == HERE


def test_a_construct_of_others_is_looked_through() -> None:
    outer = Construct(a_stack(), "outer")

    assert place_of(Construct(outer, "inner")) == HERE


def test_node_is_not_asked_for_the_place_of_what_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = a_stack()
    key = Key(stack, "key", description="Tests.", alias="alias/tests")
    theirs = Construct(stack, "theirs")

    with requests(monkeypatch) as asked:
        place_of(stack)
        place_of(key)
    assert asked == []

    with requests(monkeypatch) as asked:
        place_of(theirs)
    assert len(asked) == 1


def test_a_stack_without_a_place_is_refused_and_what_to_do_is_said() -> None:
    stack = cdktf.TerraformStack(cdktf.Testing.app(), "network")

    with pytest.raises(ValueError, match="account") as refused:
        Key(stack, "key", description="Tests.", alias="alias/tests")

    assert str(refused.value) == (
        "the stack network (TerraformStack) has no account and region, which this construct needs: make it a"
        " constructs_lib.stack.Stack(…, account=…, region=…), or set its attribute"
        " place = Place(account, region)"
    )


def test_what_needs_no_place_can_stand_in_any_stack() -> None:
    key = Key(a_stack(), "key", description="Tests.", alias="alias/tests")

    LogGroup(cdktf.TerraformStack(cdktf.Testing.app(), "logs"), "log", name="/my-app/app", key=key)
