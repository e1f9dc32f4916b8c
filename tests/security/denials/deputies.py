"""Confused deputies: AWS services must not use these roles for another account."""

from tests.security.account import Account, Role
from tests.security.denials.denial import Denial, assuming
from tests.security.evaluation import Context


def denials(account: Account) -> list[Denial]:
    """Requests that roles' trust policies deny, to their own AWS service and to other principals."""
    names = account.names
    staging, prod = names.environments[0], names.environments[-1]
    build = account.roles[names.build_role]
    deploy = account.roles[staging.deploy_role]
    flow_logs = account.roles[staging.flow_log_role]
    project = names.arn("codebuild", f"project/{names.build_project}")
    flow_log = names.arn("ec2", "vpc-flow-log/fl-0123456789abcdef0")
    return [
        *_from_elsewhere(account, build, "codebuild.amazonaws.com", "CodeBuild builds", project),
        *_from_elsewhere(
            account, deploy, "codedeploy.amazonaws.com", "CodeDeploy deploys", staging.deployment_group_arn
        ),
        *_from_elsewhere(
            account, flow_logs, "vpc-flow-logs.amazonaws.com", "VPC delivers flow logs", flow_log
        ),
        _refused(
            account,
            build,
            "codebuild.amazonaws.com",
            "Another build project of this account assumes the build's role",
            ours=_source(account, project),
            theirs=_source(account, names.arn("codebuild", "project/other-app-build")),
        ),
        _refused(
            account,
            deploy,
            "codedeploy.amazonaws.com",
            "Prod's deployment assumes staging's role",
            ours=_source(account, staging.deployment_group_arn),
            theirs=_source(account, prod.deployment_group_arn),
        ),
        *_wrong_service(account),
    ]


def of_source_events(account: Account) -> list[Denial]:
    """The same for the role that starts the pipeline, which exists only with a source in S3."""
    names = account.names
    role, events = account.roles[names.source_event_role], "events.amazonaws.com"
    rule = names.arn("events", f"rule/{names.event_rule('source')}")
    return [
        *_from_elsewhere(account, role, events, "EventBridge starts the pipeline", rule),
        _refused(
            account,
            role,
            events,
            "Another rule of this account starts the pipeline",
            ours=_source(account, rule),
            theirs=_source(account, names.arn("events", "rule/other-app-source")),
        ),
    ]


def _from_elsewhere(account: Account, role: Role, principal: str, what: str, source: str) -> list[Denial]:
    """The service acts for another account, without a source, or with another source account."""
    ours = _source(account, source)
    theirs = {key: _elsewhere(account, value) for key, value in ours.items()}
    mixed = {**ours, "aws:SourceAccount": theirs["aws:SourceAccount"]}
    return [
        _refused(
            account, role, principal, f"{what} for another account with {role.name}", ours=ours, theirs=theirs
        ),
        _refused(
            account,
            role,
            principal,
            f"{what} with {role.name}, without a source account and ARN",
            ours=ours,
            theirs={},
        ),
        _refused(
            account,
            role,
            principal,
            f"{what} with {role.name}, with this account's ARN but another source account",
            ours=ours,
            theirs=mixed,
        ),
    ]


def _wrong_service(account: Account) -> list[Denial]:
    names = account.names
    staging = names.environments[0]
    host, pipeline = account.roles[staging.host_role], account.roles[names.pipeline_role]
    ec2, codepipeline = "ec2.amazonaws.com", "codepipeline.amazonaws.com"
    admin, build = names.role_arn("admin"), names.role_arn(names.build_role)
    foreign = "arn:aws:iam::999999999999:role/admin"
    pairs = [
        ("Lambda assumes the hosts' role", host, "lambda.amazonaws.com", ec2),
        ("An administrator assumes the hosts' role", host, admin, ec2),
        ("Another account assumes the hosts' role", host, foreign, ec2),
        ("A build assumes the pipeline's role", pipeline, build, codepipeline),
        ("EC2 assumes the pipeline's role", pipeline, ec2, codepipeline),
        ("CodeBuild assumes the pipeline's role", pipeline, "codebuild.amazonaws.com", codepipeline),
    ]
    return [
        Denial(what, assuming(account, role, wrong), f"the same by {right}", assuming(account, role, right))
        for what, role, wrong, right in pairs
    ]


def _refused(
    account: Account, role: Role, principal: str, what: str, *, ours: Context, theirs: Context
) -> Denial:
    return Denial(
        what,
        assuming(account, role, principal, theirs),
        "the same for the role's own resource",
        assuming(account, role, principal, ours),
    )


def _source(account: Account, arn: str) -> dict[str, str]:
    return {"aws:SourceAccount": account.names.account, "aws:SourceArn": arn}


def _elsewhere(account: Account, value: str) -> str:
    return value.replace(account.names.account, "999999999999")
