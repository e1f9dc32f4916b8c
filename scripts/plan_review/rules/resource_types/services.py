"""Types of databases and services: those with state, those that serve, those that store logs.

Source: the documentation of each provider at registry.terraform.io.
"""

HOLDS_STATE = {
    "password": "random_password",
    "private key": "tls_private_key",
    "repository": (
        "github_repository gitlab_project github_team gitlab_group bitbucket_repository harbor_project "
        "artifactory_local_repository"
    ),
    "database": (
        "mongodbatlas_cluster mongodbatlas_advanced_cluster aiven_pg aiven_mysql aiven_opensearch "
        "aiven_redis aiven_valkey aiven_clickhouse aiven_cassandra mysql_database postgresql_database "
        "postgresql_schema mssql_database neon_project neon_branch neon_database planetscale_database "
        "supabase_project redshift_schema redshift_database clickhouse_service cockroach_cluster "
        "couchbase-capella_cluster influxdb-v2_bucket mongodbatlas_serverless_instance "
        "mongodb_db_collection upstash_redis_database rediscloud_subscription rediscloud_database "
        "astra_database snowflake_database snowflake_schema snowflake_table snowflake_shared_database"
    ),
    "message cluster": "aiven_kafka confluent_kafka_cluster confluent_environment",
    "topic": "confluent_kafka_topic kafka_topic aiven_kafka_topic",
    "catalog": (
        "databricks_catalog databricks_schema databricks_sql_table databricks_volume databricks_metastore"
    ),
    "index": ("elasticstack_elasticsearch_index elasticstack_elasticsearch_data_stream opensearch_index"),
    "realm": "keycloak_realm",
    "bucket": "minio_s3_bucket",
    "queue": "rabbitmq_queue rabbitmq_vhost rabbitmq_exchange",
    "stage": "snowflake_stage",
    "secret": "vault_kv_secret vault_kv_secret_v2 vault_generic_secret",
    "secret engine": ("vault_mount vault_pki_secret_backend_root_cert vault_transit_secret_backend_key"),
}
SERVES = {
    "cluster": "databricks_cluster databricks_sql_endpoint",
    "instance": "nutanix_virtual_machine equinix_metal_device",
    "service": "heroku_app fly_app render_web_service vercel_project netlify_site",
    "DNS record": "hetznerdns_record ns1_record dnsimple_zone_record",
}
KEEPS_LOGS: dict[str, str] = {}
