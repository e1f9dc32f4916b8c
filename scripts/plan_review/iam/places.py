"""Where policies stand: for each type of resource, the attribute that holds one, and whose policy it is."""

from dataclasses import dataclass

from plan_review.iam.change import Style


@dataclass(frozen=True)
class Owner:
    """A type of resource that policies are about.

    noun: what people call it. names: its attributes by which policies name it; the first is told.
    """

    noun: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A policy in a resource.

    attribute: where the JSON stands; ``blocks.attribute`` inside blocks. noun: what its owner is.
    owner: the attribute that names the owner. computed: the provider fills it in where the
    configuration says nothing, so that only a change of it means anything.
    """

    attribute: str
    noun: str
    owner: str
    style: Style = Style.RESOURCE
    computed: bool = False


OWNERS = {
    "aws_iam_role": Owner("role", ("name", "id", "arn")),
    "aws_iam_user": Owner("user", ("name", "id", "arn")),
    "aws_iam_group": Owner("group", ("name", "id", "arn")),
    "aws_iam_policy": Owner("policy", ("name", "arn", "id")),
    "aws_s3_bucket": Owner("bucket", ("bucket", "id", "arn")),
    "aws_kms_key": Owner("key", ("key_id", "id", "arn")),
    "aws_ecr_repository": Owner("repository", ("name", "id", "arn")),
    "aws_sns_topic": Owner("topic", ("name", "arn", "id")),
    "aws_sqs_queue": Owner("queue", ("name", "url", "id", "arn")),
    "aws_secretsmanager_secret": Owner("secret", ("name", "arn", "id")),
    "aws_lambda_function": Owner("function", ("function_name", "arn", "id")),
    "aws_dynamodb_table": Owner("table", ("name", "arn", "id")),
    "aws_cloudwatch_event_bus": Owner("event bus", ("name", "arn", "id")),
    "aws_backup_vault": Owner("backup vault", ("name", "arn", "id")),
    "aws_efs_file_system": Owner("file system", ("id", "arn")),
    "aws_opensearch_domain": Owner("domain", ("domain_name", "arn", "id")),
    "aws_elasticsearch_domain": Owner("domain", ("domain_name", "arn", "id")),
}

_IDENTITY, _ENDPOINT = Style.IDENTITY, Style.ENDPOINT

PLACES: dict[str, tuple[Place, ...]] = {
    "aws_iam_role": (
        Place("assume_role_policy", "role", "name", Style.TRUST),
        Place("inline_policy.policy", "role", "name", _IDENTITY, computed=True),
    ),
    "aws_iam_role_policy": (Place("policy", "role", "role", _IDENTITY),),
    "aws_iam_user_policy": (Place("policy", "user", "user", _IDENTITY),),
    "aws_iam_group_policy": (Place("policy", "group", "group", _IDENTITY),),
    "aws_iam_policy": (Place("policy", "policy", "name", _IDENTITY),),
    "aws_iot_policy": (Place("policy", "IoT policy", "name", _IDENTITY),),
    "aws_organizations_policy": (Place("content", "organization policy", "name", _IDENTITY),),
    "aws_ssoadmin_permission_set_inline_policy": (
        Place("inline_policy", "permission set", "permission_set_arn", _IDENTITY),
    ),
    "aws_s3_bucket": (Place("policy", "bucket", "bucket", computed=True),),
    "aws_s3_bucket_policy": (Place("policy", "bucket", "bucket"),),
    "aws_s3_access_point": (Place("policy", "access point", "name", computed=True),),
    "aws_s3control_access_point_policy": (Place("policy", "access point", "access_point_arn"),),
    "aws_s3control_bucket_policy": (Place("policy", "bucket", "bucket"),),
    "aws_kms_key": (Place("policy", "key", "key_id", computed=True),),
    "aws_kms_external_key": (Place("policy", "key", "id", computed=True),),
    "aws_kms_replica_key": (Place("policy", "key", "key_id", computed=True),),
    "aws_kms_key_policy": (Place("policy", "key", "key_id"),),
    "aws_ecr_repository_policy": (Place("policy", "repository", "repository"),),
    "aws_ecr_registry_policy": (Place("policy", "registry", "registry_id"),),
    "aws_ecrpublic_repository_policy": (Place("policy", "public repository", "repository_name"),),
    "aws_sns_topic": (Place("policy", "topic", "name", computed=True),),
    "aws_sns_topic_policy": (Place("policy", "topic", "arn"),),
    "aws_sqs_queue": (Place("policy", "queue", "name", computed=True),),
    "aws_sqs_queue_policy": (Place("policy", "queue", "queue_url"),),
    "aws_secretsmanager_secret": (Place("policy", "secret", "name", computed=True),),
    "aws_secretsmanager_secret_policy": (Place("policy", "secret", "secret_arn"),),
    "aws_dynamodb_resource_policy": (Place("policy", "table", "resource_arn"),),
    "aws_kinesis_resource_policy": (Place("policy", "stream", "resource_arn"),),
    "aws_backup_vault_policy": (Place("policy", "backup vault", "backup_vault_name"),),
    "aws_glacier_vault": (Place("access_policy", "vault", "name"),),
    "aws_elasticsearch_domain": (Place("access_policies", "domain", "domain_name", computed=True),),
    "aws_elasticsearch_domain_policy": (Place("access_policies", "domain", "domain_name"),),
    "aws_opensearch_domain": (Place("access_policies", "domain", "domain_name", computed=True),),
    "aws_opensearch_domain_policy": (Place("access_policies", "domain", "domain_name"),),
    "aws_efs_file_system_policy": (Place("policy", "file system", "file_system_id"),),
    "aws_cloudwatch_event_bus_policy": (Place("policy", "event bus", "event_bus_name"),),
    "aws_cloudwatch_log_resource_policy": (Place("policy_document", "log policy", "policy_name"),),
    "aws_cloudwatch_log_destination_policy": (Place("access_policy", "log destination", "destination_name"),),
    "aws_api_gateway_rest_api": (Place("policy", "API", "name", computed=True),),
    "aws_api_gateway_rest_api_policy": (Place("policy", "API", "rest_api_id"),),
    "aws_codeartifact_domain_permissions_policy": (Place("policy_document", "code domain", "domain"),),
    "aws_codeartifact_repository_permissions_policy": (
        Place("policy_document", "code repository", "repository"),
    ),
    "aws_codebuild_resource_policy": (Place("policy", "build project", "resource_arn"),),
    "aws_glue_resource_policy": (Place("policy", "data catalogue", "id"),),
    "aws_msk_cluster_policy": (Place("policy", "cluster", "cluster_arn"),),
    "aws_networkfirewall_resource_policy": (Place("policy", "firewall", "resource_arn"),),
    "aws_redshift_resource_policy": (Place("policy", "warehouse", "resource_arn"),),
    "aws_schemas_registry_policy": (Place("policy", "schema registry", "registry_name"),),
    "aws_ses_identity_policy": (Place("policy", "mail identity", "identity"),),
    "aws_sesv2_email_identity_policy": (Place("policy", "mail identity", "email_identity"),),
    "aws_acmpca_policy": (Place("policy", "certificate authority", "resource_arn"),),
    "aws_media_store_container_policy": (Place("policy", "container", "container_name"),),
    "aws_vpclattice_auth_policy": (Place("policy", "service network", "resource_identifier"),),
    "aws_vpclattice_resource_policy": (Place("policy", "service network", "resource_arn"),),
    "aws_vpc_endpoint": (Place("policy", "endpoint", "service_name", _ENDPOINT, computed=True),),
    "aws_vpc_endpoint_policy": (Place("policy", "endpoint", "vpc_endpoint_id", _ENDPOINT),),
}
