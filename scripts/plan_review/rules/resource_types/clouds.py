"""Types of other clouds: those with state, those that serve, those that store logs.

Source: the documentation of each provider at registry.terraform.io.
"""

HOLDS_STATE = {
    "volume": (
        "digitalocean_volume hcloud_volume alicloud_disk linode_volume nomad_volume nomad_csi_volume "
        "nomad_dynamic_host_volume scaleway_instance_volume scaleway_block_volume vultr_block_storage "
        "upcloud_storage civo_volume exoscale_block_storage_volume ovh_cloud_project_volume "
        "oci_core_volume oci_core_boot_volume oci_file_storage_file_system "
        "openstack_blockstorage_volume openstack_sharedfilesystem_share"
    ),
    "hosted zone": "cloudflare_zone digitalocean_domain",
    "bucket": (
        "digitalocean_spaces_bucket cloudflare_r2_bucket alicloud_oss_bucket scaleway_object_bucket "
        "linode_object_storage_bucket ovh_cloud_project_storage vultr_object_storage "
        "upcloud_object_storage exoscale_sos_bucket openstack_objectstorage_container "
        "oci_objectstorage_bucket"
    ),
    "database": (
        "digitalocean_database_cluster alicloud_db_instance alicloud_polardb_cluster "
        "alicloud_mongodb_instance alicloud_kvstore_instance civo_database cloudflare_d1_database "
        "exoscale_dbaas exoscale_database linode_database_mysql linode_database_postgresql "
        "vultr_database oci_database_autonomous_database oci_database_db_system "
        "oci_mysql_mysql_db_system oci_nosql_table oci_psql_db_system openstack_db_instance "
        "ovh_cloud_project_database scaleway_rdb_instance scaleway_redis_cluster "
        "scaleway_mongodb_instance upcloud_managed_database_postgresql upcloud_managed_database_mysql "
        "upcloud_managed_database_opensearch upcloud_managed_database_valkey"
    ),
    "key": "alicloud_kms_key oci_kms_key",
    "key-value store": "cloudflare_workers_kv_namespace cloudflare_workers_kv",
    "key vault": "oci_kms_vault",
    "disk": "hcloud_volume digitalocean_volume",
    "snapshot": "digitalocean_droplet_snapshot hcloud_snapshot",
}
SERVES = {
    "DNS record": (
        "cloudflare_record cloudflare_dns_record digitalocean_record linode_domain_record "
        "ovh_domain_zone_record"
    ),
    "cluster": (
        "digitalocean_kubernetes_cluster linode_lke_cluster scaleway_k8s_cluster "
        "civo_kubernetes_cluster ovh_cloud_project_kube oci_containerengine_cluster "
        "alicloud_cs_managed_kubernetes vultr_kubernetes"
    ),
    "instance": (
        "digitalocean_droplet hcloud_server linode_instance oci_core_instance "
        "openstack_compute_instance proxmox_virtual_environment_vm scaleway_instance_server "
        "vsphere_virtual_machine vultr_instance alicloud_instance civo_instance "
        "exoscale_compute_instance upcloud_server ovh_cloud_project_instance proxmox_vm_qemu"
    ),
    "load balancer": (
        "digitalocean_loadbalancer hcloud_load_balancer oci_load_balancer_load_balancer "
        "openstack_lb_loadbalancer alicloud_slb_load_balancer scaleway_lb linode_nodebalancer"
    ),
    "service": (
        "digitalocean_app cloudflare_worker_script cloudflare_workers_script cloudflare_pages_project "
        "nomad_job"
    ),
    "network": ("hcloud_network digitalocean_vpc oci_core_vcn openstack_networking_network alicloud_vpc"),
}
KEEPS_LOGS: dict[str, str] = {}
