"""The attributes that contain policies, for each type of resource, and the policies' owners."""

from dataclasses import dataclass

from plan_review.iam.permission_change import PolicyKind


@dataclass(frozen=True)
class OwnerType:
    """A type of resource that owns policies.

    noun: its name in sentences. names: its attributes by which policies refer to it; the first is shown.
    """

    noun: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class PolicyAttribute:
    """An attribute that contains a policy.

    attribute: with the JSON; ``blocks.attribute`` inside blocks. noun: of its owner. owner: the attribute
    that names the owner. computed: whether the provider sets it if it is not configured, so that only a
    change of it counts.
    """

    attribute: str
    noun: str
    owner: str
    policy_kind: PolicyKind = PolicyKind.RESOURCE
    computed: bool = False


OWNER_TYPES = {
    "aws_iam_role": OwnerType("role", ("name", "id", "arn")),
    "aws_iam_user": OwnerType("user", ("name", "id", "arn")),
    "aws_iam_group": OwnerType("group", ("name", "id", "arn")),
    "aws_iam_policy": OwnerType("policy", ("name", "arn", "id")),
    "aws_s3_bucket": OwnerType("bucket", ("bucket", "id", "arn")),
    "aws_kms_key": OwnerType("key", ("key_id", "id", "arn")),
    "aws_ecr_repository": OwnerType("repository", ("name", "id", "arn")),
    "aws_sns_topic": OwnerType("topic", ("name", "arn", "id")),
    "aws_sqs_queue": OwnerType("queue", ("name", "url", "id", "arn")),
    "aws_secretsmanager_secret": OwnerType("secret", ("name", "arn", "id")),
    "aws_lambda_function": OwnerType("function", ("function_name", "arn", "id")),
    "aws_dynamodb_table": OwnerType("table", ("name", "arn", "id")),
    "aws_cloudwatch_event_bus": OwnerType("event bus", ("name", "arn", "id")),
    "aws_backup_vault": OwnerType("backup vault", ("name", "arn", "id")),
    "aws_efs_file_system": OwnerType("file system", ("id", "arn")),
    "aws_opensearch_domain": OwnerType("domain", ("domain_name", "arn", "id")),
    "aws_elasticsearch_domain": OwnerType("domain", ("domain_name", "arn", "id")),
}

_IDENTITY, _ENDPOINT = PolicyKind.IDENTITY, PolicyKind.ENDPOINT

POLICY_ATTRIBUTES: dict[str, tuple[PolicyAttribute, ...]] = {
    "aws_iam_role": (
        PolicyAttribute("assume_role_policy", "role", "name", PolicyKind.TRUST),
        PolicyAttribute("inline_policy.policy", "role", "name", _IDENTITY, computed=True),
    ),
    "aws_iam_role_policy": (PolicyAttribute("policy", "role", "role", _IDENTITY),),
    "aws_iam_user_policy": (PolicyAttribute("policy", "user", "user", _IDENTITY),),
    "aws_iam_group_policy": (PolicyAttribute("policy", "group", "group", _IDENTITY),),
    "aws_iam_policy": (PolicyAttribute("policy", "policy", "name", _IDENTITY),),
    "aws_iot_policy": (PolicyAttribute("policy", "IoT policy", "name", _IDENTITY),),
    "aws_organizations_policy": (PolicyAttribute("content", "organization policy", "name", _IDENTITY),),
    "aws_ssoadmin_permission_set_inline_policy": (
        PolicyAttribute("inline_policy", "permission set", "permission_set_arn", _IDENTITY),
    ),
    "aws_s3_bucket": (PolicyAttribute("policy", "bucket", "bucket", computed=True),),
    "aws_s3_bucket_policy": (PolicyAttribute("policy", "bucket", "bucket"),),
    "aws_s3_access_point": (PolicyAttribute("policy", "access point", "name", computed=True),),
    "aws_s3control_access_point_policy": (PolicyAttribute("policy", "access point", "access_point_arn"),),
    "aws_s3control_bucket_policy": (PolicyAttribute("policy", "bucket", "bucket"),),
    "aws_kms_key": (PolicyAttribute("policy", "key", "key_id", computed=True),),
    "aws_kms_external_key": (PolicyAttribute("policy", "key", "id", computed=True),),
    "aws_kms_replica_key": (PolicyAttribute("policy", "key", "key_id", computed=True),),
    "aws_kms_key_policy": (PolicyAttribute("policy", "key", "key_id"),),
    "aws_ecr_repository_policy": (PolicyAttribute("policy", "repository", "repository"),),
    "aws_ecr_registry_policy": (PolicyAttribute("policy", "registry", "registry_id"),),
    "aws_ecrpublic_repository_policy": (PolicyAttribute("policy", "public repository", "repository_name"),),
    "aws_sns_topic": (PolicyAttribute("policy", "topic", "name", computed=True),),
    "aws_sns_topic_policy": (PolicyAttribute("policy", "topic", "arn"),),
    "aws_sqs_queue": (PolicyAttribute("policy", "queue", "name", computed=True),),
    "aws_sqs_queue_policy": (PolicyAttribute("policy", "queue", "queue_url"),),
    "aws_secretsmanager_secret": (PolicyAttribute("policy", "secret", "name", computed=True),),
    "aws_secretsmanager_secret_policy": (PolicyAttribute("policy", "secret", "secret_arn"),),
    "aws_dynamodb_resource_policy": (PolicyAttribute("policy", "table", "resource_arn"),),
    "aws_kinesis_resource_policy": (PolicyAttribute("policy", "stream", "resource_arn"),),
    "aws_backup_vault_policy": (PolicyAttribute("policy", "backup vault", "backup_vault_name"),),
    "aws_glacier_vault": (PolicyAttribute("access_policy", "vault", "name"),),
    "aws_elasticsearch_domain": (PolicyAttribute("access_policies", "domain", "domain_name", computed=True),),
    "aws_elasticsearch_domain_policy": (PolicyAttribute("access_policies", "domain", "domain_name"),),
    "aws_opensearch_domain": (PolicyAttribute("access_policies", "domain", "domain_name", computed=True),),
    "aws_opensearch_domain_policy": (PolicyAttribute("access_policies", "domain", "domain_name"),),
    "aws_efs_file_system_policy": (PolicyAttribute("policy", "file system", "file_system_id"),),
    "aws_cloudwatch_event_bus_policy": (PolicyAttribute("policy", "event bus", "event_bus_name"),),
    "aws_cloudwatch_log_resource_policy": (PolicyAttribute("policy_document", "log policy", "policy_name"),),
    "aws_cloudwatch_log_destination_policy": (
        PolicyAttribute("access_policy", "log destination", "destination_name"),
    ),
    "aws_api_gateway_rest_api": (PolicyAttribute("policy", "API", "name", computed=True),),
    "aws_api_gateway_rest_api_policy": (PolicyAttribute("policy", "API", "rest_api_id"),),
    "aws_codeartifact_domain_permissions_policy": (
        PolicyAttribute("policy_document", "code domain", "domain"),
    ),
    "aws_codeartifact_repository_permissions_policy": (
        PolicyAttribute("policy_document", "code repository", "repository"),
    ),
    "aws_codebuild_resource_policy": (PolicyAttribute("policy", "build project", "resource_arn"),),
    "aws_glue_resource_policy": (PolicyAttribute("policy", "data catalogue", "id"),),
    "aws_msk_cluster_policy": (PolicyAttribute("policy", "cluster", "cluster_arn"),),
    "aws_networkfirewall_resource_policy": (PolicyAttribute("policy", "firewall", "resource_arn"),),
    "aws_redshift_resource_policy": (PolicyAttribute("policy", "warehouse", "resource_arn"),),
    "aws_schemas_registry_policy": (PolicyAttribute("policy", "schema registry", "registry_name"),),
    "aws_ses_identity_policy": (PolicyAttribute("policy", "mail identity", "identity"),),
    "aws_sesv2_email_identity_policy": (PolicyAttribute("policy", "mail identity", "email_identity"),),
    "aws_acmpca_policy": (PolicyAttribute("policy", "certificate authority", "resource_arn"),),
    "aws_media_store_container_policy": (PolicyAttribute("policy", "container", "container_name"),),
    "aws_vpclattice_auth_policy": (PolicyAttribute("policy", "service network", "resource_identifier"),),
    "aws_vpclattice_resource_policy": (PolicyAttribute("policy", "service network", "resource_arn"),),
    "aws_vpc_endpoint": (PolicyAttribute("policy", "endpoint", "service_name", _ENDPOINT, computed=True),),
    "aws_vpc_endpoint_policy": (PolicyAttribute("policy", "endpoint", "vpc_endpoint_id", _ENDPOINT),),
}
