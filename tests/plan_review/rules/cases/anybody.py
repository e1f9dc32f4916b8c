"""What any team's plan may hold: roles exchanged, doors of other clouds, types that no rule knows."""

import json

from plan_review.plan import UNKNOWN, ResourceChange, Value
from tests.plan_review.rules.cases.case import create, delete, ignores, replace, sees, update

FUNCTION, USERS, API = "aws_lambda_function.f", "aws_cognito_user_pool.u", "aws_api_gateway_rest_api.a"
CLOUDFRONT, PROJECT, TASK = (
    "aws_cloudfront_distribution.c",
    "aws_codebuild_project.p",
    "aws_ecs_task_definition.t",
)
MFA: dict[str, Value] = {"mfa_configuration": "ON"}
OUTWARD: dict[str, Value] = {"direction": "out", "port": "22", "source_ips": ["0.0.0.0/0"]}
PRIVATE: dict[str, Value] = {"endpoint_configuration": [{"types": ["PRIVATE"]}]}
REGIONAL: dict[str, Value] = {"endpoint_configuration": [{"types": ["REGIONAL"]}]}


def task(*, privileged: bool) -> dict[str, Value]:
    return {"container_definitions": json.dumps([{"name": "a", "privileged": privileged}])}


def gone(number: int, stays: int) -> list[ResourceChange]:
    leaving = [delete(f"aws_x.a{each}") for each in range(number)]
    return [*leaving, *(update(f"aws_x.b{each}", {}, {}) for each in range(stays))]


ADMINISTERS: dict[str, dict[str, Value]] = {
    "azurerm_role_definition": {"permissions": [{"actions": ["*"]}]},
    "azuread_directory_role_assignment": {"role_id": "62e90394-69f5-4237-9190-012177145e10"},
    "kubernetes_cluster_role": {"rule": [{"resources": ["*"], "verbs": ["*"]}]},
    "kubernetes_cluster_role_v1": {"rule": [{"resources": ["*"], "verbs": ["*"]}]},
    "kubernetes_cluster_role_binding": {"role_ref": [{"name": "cluster-admin"}]},
    "kubernetes_cluster_role_binding_v1": {"role_ref": [{"name": "cluster-admin"}]},
    "kubernetes_role_binding": {"role_ref": [{"name": "cluster-admin"}]},
    "kubernetes_role_binding_v1": {"role_ref": [{"name": "cluster-admin"}]},
    "okta_group_role": {"role_type": "SUPER_ADMIN"},
    "okta_user_admin_roles": {"admin_roles": ["SUPER_ADMIN"]},
    "vault_policy": {"policy": 'path "*" { capabilities = ["read", "sudo"] }'},
    "github_repository_collaborator": {"permission": "admin"},
    "github_team_repository": {"permission": "admin"},
    "github_membership": {"role": "admin"},
    "gitlab_project_membership": {"access_level": "owner"},
    "gitlab_group_membership": {"access_level": "owner"},
}
SQL: dict[str, Value] = {"start_ip_address": "0.0.0.0", "end_ip_address": "255.255.255.255"}
OPENS: dict[str, dict[str, Value]] = {
    **dict.fromkeys(
        (
            *("azurerm_mssql_firewall_rule", "azurerm_sql_firewall_rule", "azurerm_mysql_firewall_rule"),
            *("azurerm_mysql_flexible_server_firewall_rule", "azurerm_postgresql_firewall_rule"),
            *("azurerm_postgresql_flexible_server_firewall_rule", "azurerm_mariadb_firewall_rule"),
            *("azurerm_redis_firewall_rule", "azurerm_synapse_firewall_rule"),
        ),
        SQL,
    ),
    "aws_default_security_group": {
        "ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]
    },
    "aws_ec2_managed_prefix_list_entry": {"cidr": "0.0.0.0/0"},
    "azurerm_network_security_group": {
        "security_rule": [
            {
                "access": "Allow",
                "direction": "Inbound",
                "protocol": "Tcp",
                "source_address_prefix": "*",
                "destination_port_range": "22",
            }
        ]
    },
    "aws_lightsail_instance_public_ports": {
        "port_info": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidrs": ["0.0.0.0/0"]}]
    },
    "digitalocean_firewall": {
        "inbound_rule": [{"protocol": "tcp", "port_range": "22", "source_addresses": ["0.0.0.0/0"]}]
    },
    "hcloud_firewall": {
        "rule": [{"direction": "in", "protocol": "tcp", "port": "22", "source_ips": ["0.0.0.0/0", "::/0"]}]
    },
    "linode_firewall": {
        "inbound": [{"action": "ACCEPT", "protocol": "TCP", "ports": "22", "ipv4": ["0.0.0.0/0"]}]
    },
    "scaleway_instance_security_group": {
        "inbound_rule": [{"action": "accept", "protocol": "TCP", "port": 22, "ip_range": "0.0.0.0/0"}]
    },
    "alicloud_security_group_rule": {
        "type": "ingress",
        "ip_protocol": "tcp",
        "port_range": "22/22",
        "cidr_ip": "0.0.0.0/0",
    },
    "openstack_networking_secgroup_rule": {
        "direction": "ingress",
        "protocol": "tcp",
        "port_range_min": 22,
        "port_range_max": 22,
        "remote_ip_prefix": "0.0.0.0/0",
    },
    "openstack_networking_secgroup_rule_v2": {
        "direction": "ingress",
        "protocol": "tcp",
        "port_range_min": 22,
        "port_range_max": 22,
        "remote_ip_prefix": "0.0.0.0/0",
    },
    "oci_core_security_list": {
        "ingress_security_rules": [
            {"protocol": "6", "source": "0.0.0.0/0", "tcp_options": [{"min": 22, "max": 22}]}
        ]
    },
    "oci_core_network_security_group_security_rule": {
        "direction": "INGRESS",
        "protocol": "6",
        "source": "0.0.0.0/0",
        "tcp_options": [{"destination_port_range": [{"min": 22, "max": 22}]}],
    },
}
CLOSED: dict[str, Value] = {"start_ip_address": "192.0.2.1", "end_ip_address": "192.0.2.9"}

CASES = [
    sees("state.unknown-type", "A resource of type acme_thing is destroyed", delete("acme_thing.t")),
    sees("state.unknown-type", "is replaced", replace("acme_thing.t", {"a": "b"}, {"a": "c"}, ("a",))),
    ignores("state.unknown-type", update("acme_thing.t", {"a": "b"}, {"a": "c"})),
    ignores("state.unknown-type", delete("aws_iam_role_policy_attachment.a")),
    ignores("state.unknown-type", delete("null_resource.a")),
    sees("state.many-destroyed", "20 of the 220", *gone(20, 200)),
    sees("state.many-destroyed", "5 of the 9", *gone(5, 4)),
    ignores("state.many-destroyed", *gone(5, 6)),
    ignores("state.many-destroyed", *gone(4, 0)),
    sees(
        "access.role-exchanged",
        "role: a → b",
        update(FUNCTION, {"role": "a"}, {"role": "b"}),
    ),
    sees("access.role-exchanged", "known after apply", update(FUNCTION, {"role": "a"}, {"role": UNKNOWN})),
    ignores("access.role-exchanged", create(FUNCTION, {"role": "a"})),
    ignores("access.role-exchanged", update("aws_iam_role_policy.x", {"role": "a"}, {"role": "b"})),
    *(
        sees("access.administrator", "everything", create(f"{kind}.a", ADMINISTERS[kind]))
        for kind in ADMINISTERS
    ),
    ignores("access.administrator", create("github_repository_collaborator.a", {"permission": "pull"})),
    ignores("access.administrator", create("kubernetes_role_binding.a", {"role_ref": [{"name": "view"}]})),
    ignores(
        "access.administrator",
        create("vault_policy.a", {"policy": 'path "kv/*" { capabilities = ["read"] }'}),
    ),
    sees(
        "access.sign-in",
        "second factor",
        update(USERS, {"mfa_configuration": "ON"}, {"mfa_configuration": "OFF"}),
    ),
    sees(
        "access.sign-in",
        "Everybody can sign up",
        update(
            USERS,
            {"admin_create_user_config": [{"allow_admin_create_user_only": True}]},
            {"admin_create_user_config": [{"allow_admin_create_user_only": False}]},
        ),
    ),
    ignores("access.sign-in", update(USERS, {"mfa_configuration": "OFF"}, {"mfa_configuration": "ON"})),
    sees("exposure.api", "becomes public", update(API, PRIVATE, REGIONAL)),
    ignores("exposure.api", update(API, REGIONAL, PRIVATE)),
    sees(
        "exposure.repository",
        "becomes public",
        update("github_repository.r", {"visibility": "private"}, {"visibility": "public"}),
    ),
    ignores(
        "exposure.repository",
        update("github_repository.r", {"visibility": "public"}, {"visibility": "private"}),
    ),
    sees("exposure.firewall-off", "web_acl_id", update(CLOUDFRONT, {"web_acl_id": "w"}, {"web_acl_id": ""})),
    ignores("exposure.firewall-off", update(CLOUDFRONT, {"web_acl_id": "w"}, {"web_acl_id": "v"})),
    sees("exposure.privileged", "on its host", update(TASK, task(privileged=False), task(privileged=True))),
    sees("exposure.privileged", "on its host", create(TASK, task(privileged=True))),
    sees(
        "exposure.privileged",
        "environment.privileged_mode",
        update(
            PROJECT,
            {"environment": [{"privileged_mode": False}]},
            {"environment": [{"privileged_mode": True}]},
        ),
    ),
    ignores("exposure.privileged", update(TASK, task(privileged=True), task(privileged=False))),
    sees("outage.switched-off", "enabled = false", update(CLOUDFRONT, {"enabled": True}, {"enabled": False})),
    ignores("outage.switched-off", update(CLOUDFRONT, {"enabled": False}, {"enabled": True})),
    sees(
        "outage.origin",
        "origin.domain_name",
        update(CLOUDFRONT, {"origin": [{"domain_name": "a"}]}, {"origin": [{"domain_name": "b"}]}),
    ),
    ignores("outage.origin", create(CLOUDFRONT, {"origin": [{"domain_name": "a"}]})),
    sees(
        "retention.dead-letters",
        "redrive_policy",
        update("aws_sqs_queue.q", {"redrive_policy": "{}"}, {"redrive_policy": ""}),
    ),
    ignores("retention.dead-letters", update("aws_sqs_queue.q", {}, {"redrive_policy": "{}"})),
    sees(
        "retention.expires",
        "Items expire",
        update("aws_dynamodb_table.t", {"ttl": [{"enabled": False}]}, {"ttl": [{"enabled": True}]}),
    ),
    sees(
        "protection.backups-off",
        "7 → 0",
        update("aws_db_instance.d", {"backup_retention_period": 7}, {"backup_retention_period": 0}),
    ),
    ignores(
        "protection.backups-off",
        update("aws_db_instance.d", {"backup_retention_period": 7}, {"backup_retention_period": 1}),
    ),
    *(sees("exposure.administration", "Lets in", create(f"{kind}.a", OPENS[kind])) for kind in OPENS),
    ignores("exposure.administration", create("azurerm_mssql_firewall_rule.a", CLOSED)),
    ignores(
        "exposure.administration",
        create(
            "hcloud_firewall.a", {"rule": [{"direction": "out", "port": "22", "source_ips": ["0.0.0.0/0"]}]}
        ),
    ),
    sees("exposure.cluster", "cluster's API", create("azurerm_kubernetes_cluster.a", {"name": "a"})),
    sees("exposure.cluster", "cluster's API", create("google_container_cluster.a", {"name": "a"})),
    ignores("exposure.cluster", create("azurerm_kubernetes_cluster.a", {"private_cluster_enabled": True})),
    ignores(
        "exposure.cluster",
        create(
            "google_container_cluster.a",
            {"master_authorized_networks_config": [{"cidr_blocks": [{"cidr_block": "192.0.2.0/24"}]}]},
        ),
    ),
    sees(
        "protection.removed",
        "without review",
        delete("github_branch_protection.a", {"repository_id": "r"}),
    ),
]
