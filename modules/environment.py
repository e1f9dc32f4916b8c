"""An environment's stack: its network, load balancer, hosts, deployments, logs, alarms, dashboard."""

from constructs_lib.certificate import Certificate
from constructs_lib.command_project import CommandProject
from constructs_lib.dashboard import Dashboard
from constructs_lib.deploy_role import DeployRole
from constructs_lib.deployment_group import DeploymentGroup
from constructs_lib.dns_record import AliasRecord, HostedZone
from constructs_lib.host_group import HostGroup
from constructs_lib.load_balancer import LoadBalancer
from constructs_lib.named_load_balancer import NamedLoadBalancer
from constructs_lib.named_network import NamedNetwork, SubnetLookup
from constructs_lib.network import Network
from constructs_lib.policy import Statement
from constructs_lib.role import Role
from constructs_lib.session_document import SessionDocument
from constructs_lib.user_data import HostFacts, user_data

from cdktf import Fn, TerraformOutput
from constructs import Construct

from modules import dashboard, events
from modules.alarms import Alarms, Watched
from modules.config.conditions import host_names
from modules.config.names import Names, load_balancer_group
from modules.config.settings import Environment, ExistingNetwork, PipelineSettings, ReleaseSettings
from modules.deployment import configuration
from modules.endpoints import POLL_DEPLOYMENTS, no_nat
from modules.keys import environment_key
from modules.logs import Logs
from modules.shared import Foundation
from modules.stack import PipelineStack


class EnvironmentStack(PipelineStack):
    """All resources that belong to one environment only.

    Its children are public: ``key``, ``logs``, ``network``, ``certificate`` (if the settings have a
    domain), ``traffic``, ``hosts``, ``failed_launches``, ``session_document``, ``command`` (if the
    settings have ``release``), ``deploy_role``, ``alarms``, ``deployments``, ``dashboard``.
    """

    def __init__(self, scope: Construct, pipeline: PipelineSettings, environment: Environment) -> None:
        self._shared = Names.of(pipeline)
        self.names = self._shared.environment(environment)
        super().__init__(scope, self.names.stack, self._shared, environment=self.names)
        self._pipeline, self._environment = pipeline, environment
        self._foundation = Foundation(self._shared)
        self.key = environment_key(self, self._shared, self.names)
        self.logs = Logs(
            self,
            "logs",
            names=self.names,
            key=self.key,
            retention_days=pipeline.log_retention_days,
            runs=pipeline.release is not None,
            flow_logs=environment.existing_network is None,
        )
        self.network = self._network()
        self.traffic = self._traffic()
        self.hosts = self._hosts()
        self.failed_launches = events.failed_launches(
            self, self.names, self.hosts.auto_scaling_group_name, self._foundation.alerts.arn
        )
        self._allow_connections()
        self._allow_hosts()
        self.session_document = SessionDocument(
            self, "session-document", name=self.names.session_document, log_group=self.logs.sessions
        )
        self.session_document.grant_write(self.hosts.role)
        if pipeline.release:
            self.command = self._command(pipeline.release)
        self.alarms = self._alarms()
        self.deploy_role, self.deployments = self._deployments()
        if environment.dashboard:
            self.dashboard = Dashboard(
                self,
                "dashboard",
                name=self.names.dashboard,
                rows=dashboard.rows(self._watched(), self.alarms, self.logs.app.name),
            )
        self._outputs()

    def _network(self) -> Network | NamedNetwork:
        if exists := self._environment.existing_network:
            zones = self._environment.zone_count
            return NamedNetwork(
                self,
                "network",
                vpc_id=exists.vpc,
                vpc_tags=exists.vpc_tags,
                private=SubnetLookup(exists.private_subnets or (), exists.private_tags, zones),
                public=self._public_subnets(exists),
            )
        return Network(
            self,
            "network",
            name=self.names.prefix,
            cidr=self._environment.cidr or "",
            zones=self._environment.zones,
            nat=no_nat(self._shared) if self._environment.endpoints else self._environment.nat,
            log_group=self.logs.flow_logs,
            flow_log_role_name=self.names.flow_log_role,
        )

    def _public_subnets(self, network: ExistingNetwork) -> SubnetLookup | None:
        if self._environment.existing_load_balancer:
            return None
        count = max(self._environment.zone_count, 2)
        return SubnetLookup(network.public_subnets or (), network.public_tags, count)

    def _traffic(self) -> LoadBalancer | NamedLoadBalancer:
        traffic = self._existing_load_balancer() or self._load_balancer()
        if self._environment.domain:
            self.record = AliasRecord(
                self,
                "record",
                domain=self._environment.domain,
                zone_id=self.zone.zone_id,
                load_balancer=traffic,
            )
        return traffic

    def _existing_load_balancer(self) -> NamedLoadBalancer | None:
        exists = self._environment.existing_load_balancer
        if exists is None or not isinstance(self.network, NamedNetwork):
            return None
        return NamedLoadBalancer(
            self,
            "traffic",
            listener_arn=exists.listener,
            name=exists.name,
            target_group_name=self.names.target_group,
            network=self.network,
            port=self._pipeline.hosts.host_port,
            health_path=self._pipeline.app.health_path,
            host_names=host_names(self._environment, exists),
            paths=exists.paths or (),
            priority=exists.priority,
            certificate_arn=self._certificate_arn(),
            security_group_id=exists.security_group,
            security_group_name=None if exists.security_group else load_balancer_group(exists.name or ""),
        )

    def _load_balancer(self) -> LoadBalancer:
        return LoadBalancer(
            self,
            "traffic",
            name=self.names.load_balancer,
            target_group_name=self.names.target_group,
            network=self.network,
            port=self._pipeline.hosts.host_port,
            health_path=self._pipeline.app.health_path,
            log_bucket_name=self._environment.access_log_bucket or self.names.load_balancer_log_bucket,
            creates_log_bucket=self._environment.access_log_bucket is None,
            certificate_arn=self._certificate_arn(),
            allowed_cidrs=self._environment.allowed_cidrs,
            deletion_protection=self._environment.deletion_protection,
            log_retention_days=self._pipeline.log_retention_days,
        )

    def _certificate_arn(self) -> str | None:
        """The ARN of the given certificate or of a new one for the domain; None for plain HTTP."""
        domain, zone = self._environment.domain, self._environment.hosted_zone
        if not (domain and zone):
            return self._environment.certificate_arn
        self.zone = HostedZone(self, "zone", name=zone)
        self.certificate = Certificate(self, "certificate", domain=domain, zone_id=self.zone.zone_id)
        return self.certificate.arn

    def _hosts(self) -> HostGroup:
        exists = self._environment.existing_load_balancer
        return HostGroup(
            self,
            "hosts",
            name=self.names.hosts,
            network=self.network,
            load_balancer_security_group_id=self.traffic.security_group_id,
            load_balancer_egress_rule=exists.egress_rule if exists else True,
            target_group_arns=[self.traffic.target_group.arn],
            port=self._pipeline.hosts.host_port,
            architecture=self._pipeline.app.architecture,
            instance_type=self._environment.instance_type,
            minimum=self._environment.minimum_hosts,
            maximum=self._environment.maximum_hosts,
            desired=self._environment.desired_hosts,
            role_name=self.names.host_role,
            user_data=user_data(self._host_facts()),
            tags=self.tags,
            aws_access=self._pipeline.app.aws_access,
            max_age_days=self._pipeline.hosts.max_age_days,
            launch_hook=self.names.launch_hook,
        )

    def _allow_connections(self) -> None:
        """Let hosts connect to the destinations in ``egress``, in addition to HTTPS."""
        for way in self._environment.egress:
            if way.cidr:
                self.hosts.security_group.allow_to_range(way.port, way.cidr)
            if way.security_group:
                self.hosts.security_group.allow_to_group(way.port, way.security_group)

    def _host_facts(self) -> HostFacts:
        return HostFacts(
            service=self._pipeline.service,
            environment=self._environment.name,
            region=self.names.region,
            registry=self._shared.registry_host,
            repository=self._shared.repository,
            port=self._pipeline.hosts.host_port,
            app_log_group=self.logs.app.name,
            agent_log_group=self.logs.agent.name,
            deployment_log_group=self.logs.deployments.name,
            parameter_path=self.names.parameter_path,
            architecture=self._pipeline.app.architecture,
            aws_access=self._pipeline.app.aws_access,
            codedeploy_agent=self._pipeline.hosts.codedeploy_agent,
            launch_hook=self.names.launch_hook,
            endpoints=self._environment.endpoints,
        )

    def _allow_hosts(self) -> None:
        """Grant the hosts what a release needs: revision, image, parameters, logs."""
        role = self.hosts.role
        self._foundation.artifacts.grant_read(
            role, self._shared.revision_artifact_prefix, self._shared.revision_prefix
        )
        self._foundation.images.grant_pull(role)
        self.logs.grant_write(role)
        self._allow_parameters(role)
        self._allow_watching()
        if self._environment.endpoints:
            role.allow("poll-deployments", POLL_DEPLOYMENTS)

    def _allow_parameters(self, role: Role) -> None:
        """Let a role read the service's configuration in this environment, including secrets."""
        parameters = self.names.arn("ssm", f"parameter{self.names.parameter_path}")
        role.allow(
            "read-parameters",
            Statement(actions=["ssm:GetParametersByPath"], resources=[parameters, f"{parameters}/*"]),
        )
        self.key.grant_decrypt(role, "decrypt-parameters", context={"PARAMETER_ARN": f"{parameters}/*"})

    def _command(self, release: ReleaseSettings) -> CommandProject:
        """The project for commands beside the service: in its network, with its configuration and image."""
        command = CommandProject(
            self,
            "command",
            name=self.names.run_project,
            network=self.network,
            security_group=self.hosts.security_group,
            architecture=self._pipeline.app.architecture,
            encryption_key_arn=self._foundation.key.reference,
            log_group=self.logs.run,
            variables={"PARAMETER_PATH": self.names.parameter_path},
            command=release.command or (),
            timeout_minutes=release.minutes,
        )
        self._foundation.artifacts.grant_read(command.role, self._shared.revision_artifact_prefix)
        self._foundation.images.grant_pull(command.role)
        self._allow_parameters(command.role)
        return command

    def _allow_watching(self) -> None:
        """Grant what scripts/watch.sh needs.

        Permissions on metrics can only be limited by namespace (AmazonCloudWatch/latest/monitoring/
        iam-cw-condition-keys-namespace). Metric alarms can be described with a narrower scope than ``*``,
        composite alarms cannot (API_DescribeAlarms).
        """
        self.hosts.role.allow(
            "watch",
            Statement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                reason="no resource-level permissions; the condition limits it to the environment's metrics",
                conditions={"StringEquals": {"cloudwatch:namespace": self.names.metric_namespace}},
            ),
            Statement(
                actions=["cloudwatch:DescribeAlarms"],
                resources=[self.names.arn("cloudwatch", f"alarm:{self.names.alarm('*')}")],
            ),
        )

    def _watched(self) -> Watched:
        return Watched(
            load_balancer=self.traffic.arn_suffix,
            target_group=self.traffic.target_group.arn_suffix,
            auto_scaling_group=self.hosts.auto_scaling_group_name,
        )

    def _alarms(self) -> Alarms:
        return Alarms(
            self,
            "alarms",
            names=self.names,
            watched=self._watched(),
            thresholds=self._environment.alarms,
            topic_arn=self._foundation.alerts.arn,
            runbooks=self._shared.runbooks,
            own_load_balancer=self._environment.existing_load_balancer is None,
        )

    def _deployments(self) -> tuple[DeployRole, DeploymentGroup]:
        role = DeployRole(
            self,
            "deploy-role",
            name=self.names.deploy_role,
            group_arn=self.names.deployment_group_arn,
            hosts=self.names.hosts,
            target_group=self.names.target_group,
            managed_policy=self._pipeline.codedeploy_managed_policy,
        )
        self._foundation.alerts.grant_publish(role)
        group = DeploymentGroup(
            self,
            "deployments",
            application=self._shared.application,
            name=self.names.deployment_group,
            role=role,
            speed=configuration(self._environment, self.names).speed,
            auto_scaling_group=self.hosts.auto_scaling_group_name,
            target_group=self.traffic.target_group.name,
            alarms=self.alarms.stop_a_release,
            topic_arn=self._foundation.alerts.arn,
        )
        return role, group

    def _outputs(self) -> None:
        domain = self._environment.domain
        TerraformOutput(self, "url", value=f"https://{domain}" if domain else self.traffic.url)
        TerraformOutput(self, "load_balancer", value=self.traffic.dns_name)
        TerraformOutput(self, "deployment_group", value=self.deployments.name)
        TerraformOutput(self, "log_group", value=self.logs.app.name)
        TerraformOutput(self, "parameters", value=self.names.parameter_path)
        TerraformOutput(self, "vpc_id", value=self.network.vpc_id)
        # A Python list would make cdktf call a deprecated API of Node, which prints a warning.
        if self.network.public_subnet_ids:
            TerraformOutput(self, "public_subnet_ids", value=Fn.tolist(self.network.public_subnet_ids))
        TerraformOutput(self, "private_subnet_ids", value=Fn.tolist(self.network.private_subnet_ids))
        TerraformOutput(self, "hosts_security_group_id", value=self.hosts.security_group_id)
        if self._environment.dashboard:
            TerraformOutput(self, "dashboard_console", value=self.dashboard.url)
