"""Types of AWS: those with state, those that serve, those that store logs.

Source: registry.terraform.io/providers/hashicorp/aws/latest/docs.
"""

HOLDS_STATE = {
    "bucket": (
        "aws_s3_bucket aws_s3_directory_bucket aws_s3tables_table_bucket aws_lightsail_bucket "
        "aws_s3vectors_vector_bucket"
    ),
    "table": (
        "aws_dynamodb_table aws_dynamodb_global_table aws_keyspaces_table aws_timestreamwrite_table "
        "aws_glue_catalog_table"
    ),
    "database": (
        "aws_db_instance aws_rds_cluster aws_rds_global_cluster aws_docdb_cluster "
        "aws_docdbelastic_cluster aws_neptune_cluster aws_redshift_cluster "
        "aws_redshiftserverless_namespace aws_lightsail_database aws_timestreamwrite_database "
        "aws_timestreaminfluxdb_db_instance aws_keyspaces_keyspace aws_qldb_ledger aws_memorydb_cluster "
        "aws_dsql_cluster aws_glue_catalog_database aws_simpledb_domain aws_finspace_kx_environment "
        "aws_finspace_kx_database aws_neptunegraph_graph"
    ),
    "cache": (
        "aws_elasticache_cluster aws_elasticache_replication_group aws_elasticache_serverless_cache "
        "aws_dax_cluster"
    ),
    "search domain": (
        "aws_opensearch_domain aws_elasticsearch_domain aws_opensearchserverless_collection "
        "aws_cloudsearch_domain aws_opensearch_serverless_collection aws_kendra_index"
    ),
    "file system": (
        "aws_efs_file_system aws_fsx_lustre_file_system aws_fsx_ontap_file_system "
        "aws_fsx_openzfs_file_system aws_fsx_windows_file_system aws_fsx_ontap_volume "
        "aws_fsx_openzfs_volume"
    ),
    "volume": "aws_ebs_volume aws_lightsail_disk",
    "snapshot": (
        "aws_ebs_snapshot aws_ebs_snapshot_copy aws_db_snapshot aws_db_cluster_snapshot "
        "aws_redshift_cluster_snapshot"
    ),
    "machine image": "aws_ami aws_ami_copy aws_ami_from_instance",
    "key": (
        "aws_kms_key aws_kms_external_key aws_kms_replica_key aws_kms_replica_external_key "
        "aws_kms_custom_key_store"
    ),
    "secret": "aws_secretsmanager_secret aws_ssm_parameter",
    "repository": (
        "aws_ecr_repository aws_ecrpublic_repository aws_codecommit_repository aws_codeartifact_repository"
    ),
    "code domain": "aws_codeartifact_domain",
    "user pool": "aws_cognito_user_pool ",
    "identity pool": "aws_cognito_identity_pool",
    "directory": "aws_directory_service_directory aws_identitystore_user aws_identitystore_group",
    "stream": "aws_kinesis_stream aws_kinesis_video_stream",
    "message cluster": "aws_msk_cluster aws_msk_serverless_cluster aws_mq_broker",
    "queue": "aws_sqs_queue",
    "vault": "aws_backup_vault aws_backup_logically_air_gapped_vault aws_glacier_vault",
    "hosted zone": "aws_route53_zone aws_route53domains_registered_domain",
    "certificate authority": "aws_acmpca_certificate_authority aws_cloudhsm_v2_cluster",
    "cluster": "aws_eks_cluster aws_emr_cluster",
    "workspace": (
        "aws_prometheus_workspace aws_grafana_workspace aws_workspaces_workspace aws_sagemaker_domain"
    ),
    "account": "aws_organizations_account aws_organizations_organization",
    "contact centre": "aws_connect_instance",
    "application": "aws_amplify_app",
    "stack": (
        "aws_cloudformation_stack aws_cloudformation_stack_set "
        "aws_serverlessapplicationrepository_cloudformation_stack"
    ),
    "data share": "aws_storagegateway_gateway",
}
SERVES = {
    "load balancer": "aws_lb aws_alb aws_elb",
    "listener": "aws_lb_listener aws_alb_listener",
    "listener rule": "aws_lb_listener_rule aws_alb_listener_rule",
    "target group": "aws_lb_target_group aws_alb_target_group",
    "attachment": "aws_lb_target_group_attachment aws_autoscaling_attachment aws_volume_attachment",
    "instance": "aws_instance aws_spot_instance_request aws_lightsail_instance",
    "group of hosts": "aws_autoscaling_group aws_eks_node_group aws_ec2_fleet",
    "service": "aws_ecs_service aws_apprunner_service",
    "cluster": "aws_ecs_cluster",
    "function": "aws_lambda_function",
    "alias": "aws_lambda_alias",
    "address": "aws_lambda_function_url",
    "event source": "aws_lambda_event_source_mapping",
    "database instance": ("aws_rds_cluster_instance aws_docdb_cluster_instance aws_neptune_cluster_instance"),
    "topic": "aws_sns_topic",
    "API": "aws_api_gateway_rest_api aws_apigatewayv2_api aws_appsync_graphql_api",
    "API stage": "aws_api_gateway_stage aws_apigatewayv2_stage aws_api_gateway_domain_name",
    "distribution": "aws_cloudfront_distribution aws_globalaccelerator_accelerator",
    "DNS record": "aws_route53_record",
    "certificate": "aws_acm_certificate aws_iam_server_certificate",
    "public address": "aws_eip",
    "network": "aws_vpc",
    "subnet": "aws_subnet",
    "route": "aws_route aws_route_table aws_route_table_association",
    "gateway": (
        "aws_nat_gateway aws_internet_gateway aws_ec2_transit_gateway aws_vpn_gateway "
        "aws_vpn_connection aws_dx_connection"
    ),
    "endpoint": "aws_vpc_endpoint",
    "peering": "aws_vpc_peering_connection aws_ec2_transit_gateway_vpc_attachment",
    "pipeline": "aws_codepipeline",
    "build project": "aws_codebuild_project aws_codebuild_webhook",
    "deployment group": "aws_codedeploy_deployment_group aws_codedeploy_app",
    "connection": "aws_codestarconnections_connection aws_codeconnections_connection",
    "role": "aws_iam_role",
    "identity provider": "aws_iam_openid_connect_provider aws_iam_saml_provider",
    "security group": "aws_security_group",
    "application": "aws_elastic_beanstalk_environment aws_elastic_beanstalk_application",
    "state machine": "aws_sfn_state_machine",
    "file transfer server": "aws_transfer_server",
    "scheduled job": "aws_scheduler_schedule aws_batch_job_queue aws_batch_compute_environment",
    "web firewall": "aws_wafv2_web_acl",
}
KEEPS_LOGS = {
    "log group": "aws_cloudwatch_log_group",
    "event data store": "aws_cloudtrail_event_data_store",
}
