"""Types of Google Cloud: those with state, those that serve, those that store logs.

Source: registry.terraform.io/providers/hashicorp/google/latest/docs.
"""

HOLDS_STATE = {
    "bucket": "google_storage_bucket",
    "database": (
        "google_sql_database_instance google_sql_database google_spanner_instance "
        "google_spanner_database google_bigtable_instance google_bigtable_table "
        "google_firestore_database google_firebase_database_instance google_alloydb_cluster "
        "google_alloydb_instance"
    ),
    "dataset": "google_bigquery_dataset google_bigquery_table",
    "cache": "google_redis_instance google_redis_cluster google_memorystore_instance",
    "file system": "google_filestore_instance google_netapp_volume",
    "disk": "google_compute_disk google_compute_region_disk",
    "snapshot": "google_compute_snapshot google_compute_image google_compute_machine_image",
    "key": "google_kms_key_ring google_kms_crypto_key google_kms_crypto_key_version",
    "secret": "google_secret_manager_secret google_secret_manager_secret_version",
    "repository": (
        "google_artifact_registry_repository google_container_registry google_sourcerepo_repository"
    ),
    "topic": "google_pubsub_topic",
    "subscription": "google_pubsub_subscription",
    "cluster": "google_container_cluster",
    "hosted zone": "google_dns_managed_zone",
    "project": "google_project google_folder",
    "health record store": (
        "google_healthcare_fhir_store google_healthcare_dicom_store google_healthcare_hl7_v2_store "
        "google_healthcare_dataset"
    ),
    "data set": (
        "google_dataplex_lake google_data_catalog_entry_group google_vertex_ai_dataset "
        "google_vertex_ai_featurestore"
    ),
    "backup plan": "google_gke_backup_backup_plan google_backup_dr_backup_vault",
}
SERVES = {
    "listener": "google_compute_global_forwarding_rule",
    "listener rule": "google_compute_url_map",
    "target group": "google_compute_backend_service",
    "instance": "google_compute_instance",
    "group of hosts": (
        "google_compute_instance_group_manager google_compute_region_instance_group_manager "
        "google_container_node_pool"
    ),
    "service": "google_cloud_run_service google_cloud_run_v2_service",
    "function": "google_cloudfunctions_function google_cloudfunctions2_function",
    "DNS record": "google_dns_record_set",
    "certificate": "google_compute_managed_ssl_certificate",
    "public address": "google_compute_address google_compute_global_address",
    "network": "google_compute_network",
    "subnet": "google_compute_subnetwork",
    "route": "google_compute_route",
    "gateway": (
        "google_compute_router_nat google_compute_vpn_tunnel google_compute_vpn_gateway "
        "google_compute_ha_vpn_gateway google_compute_interconnect_attachment google_compute_router"
    ),
    "role": "google_service_account",
    "workflow": (
        "google_composer_environment google_cloud_scheduler_job google_workflows_workflow google_dataflow_job"
    ),
    "forwarding rule": (
        "google_compute_forwarding_rule google_compute_target_https_proxy google_compute_target_http_proxy"
    ),
}
KEEPS_LOGS = {
    "log bucket": (
        "google_logging_project_bucket_config google_logging_folder_bucket_config "
        "google_logging_organization_bucket_config"
    ),
}
