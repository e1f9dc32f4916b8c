"""Reads pipeline.toml: the settings of one service's pipeline, validated and frozen.

Every field is documented where it stands, in the words that the JSON Schema for editors shows.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """A table of pipeline.toml: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class App(Settings):
    """The containerised service."""

    port: int = 8080
    """The TCP port that the container listens on, on the host as well; 8080."""
    health_path: str = "/readyz"
    """Where the load balancer and the deployment ask whether the service is ready; /readyz."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The CPU that the image is built for and the hosts have; x86_64."""
    aws_access: bool = False
    """Whether the container may use the host's AWS role; it cannot unless this is true."""


class S3Source(Settings):
    """A zip in S3 in place of a repository; uploading a new version starts the pipeline."""

    bucket: str | None = None
    """A versioned bucket that sends its events to EventBridge; the artifact bucket if not said."""
    key: str = "source/source.zip"
    """The object; source/source.zip."""


class Source(Settings):
    """Where commits come from: a repository through a connection, or an object in S3."""

    repository: str | None = None
    """The repository, as owner/name."""
    branch: str = "main"
    """The branch whose pushes are released; main."""
    paths: tuple[str, ...] = ("app/**", "buildspec.yml", "appspec.yml", "scripts/**")
    """A push releases only if it changes one of these; at most 8 patterns."""
    provider: Literal["GitHub", "GitLab", "Bitbucket", "GitHubEnterpriseServer"] = "GitHub"
    """Who hosts the repository, where the connection is made here; GitHub."""
    connection: str | None = None
    """The name of the connection to make; the service's name."""
    connection_arn: str | None = None
    """A connection that exists already, used in place of making one."""
    s3: S3Source | None = None
    """In place of a repository: an object in S3."""


class Alerts(Settings):
    """Who is told when something is wrong."""

    emails: tuple[str, ...]
    """Addresses that each receive every alert, once they have confirmed AWS's first e-mail."""


class Registry(Settings):
    """The image repository."""

    administrators: tuple[str, ...] = ()
    """ARNs of IAM roles or users, * and ? allowed, that may pull and push besides the pipeline."""
    keep_images: int = 500
    """How many commits' images are kept to go back to; the newest 500."""
    fail_on_critical: bool = False
    """Whether a build fails if its image's scan finds something critical; it only says so."""


class Access(Settings):
    """How CI, in GitHub Actions, gets the role that it plans with."""

    github_subjects: tuple[str, ...]
    """The OIDC subjects that may plan, exactly as GitHub sends them; * and ? allowed."""
    oidc_provider_arn: str | None = None
    """GitHub's OIDC provider of the account, if it exists already; made here if not said."""


class MinimumHealthy(Settings):
    """How many hosts must stay in service during a deployment: one of the two."""

    hosts: int | None = None
    percent: int | None = None


class Thresholds(Settings):
    """When the alarms go off; each over the five minutes before."""

    alb_5xx: int = 10
    """Answers with 5xx that the load balancer itself gives, in five minutes; 10."""
    target_5xx: int = 10
    """Answers with 5xx that the service gives, in five minutes; 10."""
    latency_seconds: float = 1.0
    """The 95th percentile of the service's response time, in seconds; 1.0."""
    unhealthy_hosts: int = 1
    """Hosts that fail the load balancer's health check; 1."""


class Environment(Settings):
    """One place where the service runs: its network, load balancer and hosts."""

    name: str
    """Lower-case letters, digits, hyphens; part of every name in the environment."""
    approval: bool = False
    """Whether a person must approve each release into it; nobody is asked unless true."""
    account: str | None = None
    """The AWS account; the service's (another is not supported yet)."""
    region: str | None = None
    """The AWS region; the service's (another is not supported yet)."""
    cidr: str
    """The network's IPv4 range, /16 to /24; no two environments may overlap."""
    zones: int | tuple[str, ...] = 2
    """Zones that hosts run in: how many (1 to 4, the first that the account has) or which; 2.
    The load balancer always spans two at least."""
    instance_type: str = "t3.small"
    """The hosts' EC2 instance type; t3.small, or t4g.small on arm64."""
    minimum_hosts: int = 2
    """The fewest hosts; 2. With one, every release interrupts the service."""
    maximum_hosts: int = 4
    """The most hosts that load can bring; 4."""
    desired_hosts: int | None = None
    """The hosts to start with; the minimum. Load moves it afterwards."""
    deployment: Literal["one_at_a_time", "half_at_a_time", "all_at_once"] | MinimumHealthy = "one_at_a_time"
    """How fast a release goes through the hosts; one at a time."""
    nat: Literal["single", "per_zone"] = "single"
    """NAT gateways: a single one, or one in each zone, which survives the loss of a zone; single."""
    certificate_arn: str | None = None
    """An ACM certificate for HTTPS; or name a domain and its hosted zone."""
    domain: str | None = None
    """The service's domain: its certificate, validation and alias record are made."""
    hosted_zone: str | None = None
    """The Route 53 public hosted zone, by name, that the domain lies in."""
    plain_http: bool = False
    """Serve HTTP without encryption; refused unless said."""
    allowed_cidrs: tuple[str, ...] = ("0.0.0.0/0",)
    """IPv4 ranges that may reach the load balancer; the whole internet."""
    alarms: Thresholds = Thresholds()
    """When the alarms go off."""
    deletion_protection: bool = True
    """Whether the load balancer refuses to be deleted; it does."""
    dashboard: bool = True
    """Whether a CloudWatch dashboard is made; it is."""


class Pipeline(Settings):
    """pipeline.toml, whole."""

    service: str
    """The service's name: the container's, the repository's, and the beginning of every name."""
    account: str
    """The AWS account, 12 digits."""
    region: str
    """The AWS region, for example eu-central-1."""
    state_bucket: str | None = None
    """The S3 bucket for Terraform's state; <service>-tfstate-<account>-<region>."""
    log_retention_days: int = 30
    """How long logs are kept, in days; 30."""
    permissions_boundary: str | None = None
    """The ARN of a policy that bounds every role made here; none."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Tags for every resource, beside service, environment and managed-by."""
    app: App = App()
    """The containerised service."""
    source: Source
    """Where commits come from."""
    registry: Registry = Registry()
    """The image repository."""
    alerts: Alerts
    """Who is told when something is wrong."""
    access: Access | None = None
    """How CI gets the role that it plans with; without it there is no such role."""
    environments: tuple[Environment, ...]
    """Where the service runs, in the order in which a release passes through."""
