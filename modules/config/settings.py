"""What pipeline.toml says: the settings of one service's pipeline, frozen.

Every field is documented where it stands, in the words that the JSON Schema for editors shows. What one
value may be is a rule beside its type; what values must be to each other is in checks.py.
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
    """A table of pipeline.toml: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class App(Settings):
    """The containerised service."""

    port: Annotated[Number, values.CONTAINER_PORT] = 8080
    """The TCP port that the container listens on; hosts.host_port is the host's. Default: 8080."""
    health_path: Annotated[str, values.HEALTH_PATH] = "/readyz"
    """Where the load balancer and the deployment ask whether the service is ready. Default: /readyz."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The CPU that the image is built for and the hosts have. Default: x86_64."""
    aws_access: Flag = False
    """Whether the container may use the host's AWS role. Default: false."""
    health_seconds: Annotated[Number, values.HEALTH_SECONDS] = 120
    """How long a release has to answer its health path five times in a row, in seconds. Default: 120."""
    stop_seconds: Annotated[Number, values.STOP_SECONDS] = 30
    """How long the container has to end after SIGTERM, in seconds; then it is killed. Default: 30."""
    memory_mib: Annotated[Number, values.MEMORY_MIB] | None = None
    """The container's memory, in MiB. Default: what the host has, less a fifth or 512 MiB, whichever is
    more."""
    cpus: Annotated[float, Strict(), values.CPUS] | None = None
    """How many of the host's CPUs the container may use, such as 1.5. Default: all."""
    pids: Annotated[Number, values.PIDS] = 1024
    """How many processes and threads the container may have. Default: 1024."""
    tmpfs: Annotated[tuple[Annotated[str, values.TMPFS], ...], values.TMPFS_LIST] = (values.TMP,)
    """The directories that the container may write to, and no others; they are in memory, which counts as the
    container's. Default: /tmp."""


class HostSettings(Settings):
    """The hosts, in every environment."""

    host_port: Annotated[Number, values.PORT] = 8080
    """The TCP port that hosts listen on for the load balancer. It cannot be changed while an environment
    runs; app.port can. Default: 8080."""
    codedeploy_agent: Annotated[str, values.CODEDEPLOY_AGENT] = "1.8.1-26"
    """The version of CodeDeploy's agent on new hosts; 2.x, without Ruby, works too. Default: 1.8.1-26."""
    max_age_days: Annotated[Number, values.MAX_AGE_DAYS] | None = None
    """At which age Auto Scaling replaces a host, in days, 1 to 365; new hosts have a new image. Default:
    never."""


class S3SourceSettings(Settings):
    """A zip in S3 in place of a repository; uploading a new version starts the pipeline."""

    bucket: Annotated[str, sources.BUCKET_NAME] | None = None
    """A versioned bucket, encrypted with S3's own keys, that sends its events to EventBridge. Default: the
    artifact bucket."""
    key: Annotated[str, sources.KEY] = "source/source.zip"
    """The object. Default: source/source.zip."""


class Source(Settings):
    """Where commits come from: a repository through a connection, or an object in S3."""

    repository: Annotated[str, sources.REPOSITORY_NAME] | None = None
    """The repository, as owner/name; a GitLab group may hold groups. Default: none; then s3 has to be
    given."""
    branch: Annotated[str, sources.BRANCH] = "main"
    """The branch whose pushes are released. Default: main."""
    paths: Annotated[tuple[Annotated[str, sources.PATTERN], ...], sources.PATTERNS] = (
        *("app/**", "buildspec.yml", "appspec.yml", "pipeline.*", "scripts/*.sh", "scripts/build/**"),
    )
    """A push releases only if it changes a file that one of these patterns, at most 8, matches: * stays in a
    folder, ** does not. Default: what an image or a revision is made of."""
    provider: Literal["GitHub", "GitLab", "Bitbucket", "GitHubEnterpriseServer"] = "GitHub"
    """Who hosts the repository, where the connection is made here. Default: GitHub."""
    connection: Annotated[str, sources.CONNECTION_NAME] | None = None
    """The name of the connection to make. Default: the service's name."""
    connection_arn: Annotated[str, arns.CONNECTION] | None = None
    """A connection that exists already. Default: none; one is made."""
    s3: S3SourceSettings | None = None
    """In place of a repository: an object in S3. Default: none."""

    @property
    def makes_connection(self) -> bool:
        """Whether the foundation makes the connection to the repository's host."""
        return self.s3 is None and self.connection_arn is None


class Alerts(Settings):
    """Who is told when something is wrong."""

    emails: Annotated[tuple[Annotated[str, values.EMAIL], ...], values.EMAILS]
    """Addresses that each receive every alert, once they have confirmed AWS's first e-mail."""


class Registry(Settings):
    """The image repository."""

    administrators: tuple[Annotated[str, arns.ADMINISTRATOR], ...] = ()
    """ARNs of IAM roles or users, * and ? allowed, that may pull and push besides the pipeline.
    Default: none."""
    keep_images: Annotated[Number, values.KEEP_IMAGES] = 500
    """How many commits' images are kept to go back to, the newest. Default: 500."""
    immutable_tags: Flag = False
    """Whether ECR itself refuses to overwrite any tag but latest; it takes AWS provider 6. Default: false."""
    fail_on_critical: Flag = False
    """Whether a build fails if its image's scan finds something critical. Default: false; the build says
    so."""


class ReleaseSettings(Settings):
    """What is run in the service's image beside the service: once for each release, and by slipway run."""

    command: Annotated[tuple[Annotated[str, values.WORD], ...], values.COMMAND] | None = None
    """The words of a command that runs once for each release into an environment, before any host is touched,
    such as ["python", "-m", "app.migrate"]. A release that is tried again runs it again. Default: none."""
    minutes: Annotated[Number, values.COMMAND_MINUTES] = 30
    """How long it may take, and what slipway run starts, in minutes. Default: 30."""


class Access(Settings):
    """How CI, in GitHub Actions, gets the role that it plans with, and the one that it applies with."""

    github_subjects: Annotated[tuple[Annotated[str, sources.SUBJECT_NAME], ...], sources.SUBJECTS]
    """The OIDC subjects that may plan, exactly as GitHub sends them; * and ? allowed."""
    apply_subjects: Annotated[tuple[Annotated[str, sources.SUBJECT_NAME], ...], sources.SUBJECTS] | None = (
        None
    )
    """The OIDC subjects that may apply, such as repo:owner/name:environment:apply; they need
    permissions_boundary. Default: none; no role to apply with is made."""
    oidc_provider_arn: Annotated[str, arns.OIDC_PROVIDER] | None = None
    """GitHub's OIDC provider of the account, if it exists already. Default: none; it is made here."""


class MinimumHealthy(Settings):
    """How many hosts must stay in service during a deployment: hosts or percent."""

    hosts: Annotated[Number, values.HEALTHY_HOSTS] | None = None
    """This many hosts stay in service; fewer than minimum_hosts. Default: none; percent is given."""
    percent: Annotated[Number, values.PERCENT] | None = None
    """This share of the hosts stays in service, in percent, rounded up to whole hosts. Default: none; hosts
    is given."""
    zone_minutes: Annotated[Number, values.ZONE_MINUTES] | None = None
    """With percent: one Availability Zone after the other gets the release, the share counts in each, and
    CodeDeploy waits this long after each zone but the last, in minutes. Default: none; zones do not
    matter."""


def _kind_of_zones(value: object) -> str:
    return NAMES if isinstance(value, list | tuple) else COUNT


def _kind_of_deployment(value: object) -> str:
    return HEALTHY if isinstance(value, dict | MinimumHealthy) else SPEED


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
    """When the alarms go off: over five minutes, and over one while a release is watched."""

    alb_5xx: Threshold = 10
    """Answers with 5xx that the load balancer itself gives, in five minutes. Default: 10."""
    target_5xx: Threshold = 10
    """Answers with 5xx that the service gives, in five minutes. Default: 10."""
    latency_seconds: Annotated[float, Strict(), values.LATENCY] = 1.0
    """The 95th percentile of the service's response time, in seconds, of 200 requests at least.
    Default: 1.0."""
    unhealthy_hosts: Threshold = 1
    """Hosts that fail the load balancer's health check. Default: 1."""


class Egress(Settings):
    """Where hosts may open connections to, beside HTTPS: one TCP port of one of the two."""

    port: Annotated[Number, values.EGRESS_PORT]
    """The TCP port, such as 5432."""
    cidr: Annotated[str, networks.ALLOWED] | None = None
    """The IPv4 range that may be reached. Default: none; then security_group has to be given."""
    security_group: Annotated[str, networks.SECURITY_GROUP] | None = None
    """The id of the security group whose members may be reached; a rule of its own lets the hosts in.
    Default: none."""


class Environment(Settings):
    """One place where the service runs: its network, load balancer and hosts."""

    name: Annotated[str, values.ENVIRONMENT]
    """Lower-case letters, digits, hyphens; part of every name in the environment."""
    approval: Flag = False
    """Whether a person must approve each release into it. Default: false."""
    account: Account | None = None
    """The AWS account; another than the service's is not supported yet. Default: the service's."""
    region: Region | None = None
    """The AWS region; another than the service's is not supported yet. Default: the service's."""
    cidr: Annotated[str, networks.NETWORK]
    """The network's private IPv4 range, /16 to /24; no two environments may overlap."""
    zones: Zones = 2
    """Zones that hosts run in: how many (1 to 4, the first that the account has) or which. The load balancer
    always spans two at least. Default: 2."""
    instance_type: Annotated[str, values.INSTANCE] = "t3.small"
    """The hosts' EC2 instance type. Default: t3.small, or t4g.small on arm64."""
    minimum_hosts: Hosts = 2
    """The fewest hosts; with one, every release interrupts the service. Default: 2."""
    maximum_hosts: Hosts = 4
    """The most hosts that load can bring. Default: 4."""
    desired_hosts: Hosts | None = None
    """The hosts to start with; load moves it afterwards. Default: minimum_hosts."""
    deployment: Deployment = "one_at_a_time"
    """How fast a release goes through the hosts, or what stays in service meanwhile. Default:
    one_at_a_time."""
    watch_minutes: Annotated[Number, values.WATCH_MINUTES] = 0
    """How long each host watches a release that takes requests before the next host's turn, in minutes, 50 at
    most; an alarm that comes on meanwhile sends the release back. Default: 0, which watches nothing."""
    quiet_minutes: Annotated[Number, values.QUIET_MINUTES] = 0
    """How long the alarm target-5xx must stay quiet after a release, in minutes, before the pipeline goes on
    to the next environment; otherwise the stage fails. Default: 0, which does not ask."""
    nat: Literal["single", "per_zone"] = "single"
    """NAT gateways: a single one, or one in each zone, which survives the loss of a zone. Default: single."""
    certificate_arn: Annotated[str, arns.CERTIFICATE] | None = None
    """An ACM certificate for HTTPS. Default: none; one is made for domain, or plain_http has to be true."""
    domain: Annotated[str, networks.DOMAIN] | None = None
    """The service's domain: its certificate, validation and alias record are made. Default: none."""
    hosted_zone: Annotated[str, networks.HOSTED_ZONE] | None = None
    """The Route 53 public hosted zone, by name, that the domain lies in. Default: none."""
    plain_http: Flag = False
    """Whether HTTP is served without encryption. Default: false."""
    allowed_cidrs: Annotated[tuple[Annotated[str, networks.ALLOWED], ...], networks.ALLOWED_LIST] = (
        "0.0.0.0/0",
    )
    """IPv4 ranges that may reach the load balancer. Default: the whole internet."""
    egress: tuple[Egress, ...] = ()
    """Where hosts, and so the service, may open connections to beside HTTPS. Default: nowhere."""
    alarms: Thresholds = Thresholds()
    """When the alarms go off. Default: as each says."""
    deletion_protection: Flag = True
    """Whether the load balancer refuses to be deleted. Default: true."""
    dashboard: Flag = True
    """Whether a CloudWatch dashboard is made. Default: true."""

    @property
    def zone_count(self) -> int:
        """In how many zones the hosts run."""
        return self.zones if isinstance(self.zones, int) else len(self.zones)


class PipelineSettings(Settings):
    """pipeline.toml, whole."""

    service: Annotated[str, values.SERVICE]
    """The service's name: the container's, the repository's, and the beginning of every name."""
    account: Account
    """The AWS account, 12 digits."""
    region: Region
    """The AWS region, for example eu-central-1."""
    state_bucket: Annotated[str, sources.BUCKET_NAME] | None = None
    """The S3 bucket for Terraform's state. Default: <service>-tfstate-<account>-<region>."""
    terraform: Literal["terraform", "tofu"] | None = None
    """The program that applies the stacks. Default: terraform, or tofu where only that is on the PATH."""
    log_retention_days: Annotated[Number, values.RETENTION] = 30
    """How long logs are kept, in days. Default: 30."""
    permissions_boundary: Annotated[str, arns.BOUNDARY] | None = None
    """The ARN of a policy that bounds every role made here. Default: none."""
    codedeploy_managed_policy: Flag = False
    """Whether CodeDeploy's roles get AWS's managed policy AWSCodeDeployRole in place of the narrower one made
    here, which AWS does not confirm to be enough. Default: false."""
    tags: Annotated[dict[str, str], values.TAGS] = Field(default_factory=dict)
    """Tags for every resource, beside service, environment and managed-by. Default: none."""
    app: App = App()
    """The containerised service. Default: as each of its keys says."""
    hosts: HostSettings = Field(default_factory=HostSettings)
    """The hosts, in every environment. Default: as each of its keys says."""
    source: Source
    """Where commits come from."""
    registry: Registry = Registry()
    """The image repository. Default: as each of its keys says."""
    release: ReleaseSettings | None = None
    """What is run in the service's image beside the service. Default: none; nothing can be."""
    alerts: Alerts
    """Who is told when something is wrong."""
    access: Access | None = None
    """How CI gets the role that it plans with. Default: none; there is no such role."""
    environments: Annotated[tuple[Environment, ...], values.ENVIRONMENTS]
    """Where the service runs, in the order in which a release passes through."""

    @field_validator("environments")
    @classmethod
    def _fit_the_architecture(
        cls, environments: tuple[Environment, ...], info: ValidationInfo
    ) -> tuple[Environment, ...]:
        """Gives an environment that names no instance type one that runs the service's architecture."""
        app = info.data.get("app", App())
        fitting = {"instance_type": values.DEFAULT_INSTANCE_TYPES[app.architecture]}
        return tuple(
            environment
            if "instance_type" in environment.model_fields_set
            else environment.model_copy(update=fitting)
            for environment in environments
        )
