"""Types of Azure: those with state, those that serve, those that store logs.

Source: registry.terraform.io/providers/hashicorp/azurerm/latest/docs, azuread and azapi.
"""

HOLDS_STATE = {
    "resource group": "azurerm_resource_group",
    "storage account": "azurerm_storage_account",
    "bucket": (
        "azurerm_storage_container azurerm_storage_share azurerm_storage_queue azurerm_storage_table "
        "azurerm_storage_data_lake_gen2_filesystem"
    ),
    "disk": "azurerm_managed_disk",
    "snapshot": "azurerm_snapshot azurerm_image azurerm_shared_image_version",
    "database": (
        "azurerm_mssql_server azurerm_mssql_database azurerm_mssql_managed_instance "
        "azurerm_mssql_managed_database azurerm_mysql_flexible_server azurerm_mysql_flexible_database "
        "azurerm_mysql_server azurerm_mysql_database azurerm_postgresql_flexible_server "
        "azurerm_postgresql_flexible_server_database azurerm_postgresql_server "
        "azurerm_postgresql_database azurerm_mariadb_server azurerm_mariadb_database "
        "azurerm_cosmosdb_account azurerm_cosmosdb_sql_database azurerm_cosmosdb_sql_container "
        "azurerm_cosmosdb_table azurerm_cosmosdb_mongo_database azurerm_cosmosdb_mongo_collection "
        "azurerm_cosmosdb_postgresql_cluster azurerm_kusto_cluster azurerm_kusto_database "
        "azurerm_synapse_workspace azurerm_synapse_sql_pool azurerm_cosmosdb_cassandra_keyspace "
        "azurerm_cosmosdb_cassandra_cluster azurerm_cosmosdb_gremlin_database "
        "azurerm_cosmosdb_gremlin_graph azurerm_sql_server azurerm_sql_database azurerm_search_service "
        "azurerm_mongo_cluster"
    ),
    "cache": "azurerm_redis_cache azurerm_redis_enterprise_cluster azurerm_managed_redis",
    "key vault": "azurerm_key_vault azurerm_key_vault_managed_hardware_security_module",
    "key": "azurerm_key_vault_key azurerm_key_vault_certificate",
    "secret": "azurerm_key_vault_secret azurerm_app_configuration",
    "repository": "azurerm_container_registry",
    "cluster": "azurerm_kubernetes_cluster",
    "hosted zone": "azurerm_dns_zone azurerm_private_dns_zone",
    "event hub": "azurerm_eventhub azurerm_eventhub_namespace",
    "queue": "azurerm_servicebus_namespace azurerm_servicebus_queue azurerm_servicebus_topic",
    "vault": "azurerm_recovery_services_vault azurerm_data_protection_backup_vault",
    "file system": "azurerm_netapp_volume azurerm_hpc_cache",
    "resource": "azapi_resource azapi_data_plane_resource",
    "ledger": "azurerm_confidential_ledger",
    "data factory": (
        "azurerm_data_factory azurerm_databricks_workspace azurerm_machine_learning_workspace "
        "azurerm_purview_account"
    ),
    "device hub": "azurerm_iothub",
    "image gallery": "azurerm_shared_image_gallery azurerm_shared_image",
    "directory object": "azuread_application azuread_service_principal azuread_group azuread_user",
}
SERVES = {
    "load balancer": "azurerm_lb azurerm_application_gateway",
    "instance": ("azurerm_linux_virtual_machine azurerm_windows_virtual_machine azurerm_virtual_machine"),
    "group of hosts": ("azurerm_linux_virtual_machine_scale_set azurerm_kubernetes_cluster_node_pool"),
    "service": (
        "azurerm_linux_web_app azurerm_windows_web_app azurerm_container_app azurerm_container_group "
        "azurerm_linux_function_app azurerm_windows_function_app azurerm_service_plan "
        "azurerm_static_web_app azurerm_logic_app_standard"
    ),
    "DNS record": (
        "azurerm_dns_a_record azurerm_dns_cname_record azurerm_dns_aaaa_record azurerm_dns_mx_record "
        "azurerm_dns_txt_record azurerm_dns_ns_record azurerm_private_dns_a_record "
        "azurerm_private_dns_cname_record"
    ),
    "public address": "azurerm_public_ip",
    "network": "azurerm_virtual_network",
    "subnet": "azurerm_subnet",
    "route": "azurerm_route",
    "gateway": (
        "azurerm_nat_gateway azurerm_express_route_circuit azurerm_firewall "
        "azurerm_virtual_network_gateway azurerm_vpn_gateway"
    ),
    "role": "azurerm_user_assigned_identity",
    "API": "azurerm_api_management",
    "distribution": (
        "azurerm_cdn_frontdoor_profile azurerm_cdn_frontdoor_endpoint azurerm_cdn_profile "
        "azurerm_frontdoor azurerm_traffic_manager_profile"
    ),
}
KEEPS_LOGS = {
    "log workspace": "azurerm_log_analytics_workspace azurerm_application_insights",
}
