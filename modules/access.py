"""The access stack: the role that CI plans with. A person applies it, never CI."""

from constructs_lib.github_role import GitHubRole

from cdktf import TerraformOutput
from constructs import Construct

from modules import plan_permissions
from modules.config.names import Names
from modules.config.settings import Access, Pipeline
from modules.stack import PipelineStack


class AccessStack(PipelineStack):
    """What CI may do: read what it takes to plan, and nothing that holds content.

    Its child ``plan`` is public.
    """

    def __init__(self, scope: Construct, pipeline: Pipeline, access: Access) -> None:
        names = Names.of(pipeline)
        super().__init__(scope, names.access_stack, pipeline)
        self.plan = GitHubRole(
            self,
            "plan",
            name=names.plan_role,
            description=f"CI plans the stacks of {pipeline.service} with it, and changes nothing.",
            subjects=access.github_subjects,
            provider_arn=access.oidc_provider_arn,
        )
        plan_permissions.grant(self.plan.role, names)
        TerraformOutput(self, "plan_role_arn", value=self.plan.role.arn)
