"""The types of resources that serve while they are there, and hold nothing that cannot be made again."""

from plan_review.rules.stateful_types import by_type

SERVING = by_type(
    {
        "load balancer": "aws_lb aws_alb aws_elb azurerm_lb azurerm_application_gateway",
        "listener": "aws_lb_listener aws_alb_listener google_compute_global_forwarding_rule",
        "listener rule": "aws_lb_listener_rule aws_alb_listener_rule google_compute_url_map",
        "target group": "aws_lb_target_group aws_alb_target_group google_compute_backend_service",
        "attachment": "aws_lb_target_group_attachment aws_autoscaling_attachment aws_volume_attachment",
        "instance": (
            "aws_instance aws_spot_instance_request aws_lightsail_instance google_compute_instance "
            "azurerm_linux_virtual_machine azurerm_windows_virtual_machine azurerm_virtual_machine"
        ),
        "group of hosts": (
            "aws_autoscaling_group aws_eks_node_group aws_ec2_fleet google_compute_instance_group_manager "
            "google_compute_region_instance_group_manager google_container_node_pool "
            "azurerm_linux_virtual_machine_scale_set azurerm_kubernetes_cluster_node_pool"
        ),
        "service": (
            "aws_ecs_service aws_apprunner_service google_cloud_run_service google_cloud_run_v2_service "
            "azurerm_linux_web_app azurerm_windows_web_app azurerm_container_app kubernetes_deployment "
            "kubernetes_service kubernetes_ingress_v1"
        ),
        "cluster": "aws_ecs_cluster",
        "function": "aws_lambda_function google_cloudfunctions_function google_cloudfunctions2_function",
        "alias": "aws_lambda_alias",
        "event source": "aws_lambda_event_source_mapping",
        "database instance": (
            "aws_rds_cluster_instance aws_docdb_cluster_instance aws_neptune_cluster_instance"
        ),
        "topic": "aws_sns_topic",
        "API": "aws_api_gateway_rest_api aws_apigatewayv2_api aws_appsync_graphql_api",
        "API stage": "aws_api_gateway_stage aws_apigatewayv2_stage aws_api_gateway_domain_name",
        "distribution": "aws_cloudfront_distribution aws_globalaccelerator_accelerator",
        "DNS record": (
            "aws_route53_record google_dns_record_set azurerm_dns_a_record azurerm_dns_cname_record "
            "cloudflare_record cloudflare_dns_record"
        ),
        "certificate": (
            "aws_acm_certificate aws_iam_server_certificate google_compute_managed_ssl_certificate"
        ),
        "public address": "aws_eip google_compute_address google_compute_global_address azurerm_public_ip",
        "network": "aws_vpc google_compute_network azurerm_virtual_network",
        "subnet": "aws_subnet google_compute_subnetwork azurerm_subnet",
        "route": "aws_route aws_route_table aws_route_table_association google_compute_route azurerm_route",
        "gateway": (
            "aws_nat_gateway aws_internet_gateway aws_ec2_transit_gateway aws_vpn_gateway aws_vpn_connection "
            "aws_dx_connection google_compute_router_nat azurerm_nat_gateway"
        ),
        "endpoint": "aws_vpc_endpoint",
        "peering": "aws_vpc_peering_connection aws_ec2_transit_gateway_vpc_attachment",
        "pipeline": "aws_codepipeline",
        "deployment group": "aws_codedeploy_deployment_group aws_codedeploy_app",
        "connection": "aws_codestarconnections_connection aws_codeconnections_connection",
        "role": "aws_iam_role google_service_account azurerm_user_assigned_identity",
        "identity provider": "aws_iam_openid_connect_provider aws_iam_saml_provider",
        "security group": "aws_security_group",
    }
)
