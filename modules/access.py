"""The access stack: policies for people and CI's roles. A person applies it, never CI."""

from collections.abc import Sequence

from constructs_lib.github_role import GitHubRole
from constructs_lib.managed_policy import ManagedPolicy

from cdktf import TerraformOutput
from constructs import Construct

from modules import (
    apply_permissions,
    command_permissions,
    operator_permissions,
    plan_permissions,
    viewer_permissions,
)
from modules.config.names import EnvironmentNames, Names
from modules.config.settings import Access, PipelineSettings
from modules.stack import PipelineStack


class AccessStack(PipelineStack):
    """Policies for the people who run the service and, if the settings have ``access``, roles for CI.

    Its children are public: ``viewer``, a policy for reading; ``operator``, a policy for changes; ``plan``,
    CI's role for plans, which reads the resources' settings but no content; and ``apply``, CI's role for
    applying, if the settings have ``apply_subjects``.
    """

    def __init__(self, scope: Construct, pipeline: PipelineSettings) -> None:
        self._names = Names.of(pipeline)
        super().__init__(scope, self._names.access_stack, self._names)
        self.viewer = ManagedPolicy(
            self,
            "viewer",
            name=self._names.viewer_policy,
            description=f"Look at {pipeline.service}: what runs, what can run, logs, plain configuration.",
            statements=viewer_permissions.viewer(self._names),
        )
        self.operator = ManagedPolicy(
            self,
            "operator",
            name=self._names.operator_policy,
            description=f"Run {pipeline.service}: look, go back, deploy, approve, configure.",
            statements=operator_permissions.operator(self._names),
        )
        TerraformOutput(self, "viewer_policy_arn", value=self.viewer.arn)
        TerraformOutput(self, "operator_policy_arn", value=self.operator.arn)
        for environment in self._names.environments:
            self._policies_of(environment, runs=pipeline.release is not None)
        self.plan = self._plan(pipeline, pipeline.access) if pipeline.access else None
        if pipeline.access and self.plan and pipeline.access.apply_subjects:
            self.apply = self._apply(pipeline.access.apply_subjects, self.plan.provider_arn)

    def _policies_of(self, environment: EnvironmentNames, *, runs: bool) -> None:
        """The environment's policies for sessions on hosts and for commands in the service's image.

        runs: whether commands can be run.
        """
        place = f"{environment.service} in {environment.environment}"
        ManagedPolicy(
            self,
            f"shell-{environment.environment}",
            name=environment.shell_policy,
            description=f"Open a session on a host of {place}: whoever does reads its configuration.",
            statements=command_permissions.shell(environment),
        )
        if runs:
            ManagedPolicy(
                self,
                f"run-{environment.environment}",
                name=environment.run_policy,
                description=f"Run any command of {place}, with its configuration and secrets.",
                statements=command_permissions.run(environment),
            )

    def _plan(self, pipeline: PipelineSettings, access: Access) -> GitHubRole:
        plan = GitHubRole(
            self,
            "plan",
            name=self._names.plan_role,
            description=f"CI plans the stacks of {pipeline.service} with it, and changes nothing.",
            subjects=access.github_subjects,
            provider_arn=access.oidc_provider_arn,
        )
        plan_permissions.grant(plan.role, self._names)
        TerraformOutput(self, "plan_role_arn", value=plan.role.arn)
        return plan

    def _apply(self, subjects: Sequence[str], provider_arn: str) -> GitHubRole:
        """CI's role for applying: a plan's permissions inline, and larger managed policies."""
        names = self._names
        apply = GitHubRole(
            self,
            "apply",
            name=names.apply_role,
            description=f"CI applies the stacks of {names.service} with it, but not the access stack.",
            subjects=subjects,
            provider_arn=provider_arn,
        )
        plan_permissions.grant(apply.role, names)
        for what, statements in apply_permissions.ci(names).items():
            policy = ManagedPolicy(
                self,
                f"apply-{what}",
                name=names.apply_policy(what),
                description=f"Apply the stacks of {names.service}: {what}.",
                statements=statements,
            )
            apply.role.attach(what, policy.arn)
        TerraformOutput(self, "apply_role_arn", value=apply.role.arn)
        return apply
