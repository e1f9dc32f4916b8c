"""How each type of resource is found in AWS, and what Terraform imports it by.

The ids are those of the section "Import" of each type's page in hashicorp/terraform-provider-aws 5.100.0,
website/docs/r/<type without aws_>.html.markdown; the searches say how AWS is asked. A test holds that every
type that can be synthesised is in one of the two tables.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from slipway.aws.existing import delivery, hosts, network, roles, storage
from slipway.aws.existing.wanted import Existing, Reader, Wanted


@dataclass(frozen=True)
class Lookup:
    """How a type is found. by: what identifies it. id: its import id, with arguments in braces."""

    by: str
    id: str
    search: Callable[[Reader, Wanted], Iterator[Existing]]


_BUCKET, _REPOSITORY, _GROUP = "its bucket", "its repository", "its Auto Scaling group and name"

LOOKUPS: Mapping[str, Lookup] = {
    # Storage
    "aws_kms_key": Lookup("the alias that points to it", "key id", storage.key),
    "aws_kms_alias": Lookup("name", "{name}", storage.key_alias),
    "aws_s3_bucket": Lookup("name", "{bucket}", storage.bucket),
    "aws_s3_bucket_lifecycle_configuration": Lookup(
        _BUCKET,
        "{bucket}",
        storage.of_bucket("GetBucketLifecycleConfiguration", "Rules", "NoSuchLifecycleConfiguration"),
    ),
    "aws_s3_bucket_notification": Lookup(_BUCKET, "{bucket}", storage.notification),
    "aws_s3_bucket_ownership_controls": Lookup(
        _BUCKET,
        "{bucket}",
        storage.of_bucket(
            "GetBucketOwnershipControls", "OwnershipControls", "OwnershipControlsNotFoundError"
        ),
    ),
    "aws_s3_bucket_policy": Lookup(
        _BUCKET, "{bucket}", storage.of_bucket("GetBucketPolicy", "Policy", "NoSuchBucketPolicy")
    ),
    "aws_s3_bucket_public_access_block": Lookup(
        _BUCKET,
        "{bucket}",
        storage.of_bucket(
            "GetPublicAccessBlock", "PublicAccessBlockConfiguration", "NoSuchPublicAccessBlockConfiguration"
        ),
    ),
    "aws_s3_bucket_server_side_encryption_configuration": Lookup(
        _BUCKET,
        "{bucket}",
        storage.of_bucket(
            "GetBucketEncryption",
            "ServerSideEncryptionConfiguration",
            "ServerSideEncryptionConfigurationNotFoundError",
        ),
    ),
    "aws_s3_bucket_versioning": Lookup(
        _BUCKET, "{bucket}", storage.of_bucket("GetBucketVersioning", "Status")
    ),
    "aws_ecr_repository": Lookup("name", "{name}", storage.repository),
    "aws_ecr_lifecycle_policy": Lookup(
        _REPOSITORY,
        "{repository}",
        storage.of_repository("GetLifecyclePolicy", "LifecyclePolicyNotFoundException"),
    ),
    "aws_ecr_repository_policy": Lookup(
        _REPOSITORY,
        "{repository}",
        storage.of_repository("GetRepositoryPolicy", "RepositoryPolicyNotFoundException"),
    ),
    # Roles
    "aws_iam_role": Lookup("name", "{name}", roles.role),
    "aws_iam_role_policy": Lookup("its role and name", "{role}:{name}", roles.role_policy),
    "aws_iam_role_policy_attachment": Lookup("its role and policy", "{role}/{policy_arn}", roles.attachment),
    "aws_iam_policy": Lookup("name", "ARN", roles.policy),
    "aws_iam_instance_profile": Lookup("name", "{name}", roles.instance_profile),
    "aws_iam_openid_connect_provider": Lookup("URL", "ARN", roles.oidc_provider),
    # Networks
    "aws_vpc": Lookup("tag Name", "VPC id", network.vpc),
    "aws_subnet": Lookup("its VPC and CIDR", "subnet id", network.subnet),
    "aws_internet_gateway": Lookup("its VPC", "gateway id", network.internet_gateway),
    "aws_route_table": Lookup("its subnet, or tag Name", "route table id", network.route_table),
    "aws_route_table_association": Lookup("its subnet", "{subnet_id}/{route_table_id}", network.association),
    "aws_route": Lookup(
        "its route table and destination", "{route_table_id}_{destination_cidr_block}", network.route
    ),
    "aws_nat_gateway": Lookup("its subnet", "NAT gateway id", network.nat_gateway),
    "aws_eip": Lookup("its NAT gateway, or tag Name", "allocation id", network.address),
    "aws_vpc_endpoint": Lookup("its VPC and service", "endpoint id", network.endpoint),
    "aws_flow_log": Lookup("its VPC and destination", "flow log id", network.flow_log),
    "aws_security_group": Lookup("its VPC and name", "security group id", network.security_group),
    "aws_default_security_group": Lookup("its VPC", "security group id", network.default_security_group),
    "aws_vpc_security_group_ingress_rule": Lookup(
        "its group, peer and ports", "rule id", network.ingress_rule
    ),
    "aws_vpc_security_group_egress_rule": Lookup("its group, peer and ports", "rule id", network.egress_rule),
    # Load balancers and hosts
    "aws_acm_certificate": Lookup("domain", "ARN", hosts.certificate),
    "aws_lb": Lookup("name", "ARN", hosts.load_balancer),
    "aws_lb_listener": Lookup("its load balancer and port", "ARN", hosts.listener),
    "aws_lb_listener_certificate": Lookup(
        "its listener and certificate", "{listener_arn}_{certificate_arn}", hosts.listener_certificate
    ),
    "aws_lb_listener_rule": Lookup("its listener, conditions and target group", "ARN", hosts.listener_rule),
    "aws_lb_target_group": Lookup("name", "ARN", hosts.target_group),
    "aws_route53_record": Lookup("its zone, name and type", "{zone_id}_{name}_{type}", hosts.record),
    "aws_launch_template": Lookup("name", "launch template id", hosts.launch_template),
    "aws_autoscaling_group": Lookup("name", "name", hosts.auto_scaling_group),
    "aws_autoscaling_lifecycle_hook": Lookup(_GROUP, "{autoscaling_group_name}/{name}", hosts.lifecycle_hook),
    "aws_autoscaling_policy": Lookup(_GROUP, "{autoscaling_group_name}/{name}", hosts.scaling_policy),
    # Builds and deployments
    "aws_codestarconnections_connection": Lookup("name", "ARN", delivery.connection),
    "aws_codebuild_project": Lookup("name", "{name}", delivery.project),
    "aws_codedeploy_app": Lookup("name", "{name}", delivery.application),
    "aws_codedeploy_deployment_config": Lookup(
        "name", "{deployment_config_name}", delivery.deployment_config
    ),
    "aws_codedeploy_deployment_group": Lookup(
        "its application and name", "{app_name}:{deployment_group_name}", delivery.deployment_group
    ),
    "aws_codepipeline": Lookup("name", "{name}", delivery.pipeline),
    "aws_ssm_document": Lookup("name", "{name}", delivery.session_document),
    # Alerts and logs
    "aws_sns_topic": Lookup("name", "ARN", delivery.topic),
    "aws_sns_topic_policy": Lookup("its topic", "{arn}", delivery.topic_policy),
    "aws_sns_topic_subscription": Lookup("its topic and endpoint", "ARN", delivery.subscription),
    "aws_cloudwatch_log_group": Lookup("name", "{name}", delivery.log_group),
    "aws_cloudwatch_metric_alarm": Lookup("name", "{alarm_name}", delivery.alarm),
    "aws_cloudwatch_dashboard": Lookup("name", "{dashboard_name}", delivery.dashboard),
    "aws_cloudwatch_event_rule": Lookup("name", "{name}", delivery.event_rule),
    "aws_cloudwatch_event_target": Lookup("its rule and ARN", "{rule}/{target_id}", delivery.event_target),
}
"""By type. A resource of another type is created, unless a person writes its id into adopt.toml."""

NOT_IMPORTED: Mapping[str, str] = {
    "aws_acm_certificate_validation": "it only waits for the certificate; nothing is created in AWS",
}
"""Types that Terraform cannot import, each with the reason why that does no harm."""

DATA: Mapping[str, Callable[[Reader, Wanted], Iterator[Existing]]] = {
    "aws_lb": hosts.load_balancer,
    "aws_lb_listener": hosts.listener,
    "aws_route53_zone": hosts.zone,
    "aws_security_group": network.named_security_group,
    "aws_vpc": network.vpc,
    "aws_codestarconnections_connection": delivery.connection,
}
"""Data sources to which arguments of resources refer."""
