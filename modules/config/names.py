"""Derives every name and ARN from the settings alone, so that stacks can refer to each other by name.

Names that Terraform makes unique with a suffix (Auto Scaling groups) and ids that AWS generates (keys,
networks) are not here: nothing outside their stack refers to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from modules.config import arns
from modules.config.settings import Environment, PipelineSettings


def connections_console(region: str) -> str:
    """Return the URL of the AWS console page on which a person completes a connection's handshake."""
    return f"https://{region}.console.aws.amazon.com/codesuite/settings/connections?region={region}"


@dataclass(frozen=True)
class Limited:
    """A name whose length AWS limits: what it names, the name, and the limit in characters."""

    what: str
    name: str
    limit: int


PUBLISHERS = ("cloudwatch.amazonaws.com", "events.amazonaws.com")
"""The services that publish alerts directly; CodeDeploy publishes with its service role."""


def load_balancer_group(load_balancer: str) -> str:
    """Return the tag ``Name`` of the security group of a load balancer that Slipway created."""
    return f"{load_balancer}-alb"


@dataclass(frozen=True)
class Scope:
    """The account, region and service that names belong to."""

    service: str
    account: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a ``resource`` of an AWS ``service`` in this account and region."""
        return arns.arn(service, resource, region=self.region, account=self.account)

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a ``resource`` of a global AWS ``service``, such as ``iam``, in this account."""
        return arns.arn(service, resource, account=self.account)

    def role_arn(self, role: str) -> str:
        """The ARN of an IAM role of this account, by its name."""
        return self.global_arn("iam", f"role/{role}")

    def bucket_arn(self, bucket: str) -> str:
        """The ARN of a bucket, by its name."""
        return arns.arn("s3", bucket)


@dataclass(frozen=True)
class EnvironmentNames(Scope):
    """The names in one environment's stack, in the environment's own account and region."""

    environment: str
    host_port: int
    key_arn: str | None
    """The key that exists already, in place of one that is created."""

    @property
    def prefix(self) -> str:
        """The prefix of every name in the environment, ``<service>-<environment>``."""
        return f"{self.service}-{self.environment}"

    @property
    def stack(self) -> str:
        return self.prefix

    @property
    def key_alias(self) -> str:
        return f"alias/{self.prefix}"

    @property
    def key(self) -> str:
        """What Parameter Store is told to encrypt secrets with: an alias, or the ARN of a key."""
        return self.key_arn or self.key_alias

    @property
    def load_balancer(self) -> str:
        return self.prefix

    @property
    def target_group(self) -> str:
        """Contains the port, so that the target groups of an old and a new port can exist together."""
        return f"{self.prefix}-{self.host_port}"

    @property
    def load_balancer_log_bucket(self) -> str:
        return f"{self.prefix}-alb-logs-{self.account}-{self.region}"

    @property
    def host_role(self) -> str:
        return f"{self.prefix}-host"

    @property
    def deploy_role(self) -> str:
        return f"{self.prefix}-deploy"

    @property
    def flow_log_role(self) -> str:
        return f"{self.prefix}-flow-logs"

    @property
    def hosts(self) -> str:
        """The tag ``Name`` of the hosts, and the prefix of their Auto Scaling group."""
        return self.prefix

    @property
    def launch_hook(self) -> str:
        """The lifecycle hook that new hosts complete; the name is unique only in its Auto Scaling group."""
        return "first-boot"

    @property
    def failed_launches_rule(self) -> str:
        """The EventBridge rule that reports hosts that failed to launch."""
        return f"{self.prefix}-failed-launches"

    @property
    def deployment_group(self) -> str:
        return self.prefix

    @property
    def deployment_group_arn(self) -> str:
        return self.arn("codedeploy", f"deploymentgroup:{self.service}/{self.deployment_group}")

    @property
    def dashboard(self) -> str:
        return self.prefix

    @property
    def parameter_path(self) -> str:
        """The path of the service's configuration in Parameter Store, without a trailing slash."""
        return f"/{self.service}/{self.environment}"

    def log_group(self, what: str) -> str:
        """A log group: ``app``, ``agent``, ``deployments``, ``sessions``, ``flow-logs`` or ``run``."""
        return f"/{self.service}/{self.environment}/{what}"

    def alarm(self, what: str) -> str:
        """An alarm, for example ``alb-5xx``."""
        return f"{self.prefix}-{what}"

    @property
    def run_project(self) -> str:
        """The CodeBuild project that runs a command in the service's image."""
        return f"{self.prefix}-run"

    @property
    def run_role(self) -> str:
        """The service role of that project."""
        return f"{self.prefix}-run"

    @property
    def run_policy(self) -> str:
        """The policy for people who may run any command in the environment."""
        return f"{self.prefix}-run"

    @property
    def shell_policy(self) -> str:
        """The policy for people who may open a session on a host."""
        return f"{self.prefix}-shell"

    @property
    def session_document(self) -> str:
        """The Session Manager document with which sessions on hosts of the environment are opened."""
        return f"{self.prefix}-shell"

    @property
    def metric_namespace(self) -> str:
        """The CloudWatch namespace of the metrics that the environment's hosts publish."""
        return f"{self.service}/{self.environment}"

    def limited(self) -> Iterator[Limited]:
        """Yield every name of the environment that settings could make longer than AWS allows."""
        yield Limited("load balancer", self.load_balancer, 32)
        yield Limited("target group", self.target_group, 32)
        yield Limited("load balancer log bucket", self.load_balancer_log_bucket, 63)
        yield Limited("flow log role", self.flow_log_role, 64)
        yield Limited("deployment group", self.deployment_group, 100)
        yield Limited("event rule", self.failed_launches_rule, 64)


@dataclass(frozen=True)
class Names(Scope):
    """The names of the stacks that all environments share."""

    pipeline: PipelineSettings

    @classmethod
    def of(cls, pipeline: PipelineSettings) -> "Names":
        """Return the names derived from the settings."""
        return cls(pipeline.service, pipeline.account, pipeline.region, pipeline)

    def environment(self, environment: Environment) -> EnvironmentNames:
        """Return the names of one of the environments."""
        return EnvironmentNames(
            self.service,
            environment.account or self.account,
            environment.region or self.region,
            environment.name,
            self.pipeline.hosts.host_port,
            environment.key_arn,
        )

    @property
    def created_buckets(self) -> list[str]:
        """The ARNs of the buckets that are created; one pattern covers those of load balancers' logs."""
        logs = f"{self.service}-*-alb-logs-{self.account}-{self.region}"
        return [self.bucket_arn(bucket) for bucket in (self.artifact_bucket, logs)]

    @property
    def existing_load_balancers(self) -> list[str]:
        """The names of the load balancers that exist already and get a rule of the service."""
        named = (environment.existing_load_balancer for environment in self.pipeline.environments)
        return sorted(
            {balancer.name or (balancer.listener or "").split("/")[2] for balancer in named if balancer}
        )

    @property
    def creates_keys(self) -> bool:
        """Whether any of the stacks creates a key."""
        return None in (self.pipeline.key_arn, *(names.key_arn for names in self.environments))

    @property
    def encryption_keys(self) -> list[str]:
        """The ARNs of the keys that exist already, in place of ones that are created."""
        named = (self.pipeline.key_arn, *(names.key_arn for names in self.environments))
        return sorted({arn for arn in named if arn})

    @property
    def existing_keys(self) -> list[str]:
        """The ARNs of all keys that exist already: that of an existing topic, too."""
        return sorted({*self.encryption_keys, *filter(None, [self.pipeline.alerts.topic_key_arn])})

    @cached_property
    def environments(self) -> tuple[EnvironmentNames, ...]:
        """The names of every environment, in the order in which releases reach them."""
        return tuple(self.environment(environment) for environment in self.pipeline.environments)

    # stacks and their state

    @property
    def foundation_stack(self) -> str:
        return f"{self.service}-foundation"

    @property
    def delivery_stack(self) -> str:
        return f"{self.service}-delivery"

    @property
    def access_stack(self) -> str:
        return f"{self.service}-access"

    @property
    def stacks(self) -> tuple[str, ...]:
        """The names of all stacks, in the order in which they are first applied."""
        environments = tuple(environment.stack for environment in self.environments)
        return (self.foundation_stack, self.access_stack, *environments, self.delivery_stack)

    @property
    def state_bucket(self) -> str:
        return self.pipeline.state_bucket or f"{self.service}-tfstate-{self.account}-{self.region}"

    def state_key(self, stack: str) -> str:
        """Return the object key of a stack's state in the state bucket."""
        return f"{self.service}/{stack}.tfstate"

    # foundation

    @property
    def key_alias(self) -> str:
        return f"alias/{self.service}"

    @property
    def artifact_bucket(self) -> str:
        return f"{self.service}-artifacts-{self.account}-{self.region}"

    @property
    def source_artifact_prefix(self) -> str:
        """The prefix of CodePipeline's copies of the source; it uses 20 characters of the pipeline's name."""
        return f"{self.delivery_pipeline[:20]}/Source/"

    @property
    def revision_artifact_prefix(self) -> str:
        """The prefix of the revisions that CodePipeline deploys."""
        return f"{self.delivery_pipeline[:20]}/Revision/"

    @property
    def revision_prefix(self) -> str:
        """The prefix of the revisions that builds keep by commit, for rollbacks: ``<commit>.zip`` follows."""
        return "revisions/"

    @property
    def repository(self) -> str:
        return self.pipeline.registry.repository or self.service

    @property
    def cache_repository(self) -> str:
        return f"{self.service}-cache"

    @property
    def registry_host(self) -> str:
        """The host that images of this account and region are pulled from."""
        return f"{self.account}.dkr.ecr.{self.region}.amazonaws.com"

    @property
    def topic(self) -> str:
        existing = self.pipeline.alerts.topic_arn
        return existing.rpartition(":")[2] if existing else f"{self.service}-alerts"

    @property
    def topic_arn(self) -> str:
        return self.pipeline.alerts.topic_arn or self.arn("sns", self.topic)

    @property
    def application(self) -> str:
        """The CodeDeploy application."""
        return self.service

    # delivery

    @property
    def delivery_key_alias(self) -> str:
        return f"alias/{self.service}-delivery"

    @property
    def connection(self) -> str:
        return self.pipeline.source.connection or self.service

    @property
    def build_project(self) -> str:
        return f"{self.service}-build"

    @property
    def build_role(self) -> str:
        return f"{self.service}-build"

    @property
    def build_log_group(self) -> str:
        return f"/{self.service}/delivery/build"

    @property
    def delivery_pipeline(self) -> str:
        return self.service

    @property
    def pipeline_role(self) -> str:
        return f"{self.service}-pipeline"

    @property
    def source_event_role(self) -> str:
        return f"{self.service}-source-events"

    def event_rule(self, what: str) -> str:
        """An EventBridge rule of the delivery stack, for example ``pipeline``."""
        return f"{self.service}-{what}"

    @property
    def runbooks(self) -> str:
        """The URL of the runbooks on the repository's provider, if it is known; otherwise their path."""
        source = self.pipeline.source
        pages = {
            "GitHub": f"https://github.com/{source.repository}/blob/{source.branch}/",
            "GitLab": f"https://gitlab.com/{source.repository}/-/blob/{source.branch}/",
            "Bitbucket": f"https://bitbucket.org/{source.repository}/src/{source.branch}/",
        }
        return f"{pages.get(source.provider, '') if source.repository else ''}docs/runbooks"

    @property
    def codebuild_projects(self) -> list[str]:
        """The ARNs of all CodeBuild projects; one pattern covers those that run commands."""
        runs = [f"{self.service}-*-run"] if self.pipeline.release else []
        return [self.arn("codebuild", f"project/{project}") for project in (self.build_project, *runs)]

    # access

    @property
    def plan_role(self) -> str:
        return f"{self.service}-plan"

    @property
    def apply_role(self) -> str:
        return f"{self.service}-apply"

    def apply_policy(self, what: str) -> str:
        """Return the name of one of the policies of CI's apply role."""
        return f"{self.apply_role}-{what}"

    @property
    def viewer_policy(self) -> str:
        return f"{self.service}-viewer"

    @property
    def operator_policy(self) -> str:
        return f"{self.service}-operator"

    def shared_limited(self) -> Iterator[Limited]:
        """Yield the names of ``limited`` that all environments share."""
        yield Limited("artifact bucket", self.artifact_bucket, 63)
        yield Limited("state bucket", self.state_bucket, 63)
        yield Limited("source event role", self.source_event_role, 64)
        yield Limited("event rule", self.event_rule("pipeline-failures"), 64)
        if self.pipeline.source.makes_connection:
            yield Limited("connection", self.connection, 32)

    def limited(self) -> Iterator[Limited]:
        """Yield every name that settings could make longer than AWS allows."""
        yield from self.shared_limited()
        for environment in self.environments:
            yield from environment.limited()
