"""Terraform's argument lists, word for word."""

from slipway.terraform import commands


def test_init_takes_the_backend_anew_and_asks_nothing() -> None:
    assert commands.init() == ("terraform", "init", "-json", "-input=false", "-reconfigure")


def test_check_changes_nothing_takes_no_lock_and_tells_by_its_exit_code() -> None:
    assert commands.check() == (
        "terraform", "plan", "-json", "-input=false", "-detailed-exitcode", "-lock=false",
        "-out=slipway.tfplan",
    )  # fmt: skip


def test_apply_waits_for_the_lock_as_long_as_it_is_told() -> None:
    assert commands.apply(lock_timeout=60) == (
        "terraform", "apply", "-json", "-input=false", "-auto-approve", "-lock-timeout=60s",
    )  # fmt: skip


def test_what_is_planned_to_be_destroyed_is_the_file_that_is_applied() -> None:
    assert commands.plan_destroy(lock_timeout=0) == (
        "terraform", "plan", "-json", "-input=false", "-detailed-exitcode", "-destroy", "-lock-timeout=0s",
        "-out=slipway.tfplan",
    )  # fmt: skip
    assert commands.apply_plan(lock_timeout=0) == (
        "terraform", "apply", "-json", "-input=false", "-lock-timeout=0s", "slipway.tfplan",
    )  # fmt: skip


def test_a_plan_is_read_as_json() -> None:
    assert commands.show_plan() == ("terraform", "show", "-json", "slipway.tfplan")


def test_unlocking_works_from_any_directory() -> None:
    assert commands.force_unlock("1-2", directory="/x/prod") == (
        "terraform", "-chdir=/x/prod", "force-unlock", "1-2",
    )  # fmt: skip
