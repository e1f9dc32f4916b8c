"""Requests that CI's plan role is denied, and principals that are denied the role."""

from tests.security.account import Account
from tests.security.denials.denial import Denial, Subject, assuming, with_token
from tests.security.uses.use import with_key

ALLOWED = "repo:example/my-app:pull_request"
"""The subject that the committed pipeline.toml allows."""


def denials(account: Account) -> list[Denial]:
    """Denied requests of the plan role, and requests that its trust policy denies."""
    plan = Subject(account, account.roles[account.names.plan_role])
    return [*_changes(account, plan), *_content(account, plan), *_trust(account, plan)]


def _changes(account: Account, plan: Subject) -> list[Denial]:
    names, arn, staging = account.names, account.names.arn, account.names.environments[0]
    state = f"{names.bucket_arn(names.state_bucket)}/{names.state_key(names.foundation_stack)}"
    return [
        plan.never("CI writes Terraform's state", "s3:PutObject", state),
        plan.never("CI locks Terraform's state", "s3:PutObject", f"{state}.tflock"),
        plan.never("CI deletes Terraform's state", "s3:DeleteObject", state),
        plan.never("CI adds a policy to its own role", "iam:PutRolePolicy", plan.role.arn),
        plan.never(
            "CI changes the trust policy of its own role", "iam:UpdateAssumeRolePolicy", plan.role.arn
        ),
        plan.never(
            "CI changes GitHub's identity provider",
            "iam:AddClientIDToOpenIDConnectProvider",
            account.oidc_provider,
        ),
        plan.never(
            "CI starts a build", "codebuild:StartBuild", arn("codebuild", f"project/{names.build_project}")
        ),
        plan.never("CI deploys", "codedeploy:CreateDeployment", staging.deployment_group_arn),
        plan.never(
            "CI starts a release",
            "codepipeline:StartPipelineExecution",
            arn("codepipeline", names.delivery_pipeline),
        ),
        plan.never(
            "CI terminates a host", "ec2:TerminateInstances", arn("ec2", "instance/i-0123456789abcdef0")
        ),
        plan.never(
            "CI adds a rule to a security group",
            "ec2:AuthorizeSecurityGroupIngress",
            arn("ec2", "security-group/sg-0123456789abcdef0"),
        ),
    ]


def _content(account: Account, plan: Subject) -> list[Denial]:
    names, arn, staging = account.names, account.names.arn, account.names.environments[0]
    state = names.bucket_arn(names.state_bucket)
    own = f"{state}/{names.state_key(names.foundation_stack)}"
    kept = f"{names.bucket_arn(names.artifact_bucket)}/{names.revision_prefix}1.zip"
    parameter = staging.arn("ssm", f"parameter{staging.parameter_path}/PASSWORD")
    log = arn("logs", f"log-group:{staging.log_group('app')}")
    builder = account.roles[names.build_role]
    return [
        plan.not_on(
            "CI reads another service's state",
            "s3:GetObject",
            f"{state}/other-app/other-app-foundation.tfstate",
            but_on=own,
            but="reading this service's state",
        ),
        plan.not_but("CI reads a revision", builder, "s3:GetObject", kept),
        plan.not_but(
            "CI pulls an image", builder, "ecr:BatchGetImage", arn("ecr", f"repository/{names.repository}")
        ),
        plan.never("CI reads a parameter's value", "ssm:GetParameter", parameter),
        plan.never("CI reads the service's log", "logs:GetLogEvents", f"{log}:log-stream:app"),
        plan.never(
            "CI decrypts with an environment's key",
            "kms:Decrypt",
            account.key(staging.key_alias),
            with_key(account, staging.key_alias),
        ),
        plan.never(
            "CI reads a secret",
            "secretsmanager:GetSecretValue",
            arn("secretsmanager", "secret:database-AbCdEf"),
        ),
    ]


def _trust(account: Account, plan: Subject) -> list[Denial]:
    github = account.oidc_provider
    gitlab = github.replace("token.actions.githubusercontent.com", "gitlab.com")
    granted = with_token(plan.role, github, ALLOWED)
    refused = {
        "CI of another repository plans": "repo:example/other:pull_request",
        "CI of a fork plans": "repo:mallory/my-app:pull_request",
        "CI of an owner whose name has the same beginning plans": "repo:example-evil/my-app:pull_request",
        "CI of a repository whose name has the same beginning plans": "repo:example/my-app-evil:pull_request",
        "CI plans from a push to a branch": "repo:example/my-app:ref:refs/heads/main",
        "CI plans from a branch named pull_request": "repo:example/my-app:ref:refs/heads/pull_request",
        "CI plans from a tag": "repo:example/my-app:ref:refs/tags/v1",
        "CI plans from a deployment environment": "repo:example/my-app:environment:prod",
        "A token with the claim of a reusable workflow is accepted": "job_workflow_ref:example/my-app",
    }
    but = "the same by CI for a pull request of this repository"
    admin = account.names.role_arn("admin")
    return [
        *(
            Denial(what, with_token(plan.role, github, subject), but, granted)
            for what, subject in refused.items()
        ),
        Denial(
            "A token for another audience is accepted",
            with_token(plan.role, github, ALLOWED, audience="https://github.com/example"),
            but,
            granted,
        ),
        Denial(
            "A token of another identity provider is accepted",
            with_token(plan.role, gitlab, ALLOWED),
            but,
            granted,
        ),
        Denial("An administrator assumes CI's role", assuming(account, plan.role, admin), but, granted),
    ]
