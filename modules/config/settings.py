"""The settings in pipeline.toml, as frozen pydantic models.

The docstring of every field is also its description in the JSON Schema for editors. A rule for a single value
is part of the field's type; rules that compare values are in ``checks/``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Strict, Tag, ValidationInfo, field_validator

from modules.config import arns, networks, sources, values

Flag = Annotated[bool, Strict()]
Number = Annotated[int, Strict()]
Account = Annotated[str, values.ACCOUNT]
Region = Annotated[str, values.REGION]
Hosts = Annotated[Number, values.HOSTS]
Threshold = Annotated[Number, values.THRESHOLD]

COUNT, NAMES = "<count>", "<names>"
SPEED, HEALTHY = "<speed>", "<healthy>"


class Settings(BaseModel):
    """A table of pipeline.toml: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class App(Settings):
    """The containerised service."""

    port: Annotated[Number, values.CONTAINER_PORT] = 8080
    """The TCP port that the container listens on; hosts.host_port is the host's. Default: 8080."""
    health_path: Annotated[str, values.HEALTH_PATH] = "/readyz"
    """The path at which the load balancer and deployments check that the service is ready. Default:
    /readyz."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The CPU architecture of the image and the hosts. Default: x86_64."""
    aws_access: Flag = False
    """Whether the container may use the host's AWS role. Default: false."""
    health_seconds: Annotated[Number, values.HEALTH_SECONDS] = 120
    """Within how many seconds a release must answer its health path five times in a row. Default: 120."""
    stop_seconds: Annotated[Number, values.STOP_SECONDS] = 30
    """How long the container may take to stop after SIGTERM before it is killed, in seconds. Default: 30."""
    memory_mib: Annotated[Number, values.MEMORY_MIB] | None = None
    """The container's memory limit, in MiB. Default: the host's memory, less a fifth or 512 MiB, whichever
    is more."""
    cpus: Annotated[float, Strict(), values.CPUS] | None = None
    """How many of the host's CPUs the container may use, such as 1.5. Default: all."""
    pids: Annotated[Number, values.PIDS] = 1024
    """How many processes and threads the container may have. Default: 1024."""
    tmpfs: Annotated[tuple[Annotated[str, values.TMPFS], ...], values.TMPFS_LIST] = (values.TMP,)
    """The only directories that the container may write to. They are kept in memory and count towards the
    container's memory limit. Default: /tmp."""


class HostSettings(Settings):
    """The hosts, in every environment."""

    host_port: Annotated[Number, values.PORT] = 8080
    """The TCP port that hosts listen on for the load balancer. It cannot be changed once an environment
    exists; app.port can. Default: 8080."""
    codedeploy_agent: Annotated[str, values.CODEDEPLOY_AGENT] = "1.8.1-26"
    """The version of CodeDeploy's agent on new hosts; 2.x, which needs no Ruby, also works. Default:
    1.8.1-26."""
    max_age_days: Annotated[Number, values.MAX_AGE_DAYS] | None = None
    """The age at which Auto Scaling replaces a host, in days, 1 to 365; new hosts start from the newest
    AMI. Default: never."""


class S3SourceSettings(Settings):
    """A zip file in S3 instead of a repository; uploading a new version starts the pipeline."""

    bucket: Annotated[str, sources.BUCKET_NAME] | None = None
    """A versioned bucket, encrypted with S3's own keys, that sends its events to EventBridge. Default: the
    artifact bucket."""
    key: Annotated[str, sources.KEY] = "source/source.zip"
    """The object's key. Default: source/source.zip."""


class Source(Settings):
    """Where commits come from: a repository through a connection, or an object in S3."""

    repository: Annotated[str, sources.REPOSITORY_NAME] | None = None
    """The repository, as owner/name; a GitLab group may have subgroups. Default: none; s3 is then
    required."""
    branch: Annotated[str, sources.BRANCH] = "main"
    """The branch whose pushes are released. Default: main."""
    paths: Annotated[tuple[Annotated[str, sources.PATTERN], ...], sources.PATTERNS] = (
        *("app/**", "buildspec.yml", "appspec.yml", "pipeline.*", "scripts/*.sh", "scripts/build/**"),
    )
    """At most 8 patterns. A push starts a release only if it changes a file that matches one of them: *
    matches within a folder, ** across folders. Default: all files that go into an image or a revision."""
    provider: Literal["GitHub", "GitLab", "Bitbucket", "GitHubEnterpriseServer"] = "GitHub"
    """The provider of the repository, for a connection that is created here. Default: GitHub."""
    connection: Annotated[str, sources.CONNECTION_NAME] | None = None
    """The name of the connection to create. Default: the service's name."""
    connection_arn: Annotated[str, arns.CONNECTION] | None = None
    """The ARN of an existing connection. Default: none; one is created."""
    s3: S3SourceSettings | None = None
    """An object in S3 instead of a repository. Default: none."""

    @property
    def makes_connection(self) -> bool:
        """Whether the foundation stack creates the connection to the repository's provider."""
        return self.s3 is None and self.connection_arn is None


class Alerts(Settings):
    """Who receives alerts."""

    emails: Annotated[tuple[Annotated[str, values.EMAIL], ...], values.EMAILS] | None = None
    """E-mail addresses that receive all alerts, once they have confirmed AWS's first e-mail. Default: none;
    topic_arn is then required."""
    topic_arn: Annotated[str, arns.TOPIC] | None = None
    """The ARN of an existing SNS topic that receives all alerts; its policy must let CloudWatch and
    EventBridge publish. Default: none; a topic is created for emails."""
    topic_key_arn: Annotated[str, arns.KEY] | None = None
    """The ARN of the KMS key that encrypts the existing topic. Default: none; the topic is not encrypted."""


class Registry(Settings):
    """The image repository."""

    repository: Annotated[str, sources.ECR_REPOSITORY] | None = None
    """The name of an existing ECR repository for the service's images. Default: none; one is created."""
    administrators: tuple[Annotated[str, arns.ADMINISTRATOR], ...] = ()
    """ARNs of IAM roles or users, * and ? allowed, that may pull and push in addition to the pipeline.
    Default: none."""
    keep_images: Annotated[Number, values.KEEP_IMAGES] = 500
    """How many of the newest images are kept, which limits how far back a rollback can go. Default: 500."""
    immutable_tags: Flag = False
    """Whether ECR refuses to overwrite any tag but latest; needs AWS provider 6. Default: false."""
    fail_on_critical: Flag = False
    """Whether a build fails if the scan of its image has critical findings. Default: false; the build's log
    reports them."""


class ReleaseSettings(Settings):
    """Commands in the service's image beside the service: one per release, and those of slipway run."""

    command: Annotated[tuple[Annotated[str, values.WORD], ...], values.COMMAND] | None = None
    """The words of a command that runs once per release into an environment, before the deployment to hosts,
    such as ["python", "-m", "app.migrate"]. If a release is retried, it runs again. Default: none."""
    minutes: Annotated[Number, values.COMMAND_MINUTES] = 30
    """How long the command, or one that slipway run starts, may take, in minutes. Default: 30."""


class Access(Settings):
    """Which GitHub Actions workflows may assume CI's roles for plan and apply."""

    github_subjects: Annotated[tuple[Annotated[str, sources.SUBJECT_NAME], ...], sources.SUBJECTS]
    """The OIDC subjects that may plan, exactly as GitHub sends them; * and ? are allowed."""
    apply_subjects: Annotated[tuple[Annotated[str, sources.SUBJECT_NAME], ...], sources.SUBJECTS] | None = (
        None
    )
    """The OIDC subjects that may apply, such as repo:owner/name:environment:apply; requires
    permissions_boundary. Default: none; no role for applying is created."""
    oidc_provider_arn: Annotated[str, arns.OIDC_PROVIDER] | None = None
    """The ARN of the account's OIDC provider for GitHub, if it exists. Default: none; it is created."""


class MinimumHealthy(Settings):
    """How many hosts must stay in service during a deployment; set either hosts or percent."""

    hosts: Annotated[Number, values.HEALTHY_HOSTS] | None = None
    """How many hosts stay in service; fewer than minimum_hosts. Default: none, if percent is set."""
    percent: Annotated[Number, values.PERCENT] | None = None
    """The share of hosts that stays in service, in percent, rounded up to whole hosts. Default: none, if
    hosts is set."""
    zone_minutes: Annotated[Number, values.ZONE_MINUTES] | None = None
    """With percent: CodeDeploy deploys to one Availability Zone after the other and waits this long after
    every zone but the last, in minutes; the share also applies to each zone. Default: none; zones are
    ignored."""


def _kind_of_zones(value: object) -> str:
    return NAMES if isinstance(value, list | tuple) else COUNT


def _kind_of_deployment(value: object) -> str:
    return HEALTHY if isinstance(value, dict | MinimumHealthy) else SPEED


SubnetIds = Annotated[tuple[Annotated[str, networks.SUBNET], ...], networks.SUBNET_LIST]
Zones = Annotated[
    Annotated[Number, values.ZONES, Tag(COUNT)]
    | Annotated[tuple[Annotated[str, networks.ZONE], ...], networks.ZONE_LIST, Tag(NAMES)],
    Discriminator(_kind_of_zones),
]
Deployment = Annotated[
    Annotated[Literal["one_at_a_time", "half_at_a_time", "all_at_once"], Tag(SPEED)]
    | Annotated[MinimumHealthy, Tag(HEALTHY)],
    Discriminator(_kind_of_deployment),
]


class Thresholds(Settings):
    """The thresholds of the alarms, per five minutes, and per minute while a release is watched."""

    alb_5xx: Threshold = 10
    """Responses with status 5xx from the load balancer itself, in five minutes. Default: 10."""
    target_5xx: Threshold = 10
    """Responses with status 5xx from the service, in five minutes. Default: 10."""
    latency_seconds: Annotated[float, Strict(), values.LATENCY] = 1.0
    """The 95th percentile of the service's response time, in seconds, if there are at least 200 requests.
    Default: 1.0."""
    unhealthy_hosts: Threshold = 1
    """The number of hosts that fail the load balancer's health check. Default: 1."""


class ExistingNetwork(Settings):
    """A VPC that exists already, with its subnets, by id or by tags; nothing in it is created or changed."""

    vpc: Annotated[str, networks.VPC] | None = None
    """The VPC's id. Default: none; then vpc_tags is required."""
    vpc_tags: Annotated[dict[str, str], values.TAGS] = Field(default_factory=dict)
    """Tags that only this VPC of the account and region has. Default: none."""
    private_subnets: SubnetIds | None = None
    """The ids of the hosts' subnets, with a route to a NAT gateway. Default: none; then private_tags is
    required."""
    private_tags: Annotated[dict[str, str], values.TAGS] = Field(default_factory=dict)
    """Tags that only the hosts' subnets have, as many as zones says. Default: none."""
    public_subnets: SubnetIds | None = None
    """The ids of the subnets for a load balancer that is created, in two zones at least. Default: none; then
    public_tags or load_balancer is required."""
    public_tags: Annotated[dict[str, str], values.TAGS] = Field(default_factory=dict)
    """Tags that only the subnets for a load balancer have, as many as zones says, two at least. Default:
    none."""


class ExistingLoadBalancer(Settings):
    """An Application Load Balancer that exists already: the service gets a rule on its HTTPS listener."""

    name: Annotated[str, networks.LOAD_BALANCER] | None = None
    """The load balancer's name; its listener is the one on port 443. Default: the platform's; without
    platform, name or listener is required."""
    listener: Annotated[str, arns.LISTENER] | None = None
    """The ARN of its HTTPS listener. Default: none; it is found by name."""
    host_names: Annotated[tuple[Annotated[str, networks.HOST_NAME], ...], networks.HOST_NAMES] | None = None
    """The host names whose requests the service gets. Default: domain, or all."""
    paths: Annotated[tuple[Annotated[str, networks.PATH], ...], networks.PATHS] | None = None
    """The paths whose requests the service gets; priority is then required. Default: all."""
    priority: Annotated[Number, values.PRIORITY] | None = None
    """The number of the service's rule, 1 to 50000; rules with lower numbers are tried first. Default: the
    next free number."""
    security_group: Annotated[str, networks.SECURITY_GROUP] | None = None
    """The id of its security group, the only source that may reach the hosts. Default: the platform's;
    without platform it is required."""
    egress_rule: Flag = True
    """Whether that security group gets a rule that lets it connect to the hosts; without the rule, the
    group must allow it already. Default: true."""


class Egress(Settings):
    """A destination, other than HTTPS, to which hosts may connect: set cidr or security_group."""

    port: Annotated[Number, values.EGRESS_PORT]
    """The TCP port, such as 5432."""
    cidr: Annotated[str, networks.ALLOWED] | None = None
    """The IPv4 range of the destination. Default: none; security_group is then required."""
    security_group: Annotated[str, networks.SECURITY_GROUP] | None = None
    """The id of the destination's security group, which must itself allow connections from the hosts.
    Default: none."""


class Environment(Settings):
    """One environment of the service: its network, load balancer and hosts."""

    name: Annotated[str, values.ENVIRONMENT]
    """The environment's name: lower-case letters, digits, hyphens; part of every name in it."""
    approval: Flag = False
    """Whether a person must approve every release into the environment. Default: false."""
    account: Account | None = None
    """The AWS account. Default: the service's account; others are not supported yet."""
    region: Region | None = None
    """The AWS region. Default: the service's region; others are not supported yet."""
    cidr: Annotated[str, networks.NETWORK] | None = None
    """The private IPv4 range, /16 to /24, of the network that is created; no two environments may overlap.
    Default: none; then network or platform is required."""
    network: ExistingNetwork | None = None
    """A network that exists already, in place of one that is created. Default: none; then cidr or platform is
    required."""
    platform: Annotated[str, values.PLATFORM] | None = None
    """An environment of another service or of this one, as <service>-<environment>, whose network and load
    balancer this one shares. Default: none."""
    load_balancer: ExistingLoadBalancer | None = None
    """A load balancer that exists already, in place of one that is created; needs network or platform.
    Default: the platform's, or none."""
    zones: Zones = 2
    """The Availability Zones of the hosts: their number (1 to 4, the account's first zones) or a list of
    names. The load balancer always spans at least two. Default: 2."""
    instance_type: Annotated[str, values.INSTANCE] = "t3.small"
    """The hosts' EC2 instance type. Default: t3.small, or t4g.small on arm64."""
    minimum_hosts: Hosts = 2
    """The minimum number of hosts; with one, every release interrupts the service. Default: 2."""
    maximum_hosts: Hosts = 4
    """The maximum number of hosts to which Auto Scaling scales under load. Default: 4."""
    desired_hosts: Hosts | None = None
    """The initial number of hosts, which Auto Scaling then adjusts to load. Default: minimum_hosts."""
    deployment: Deployment = "one_at_a_time"
    """To how many hosts a release is deployed at a time, or how many stay in service meanwhile. Default:
    one_at_a_time."""
    watch_minutes: Annotated[Number, values.WATCH_MINUTES] = 0
    """How long a deployment watches every host under traffic before it continues with the next, in minutes,
    at most 50; if an alarm goes off meanwhile, the release is rolled back. Default: 0, no watching."""
    quiet_minutes: Annotated[Number, values.QUIET_MINUTES] = 0
    """How long the alarm target-5xx must stay OK after a release, in minutes, before the pipeline continues
    with the next environment; otherwise the stage fails. Default: 0, no check."""
    nat: Literal["single", "per_zone"] = "single"
    """NAT gateways: a single one, or one per zone, which survives the loss of a zone. Default: single."""
    endpoints: Flag = False
    """Interface endpoints in place of NAT gateways: hosts and the service have no way to the internet. They
    cost more than a single NAT gateway. With network: that network has such endpoints, and hosts use them.
    Default: false."""
    certificate_arn: Annotated[str, arns.CERTIFICATE] | None = None
    """The ARN of an ACM certificate for HTTPS. Default: none; one is created for domain, or plain_http must
    be true."""
    domain: Annotated[str, networks.DOMAIN] | None = None
    """The service's domain, for which certificate and DNS records are created. Default: none."""
    hosted_zone: Annotated[str, networks.HOSTED_ZONE] | None = None
    """The name of the Route 53 public hosted zone that contains the domain. Default: none."""
    plain_http: Flag = False
    """Whether to serve plain HTTP without a certificate. Default: false."""
    allowed_cidrs: Annotated[tuple[Annotated[str, networks.ALLOWED], ...], networks.ALLOWED_LIST] = (
        "0.0.0.0/0",
    )
    """IPv4 ranges that may reach the load balancer. Default: the whole internet."""
    egress: tuple[Egress, ...] = ()
    """Destinations, in addition to HTTPS, to which the hosts and the service may connect. Default: none."""
    alarms: Thresholds = Thresholds()
    """The thresholds of the alarms. Default: see each of its keys."""
    key_arn: Annotated[str, arns.KEY] | None = None
    """The ARN of an existing KMS key for the environment's logs and secrets. Default: none; a key is
    created."""
    access_log_bucket: Annotated[str, sources.BUCKET_NAME] | None = None
    """An existing bucket for the load balancer's access logs, whose policy allows their delivery. Default:
    none; one is created."""
    deletion_protection: Flag = True
    """Whether the load balancer has deletion protection. Default: true."""
    dashboard: Flag = True
    """Whether to create a CloudWatch dashboard. Default: true."""

    @property
    def existing_network(self) -> ExistingNetwork | None:
        """The network that exists already: the one that is named, or the platform's."""
        if self.platform is None:
            return self.network
        return ExistingNetwork(
            vpc_tags={"Name": self.platform}, private_tags={"Name": f"{self.platform}-private-*"}
        )

    @property
    def existing_load_balancer(self) -> ExistingLoadBalancer | None:
        """The load balancer that exists already: the one that is named, or the platform's."""
        if self.platform is None:
            return self.load_balancer
        requests = self.load_balancer or ExistingLoadBalancer()
        return requests.model_copy(update={"name": self.platform})

    @property
    def makes_endpoints(self) -> bool:
        """Whether interface endpoints are created; a network that exists has its own."""
        return self.endpoints and self.existing_network is None

    @property
    def zone_count(self) -> int:
        """The number of zones that the hosts run in."""
        if self.network and self.network.private_subnets:
            return len(self.network.private_subnets)
        return self.zones if isinstance(self.zones, int) else len(self.zones)


class PipelineSettings(Settings):
    """The whole of pipeline.toml."""

    service: Annotated[str, values.SERVICE]
    """The service's name, also of the container and the image repository; every name begins with it."""
    account: Account
    """The AWS account, 12 digits."""
    region: Region
    """The AWS region, such as eu-central-1."""
    state_bucket: Annotated[str, sources.BUCKET_NAME] | None = None
    """The S3 bucket for Terraform's state. Default: <service>-tfstate-<account>-<region>."""
    terraform: Literal["terraform", "tofu"] | None = None
    """The program that applies the stacks. Default: terraform, or tofu if only that is on the PATH."""
    key_arn: Annotated[str, arns.KEY] | None = None
    """The ARN of an existing KMS key for what all environments share: artifacts, images, alerts, build logs.
    Default: none; two keys are created."""
    log_retention_days: Annotated[Number, values.RETENTION] = 30
    """Retention of logs in days. Default: 30."""
    permissions_boundary: Annotated[str, arns.BOUNDARY] | None = None
    """The ARN of the policy that is the permissions boundary of every role. Default: none."""
    codedeploy_managed_policy: Flag = False
    """Whether CodeDeploy's roles get AWS's managed policy AWSCodeDeployRole instead of Slipway's narrower
    one, which AWS does not confirm to be sufficient. Default: false."""
    tags: Annotated[dict[str, str], values.TAGS] = Field(default_factory=dict)
    """Tags for every resource, in addition to service, environment and managed-by. Default: none."""
    app: App = App()
    """The containerised service. Default: see each of its keys."""
    hosts: HostSettings = Field(default_factory=HostSettings)
    """The hosts, in every environment. Default: see each of its keys."""
    source: Source
    """Where commits come from."""
    registry: Registry = Registry()
    """The image repository. Default: see each of its keys."""
    release: ReleaseSettings | None = None
    """Commands in the service's image beside the service. Default: none; no commands can be run."""
    alerts: Alerts
    """Who receives alerts."""
    access: Access | None = None
    """Which GitHub Actions workflows may assume CI's roles. Default: none; there are no such roles."""
    environments: Annotated[tuple[Environment, ...], values.ENVIRONMENTS]
    """The environments of the service, in the order in which releases reach them."""

    def own_platform(self, environment: Environment) -> Environment | None:
        """The environment of this service that is another one's platform; None if it has none of these."""
        # In a draft, an environment with a wrong name has none.
        named = {f"{self.service}-{own.name}": own for own in self.environments if hasattr(own, "name")}
        return named.get(environment.platform or "")

    @property
    def own_platforms(self) -> dict[str, str]:
        """By the name of an environment: that of its platform, if it is one of this service."""
        found = ((environment.name, self.own_platform(environment)) for environment in self.environments)
        return {name: platform.name for name, platform in found if platform}

    @property
    def makes_endpoints(self) -> bool:
        """Whether interface endpoints are created for an environment."""
        return any(environment.makes_endpoints for environment in self.environments)

    @field_validator("environments")
    @classmethod
    def _fit_the_architecture(
        cls, environments: tuple[Environment, ...], info: ValidationInfo
    ) -> tuple[Environment, ...]:
        """Set the instance type of environments that name none, according to ``app.architecture``."""
        app = info.data.get("app", App())
        fitting = {"instance_type": values.DEFAULT_INSTANCE_TYPES[app.architecture]}
        return tuple(
            environment
            if "instance_type" in environment.model_fields_set
            else environment.model_copy(update=fitting)
            for environment in environments
        )
