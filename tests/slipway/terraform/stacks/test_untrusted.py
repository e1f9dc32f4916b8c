"""What another job synthesised is planned with credentials only if Terraform can do nothing but plan it."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from modules.config import provider
from modules.config.names import Names
from slipway.console.errors import SlipwayError
from slipway.terraform.stacks import untrusted
from slipway.terraform.stacks.untrusted_copy import allowed, take_over
from tests.settings import demo
from tests.synthesis import synthesised

STACK = "my-app-staging"
RULES = allowed(Names.of(demo()))
GOOD: dict[str, Any] = {
    "//": {"metadata": {"stackName": STACK}},
    "terraform": {
        "backend": {
            "s3": {
                "bucket": RULES.bucket,
                "key": f"{RULES.prefix}{STACK}.tfstate",
                "region": RULES.region,
                "encrypt": True,
                "use_lockfile": True,
            }
        },
        "required_providers": {"aws": {"source": "aws", "version": provider.VERSION}},
        "required_version": ">= 1.10",
    },
    "provider": {"aws": [{"region": "eu-central-1", "default_tags": [{"tags": {"a": "b"}}]}]},
    "resource": {
        "aws_sqs_queue": {"jobs": {"name": '${join("-", ["jobs", "a"])}'}},
        "terraform_data": {"nothing": {}},
    },
    "data": {"aws_availability_zones": {"zones": {}}},
}


def changed(*path: str, to: object) -> dict[str, Any]:
    """The good stack with one thing in it set."""
    document = deepcopy(GOOD)
    inside = document
    for step in path[:-1]:
        inside = inside.setdefault(step, {})
    inside[path[-1]] = to
    return document


def problems(document: dict[str, Any]) -> tuple[str, ...]:
    return untrusted.problems(STACK, document, RULES)


def test_a_stack_of_what_ours_are_made_of_may_be_planned() -> None:
    assert problems(GOOD) == ()


def test_resources_may_be_moved_imported_and_removed() -> None:
    assert problems(changed("moved", to=[{"from": "aws_vpc.a", "to": "aws_vpc.b"}])) == ()
    assert problems(changed("import", to=[{"to": "aws_vpc.a", "id": "vpc-1"}])) == ()
    removed = {"from": "aws_vpc.a", "lifecycle": {"destroy": False}}
    inside = {**removed, "from": 'module.net["a"].module.own.aws_vpc.a'}
    assert problems(changed("removed", to=[removed, inside])) == ()


@pytest.mark.parametrize("variant", ["demo", "everything"])
def test_every_stack_that_we_synthesise_may_be_planned(variant: str) -> None:
    made = synthesised(variant)
    rules = allowed(Names.of(made.pipeline))
    for name, stack in made.stacks.items():
        assert untrusted.problems(name, stack, rules) == ()


EVIL = {
    "a program as data source": changed("data", "external", to={"x": {"program": ["sh"]}}),
    "a provider that Slipway does not use": changed(
        "terraform", "required_providers", "evil", to={"source": "evil/evil", "version": "1.0.0"}
    ),
    "another provider under our name": changed(
        "terraform", "required_providers", "aws", to={"source": "evil/aws", "version": provider.VERSION}
    ),
    "our provider under another name": changed(
        "terraform",
        "required_providers",
        "local",
        to={"source": provider.SOURCE, "version": provider.VERSION},
    ),
    "another registry": changed(
        "terraform", "required_providers", "aws", to={"source": "evil.example/hashicorp/aws"}
    ),
    "another version": changed(
        "terraform", "required_providers", "aws", to={"source": "aws", "version": ">= 5"}
    ),
    "a provider that nobody names": changed("resource", "null_resource", to={"x": {}}),
    "a resource's own provider": changed("resource", "aws_vpc", to={"x": {"provider": "evil.x"}}),
    "another state's outputs": changed("data", "terraform_remote_state", to={"x": {"backend": "http"}}),
    "an endpoint for the token": changed(
        "provider", "aws", to=[{"endpoints": [{"sts": "https://e.example"}]}]
    ),
    "a file with a credential process": changed("provider", "aws", to=[{"shared_config_files": ["x"]}]),
    "a proxy": changed("provider", "aws", to=[{"http_proxy": "http://e.example"}]),
    "a state elsewhere": changed("terraform", "backend", "s3", "bucket", to="evil"),
    "another stack's state": changed("terraform", "backend", "s3", "key", to="my-app/my-app-prod.tfstate"),
    "a state's endpoint": changed("terraform", "backend", "s3", "endpoints", to={"s3": "https://e.example"}),
    "a state on the machine": changed("terraform", "backend", to={"local": {"path": "/tmp/x"}}),
    "no state named": changed("terraform", "backend", to={}),
    "somebody's cloud": changed("terraform", "cloud", to={"organization": "evil"}),
    "a module": changed("module", to={"x": {"source": "git::https://e.example/x"}}),
    "an ephemeral resource": changed("ephemeral", to={"aws_secretsmanager_secret_version": {"x": {}}}),
    "a check's data source": changed("check", to={"x": {"data": {"external": {"y": {}}}}}),
    "a provisioner": changed(
        "resource", "terraform_data", "x", to={"provisioner": [{"local-exec": {"command": "env"}}]}
    ),
    "a removed resource's provisioner": changed("removed", to=[{"provisioner": {"local-exec": {}}}]),
    "a file's content": changed("output", to={"x": {"value": '${file("/proc/self/environ")}'}}),
    "a file in a key": changed("locals", to={'${filebase64("/etc/passwd")}': 1}),
    "a file, spaced out": changed("locals", to={"x": '${ templatefile /* ( */ ("a", {})}'}),
    "a file, its function's whole name": changed("locals", to={"x": '${core::file("a")}'}),
    "an import for a provider": changed("import", to=[{"to": "null_resource.x", "id": "1"}]),
    "an import by a provider": changed("import", to=[{"to": "aws_vpc.x", "id": "1", "provider": "evil"}]),
    "an import that is none": changed("import", to="null_resource.x"),
    "a removal of somebody's": changed("removed", to=[{"from": "null_resource.x"}]),
    "a removal in a module": changed("removed", to=[{"from": "module.aws_vpc.null_resource.x"}]),
    "resources as a list": changed("resource", to=[{"external": {}}]),
    "resources of a type as a list": changed("resource", "aws_vpc", to=[{"x": {}}]),
    "a resource as a list": changed("resource", "aws_vpc", "x", to=[{"provider": "evil"}]),
    "providers as a list": changed("provider", to=[{"evil": {}}]),
    "requirements as a list": changed("terraform", "required_providers", to=[{"evil": {}}]),
    "terraform as a list": changed("terraform", to=[GOOD["terraform"]]),
}


@pytest.mark.parametrize("document", EVIL.values(), ids=EVIL.keys())
def test_anything_else_is_refused(document: dict[str, Any]) -> None:
    assert problems(document)


@pytest.mark.parametrize("text", ["[]", "null", "{", '{"a": 1, "a": 2}', '{"x": {"a": 1, "a": 2}}'])
def test_a_text_that_terraform_may_read_in_another_way_is_not_parsed(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        untrusted.parse(text)


def output(directory: Path, document: object = GOOD, name: str = STACK) -> Path:
    """A directory as a synthesis writes it."""
    file = directory / "stacks" / STACK / "cdk.tf.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(document))
    stack = {"name": name, "workingDirectory": f"stacks/{STACK}", "dependencies": []}
    (directory / "manifest.json").write_text(json.dumps({"stacks": {name: stack}}))
    return directory


def test_what_is_taken_over_is_what_was_checked_and_no_file_beside_it(tmp_path: Path) -> None:
    source = output(tmp_path / "source")
    (source / "stacks" / STACK / "evil_override.tf.json").write_text("{}")
    (stack,) = take_over(source, tmp_path / "taken", RULES)
    assert stack.name == STACK
    assert [file.name for file in stack.directory.iterdir()] == ["cdk.tf.json"]
    assert json.loads((stack.directory / "cdk.tf.json").read_text()) == GOOD


def test_a_refused_stack_is_named_with_every_reason_and_nothing_is_written(tmp_path: Path) -> None:
    source = output(tmp_path / "source", EVIL["a program as data source"])
    with pytest.raises(SlipwayError, match=f"{STACK} from an untrusted source is not planned") as refused:
        take_over(source, tmp_path / "taken", RULES)
    assert "data 'external' needs a provider that the stack does not require" in str(refused.value)
    assert not (tmp_path / "taken").exists()


@pytest.mark.parametrize("name", ["../../escape", "/tmp/x", "a/b", "", ".hidden", "a\nb"])
def test_a_stacks_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(SlipwayError, match="is not planned"):
        take_over(output(tmp_path / "source", name=name), tmp_path / "taken", RULES)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    source = output(tmp_path / "source")
    file = source / "stacks" / STACK / "cdk.tf.json"
    file.unlink()
    file.symlink_to(output(tmp_path / "other") / "stacks" / STACK / "cdk.tf.json")
    with pytest.raises(SlipwayError, match="is a symbolic link"):
        take_over(source, tmp_path / "taken", RULES)
