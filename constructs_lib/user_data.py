"""Renders the cloud-init user data that sets up a host at its first start.

``user_data.sh`` holds the steps; this file renders the files that it writes first. They hold no secrets:
everyone who may describe a launch template can read its user data.
"""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SCRIPT = Path(__file__).with_suffix(".sh")
LIMIT_BYTES = 16 * 1024  # docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
END = "END_OF_FILE"

AGENT_LOG = "/var/log/aws/codedeploy-agent/codedeploy-agent.log"
DEPLOYMENTS_LOG = "/opt/codedeploy-agent/deployment-root/deployment-logs/codedeploy-agent-deployments.log"
"""docs.aws.amazon.com/codedeploy/latest/userguide/deployments-view-logs.html"""
CLOUD_INIT_LOG = "/var/log/cloud-init-output.log"


@dataclass(frozen=True, kw_only=True)
class HostFacts:
    """The settings of a host for the scripts that run on it; how to run the service is part of a revision.

    service, environment: their names.
    region: the host's region.
    registry: the image registry, ``<account>.dkr.ecr.<region>.amazonaws.com``.
    repository: the image repository's name.
    port: the TCP port that the host listens on for the load balancer.
    app_log_group, agent_log_group, deployment_log_group: receive the output of the containers, of the
        CodeDeploy agent and the first boot, and of the hooks.
    parameter_path: the path of the service's configuration in Parameter Store.
    aws_access: whether containers can use the host's role; if not, the scripts refuse a release that
        needs it.
    codedeploy_agent: the version of CodeDeploy's agent, with its build: ``1.8.1-26``.
    launch_hook: the lifecycle hook of the Auto Scaling group that a new host completes once it is ready.
    endpoints: whether CodeDeploy's agent gets its commands by way of an interface endpoint. Default: no.
    """

    service: str
    environment: str
    region: str
    registry: str
    repository: str
    port: int
    app_log_group: str
    agent_log_group: str
    deployment_log_group: str
    parameter_path: str
    architecture: Literal["x86_64", "arm64"]
    aws_access: bool
    codedeploy_agent: str
    launch_hook: str
    endpoints: bool = False

    @property
    def agent_package(self) -> str:
        """The agent's object key in AWS's buckets, in the form that ``LATEST_VERSION`` there uses.

        docs.aws.amazon.com/codedeploy/latest/userguide/codedeploy-agent-operations-version.html
        """
        own = "aarch64" if self.architecture == "arm64" else "x86_64"
        build = "noarch" if self.codedeploy_agent.startswith("1.") else own
        return f"codedeploy-agent-{self.codedeploy_agent}.{build}.rpm"

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages to install from Amazon Linux; the agent's version 1.x needs Ruby, 3.2 at most."""
        ruby = ("ruby3.2",) if self.codedeploy_agent.startswith("1.") else ()
        return ("docker", *ruby)


def user_data(facts: HostFacts) -> str:
    """Return the script that cloud-init runs; equal facts give the same script.

    Raises ValueError if the script exceeds the 16 KB that EC2 accepts, or a fact contains a line break.
    """
    files = "".join(
        (
            _file("/etc/slipway/host.env", host_env(facts)),
            _file("/etc/slipway/cloudwatch-agent.json", cloudwatch_agent(facts)),
            _file("/etc/docker/daemon.json", docker_daemon()),
            _file("/etc/systemd/system/codedeploy-agent.service.d/slipway.conf", AGENT_UNIT),
        )
    )
    script = SCRIPT.read_text(encoding="utf-8").replace("# @files@\n", files)
    script = script.replace("@agent@", facts.agent_package).replace("@packages@", " ".join(facts.packages))
    script = script.replace("  # @agent settings@\n", AGENT_BY_ENDPOINT if facts.endpoints else "")
    size = len(script.encode())
    if size > LIMIT_BYTES:
        raise ValueError(f"user data may have at most {LIMIT_BYTES} bytes, received {size}")
    return script


def host_env(facts: HostFacts) -> str:
    """Return the facts as variable assignments for a shell; every value is quoted."""
    variables = {
        "SERVICE": facts.service,
        "ENVIRONMENT": facts.environment,
        "REGION": facts.region,
        "REGISTRY": facts.registry,
        "REPOSITORY": facts.repository,
        "HOST_PORT": str(facts.port),
        "APP_LOG_GROUP": facts.app_log_group,
        "AGENT_LOG_GROUP": facts.agent_log_group,
        "PARAMETER_PATH": facts.parameter_path,
        "ARCHITECTURE": facts.architecture,
        "AWS_ACCESS": "true" if facts.aws_access else "false",
        "LAUNCH_HOOK": facts.launch_hook,
    }
    for name, value in variables.items():
        if not value.isprintable():
            raise ValueError(f"{name} must be one printable line, received {value!r}")
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())


def cloudwatch_agent(facts: HostFacts) -> str:
    """Return the CloudWatch agent's configuration: three log files, one stream per host and file.

    The log groups and their retention already exist, so the agent is not configured to create them.
    docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
    """
    sources = (
        (CLOUD_INIT_LOG, facts.agent_log_group, "cloud-init"),
        (AGENT_LOG, facts.agent_log_group, "codedeploy-agent"),
        (DEPLOYMENTS_LOG, facts.deployment_log_group, "deployments"),
    )
    files = [
        {"file_path": path, "log_group_name": group, "log_stream_name": f"{{instance_id}}/{what}"}
        for path, group, what in sources
    ]
    configuration = {
        "agent": {"region": facts.region},
        "logs": {"logs_collected": {"files": {"collect_list": files}}},
    }
    return json.dumps(configuration, indent=2) + "\n"


def docker_daemon() -> str:
    """Return Docker's configuration, which limits the size of local logs.

    Only containers that are started by hand have local logs; the service logs to CloudWatch.
    live-restore is off: with it, Docker does not stop containers when the host shuts down, so they are
    killed (github.com/moby/moby issue 31547; daemon/daemon.go, Shutdown). Without it, a restart of Docker
    restarts the service's container, whose restart policy is ``always``.
    """
    configuration = {
        "log-driver": "json-file",
        "log-opts": {"max-size": "10m", "max-file": "3"},
    }
    return json.dumps(configuration, indent=2) + "\n"


AGENT_BY_ENDPOINT = """\
  sed --in-place '/^:enable_auth_policy:/d' "${settings}"
  printf ':enable_auth_policy: true\\n' >>"${settings}"
"""
"""Lines of ``configure_codedeploy_agent``: the agent signs its requests, and sends them to the endpoint
(docs.aws.amazon.com/codedeploy/latest/userguide/vpc-endpoints.html); 2.x reads the same keys as 1.x
(github.com/aws/aws-codedeploy-agent, CHANGELOG.md)."""

AGENT_UNIT = """\
[Unit]
After=docker.service
Wants=docker.service
ConditionPathExists=/etc/slipway/ready
"""
"""A drop-in for the agent's systemd unit: it starts after Docker, and only once the script has finished."""


def _file(path: str, content: str) -> str:
    return f"write 0644 {path} <<'{END}'\n{content}{END}\n"
