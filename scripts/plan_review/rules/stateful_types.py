"""The types of resources that hold what nobody can make again: data, images, keys, names."""

_AWS = {
    "bucket": "s3_bucket s3_directory_bucket s3tables_table_bucket lightsail_bucket",
    "table": "dynamodb_table dynamodb_global_table keyspaces_table timestreamwrite_table glue_catalog_table",
    "database": (
        "db_instance rds_cluster rds_global_cluster docdb_cluster docdbelastic_cluster neptune_cluster "
        "redshift_cluster redshiftserverless_namespace lightsail_database timestreamwrite_database "
        "timestreaminfluxdb_db_instance keyspaces_keyspace qldb_ledger memorydb_cluster dsql_cluster "
        "glue_catalog_database simpledb_domain"
    ),
    "cache": "elasticache_cluster elasticache_replication_group elasticache_serverless_cache",
    "search domain": (
        "opensearch_domain elasticsearch_domain opensearchserverless_collection cloudsearch_domain"
    ),
    "file system": (
        "efs_file_system fsx_lustre_file_system fsx_ontap_file_system fsx_openzfs_file_system "
        "fsx_windows_file_system fsx_ontap_volume fsx_openzfs_volume"
    ),
    "volume": "ebs_volume lightsail_disk",
    "snapshot": "ebs_snapshot ebs_snapshot_copy db_snapshot db_cluster_snapshot redshift_cluster_snapshot",
    "machine image": "ami ami_copy ami_from_instance",
    "key": "kms_key kms_external_key kms_replica_key kms_replica_external_key kms_custom_key_store",
    "secret": "secretsmanager_secret ssm_parameter",
    "repository": "ecr_repository ecrpublic_repository codecommit_repository codeartifact_repository",
    "code domain": "codeartifact_domain",
    "user pool": "cognito_user_pool",
    "identity pool": "cognito_identity_pool",
    "directory": "directory_service_directory identitystore_user identitystore_group",
    "stream": "kinesis_stream kinesis_video_stream",
    "message cluster": "msk_cluster msk_serverless_cluster mq_broker",
    "queue": "sqs_queue",
    "vault": "backup_vault backup_logically_air_gapped_vault glacier_vault",
    "hosted zone": "route53_zone route53domains_registered_domain",
    "certificate authority": "acmpca_certificate_authority cloudhsm_v2_cluster",
    "cluster": "eks_cluster",
    "workspace": "prometheus_workspace grafana_workspace workspaces_workspace sagemaker_domain",
    "account": "organizations_account organizations_organization",
    "contact centre": "connect_instance",
}
_GOOGLE = {
    "bucket": "storage_bucket",
    "database": (
        "sql_database_instance sql_database spanner_instance spanner_database bigtable_instance "
        "bigtable_table firestore_database firebase_database_instance alloydb_cluster alloydb_instance"
    ),
    "dataset": "bigquery_dataset bigquery_table",
    "cache": "redis_instance redis_cluster memorystore_instance",
    "file system": "filestore_instance netapp_volume",
    "disk": "compute_disk compute_region_disk",
    "snapshot": "compute_snapshot compute_image compute_machine_image",
    "key": "kms_key_ring kms_crypto_key kms_crypto_key_version",
    "secret": "secret_manager_secret secret_manager_secret_version",
    "repository": "artifact_registry_repository container_registry sourcerepo_repository",
    "topic": "pubsub_topic",
    "subscription": "pubsub_subscription",
    "cluster": "container_cluster",
    "hosted zone": "dns_managed_zone",
    "project": "project folder",
}
_AZURE = {
    "resource group": "resource_group",
    "storage account": "storage_account",
    "bucket": "storage_container storage_share storage_queue storage_table storage_data_lake_gen2_filesystem",
    "disk": "managed_disk",
    "snapshot": "snapshot image shared_image_version",
    "database": (
        "mssql_server mssql_database mssql_managed_instance mssql_managed_database mysql_flexible_server "
        "mysql_flexible_database mysql_server mysql_database postgresql_flexible_server "
        "postgresql_flexible_server_database postgresql_server postgresql_database mariadb_server "
        "mariadb_database cosmosdb_account cosmosdb_sql_database cosmosdb_sql_container cosmosdb_table "
        "cosmosdb_mongo_database cosmosdb_mongo_collection cosmosdb_postgresql_cluster kusto_cluster "
        "kusto_database synapse_workspace synapse_sql_pool"
    ),
    "cache": "redis_cache redis_enterprise_cluster managed_redis",
    "key vault": "key_vault key_vault_managed_hardware_security_module",
    "key": "key_vault_key key_vault_certificate",
    "secret": "key_vault_secret app_configuration",
    "repository": "container_registry",
    "cluster": "kubernetes_cluster",
    "hosted zone": "dns_zone private_dns_zone",
    "event hub": "eventhub eventhub_namespace",
    "queue": "servicebus_namespace servicebus_queue servicebus_topic",
    "vault": "recovery_services_vault data_protection_backup_vault",
    "file system": "netapp_volume hpc_cache",
}
_OTHERS = {
    "password": "random_password",
    "private key": "tls_private_key",
    "repository": "github_repository gitlab_project",
    "volume": (
        "kubernetes_persistent_volume kubernetes_persistent_volume_claim digitalocean_volume hcloud_volume"
    ),
    "namespace": "kubernetes_namespace kubernetes_namespace_v1",
    "hosted zone": "cloudflare_zone digitalocean_domain",
    "bucket": "digitalocean_spaces_bucket cloudflare_r2_bucket",
    "database": "digitalocean_database_cluster mongodbatlas_cluster mongodbatlas_advanced_cluster",
}
_LOGS = {
    "log group": "aws_cloudwatch_log_group",
    "event data store": "aws_cloudtrail_event_data_store",
    "log bucket": (
        "google_logging_project_bucket_config google_logging_folder_bucket_config "
        "google_logging_organization_bucket_config"
    ),
    "log workspace": "azurerm_log_analytics_workspace azurerm_application_insights",
}


def by_type(nouns: dict[str, str], prefix: str = "") -> dict[str, str]:
    """What people call each type of resource; the types of one noun stand in one text."""
    return {f"{prefix}{kind}": noun for noun, kinds in nouns.items() for kind in kinds.split()}


STATEFUL = {
    **by_type(_AWS, "aws_"),
    **by_type(_GOOGLE, "google_"),
    **by_type(_AZURE, "azurerm_"),
    **by_type(_OTHERS),
}
LOGS = by_type(_LOGS)
