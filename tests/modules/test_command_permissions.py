"""Who may run commands, and who may open sessions: in one environment, and nobody who only operates."""

from constructs_lib.policy import Statement

from modules import command_permissions, operator_permissions
from modules.config.names import Names
from tests.settings import everything
from tests.synthesis import synthesised

NAMES = Names.of(everything())
STAGING, PROD = NAMES.environments


def resources(statements: list[Statement], action: str) -> set[str]:
    return {resource for one in statements if action in one.actions for resource in one.resources}


def test_whoever_may_run_commands_may_in_one_environment() -> None:
    started = resources(command_permissions.run(PROD), "codebuild:StartBuild")
    assert started == {"arn:aws:codebuild:eu-central-1:123456789012:project/my-app-prod-run"}
    assert not any(
        "staging" in resource for one in command_permissions.run(PROD) for resource in one.resources
    )


def test_a_session_is_opened_on_hosts_of_one_environment_with_the_document_that_logs_it() -> None:
    on_hosts, by_document = command_permissions.shell(STAGING)
    checked = {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}}
    assert on_hosts.conditions == {
        "StringEquals": {"ssm:resourceTag/service": "my-app", "ssm:resourceTag/environment": "staging"},
        **checked,
    }
    assert by_document.resources == ["arn:aws:ssm:eu-central-1:123456789012:document/my-app-staging-shell"]
    assert by_document.conditions == checked


def test_whoever_only_operates_may_neither() -> None:
    allowed = {action for each in operator_permissions.operator(NAMES) for action in each.actions}
    assert not allowed & {"codebuild:StartBuild", "ssm:StartSession", "ssm:SendCommand"}


def test_hosts_have_the_tags_that_a_session_is_allowed_by() -> None:
    for hosts in synthesised("everything").resources("aws_autoscaling_group"):
        tags = {each["key"]: each["value"] for each in hosts["tag"]}
        assert (tags["service"], tags["environment"]) == ("my-app", hosts.stack.removeprefix("my-app-"))


def test_the_access_stack_makes_a_policy_of_each_for_each_environment() -> None:
    made = {resource["name"] for resource in synthesised("everything").resources("aws_iam_policy")}
    wanted = {
        name
        for environment in NAMES.environments
        for name in (environment.run_policy, environment.shell_policy)
    }
    assert wanted <= made
    made = {resource["name"] for resource in synthesised("http").resources("aws_iam_policy")}
    assert not any(name.endswith("-run") for name in made)
