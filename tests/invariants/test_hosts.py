"""Hosts, network and deployments: what AWS accepts only at apply, or punishes later."""

from tests.synthesis import Resource, Synthesised


def test_only_the_load_balancer_can_be_reached_and_only_by_those_allowed(everything: Synthesised) -> None:
    allowed = {
        f"{everything.pipeline.service}-{environment.name}": set(environment.allowed_cidrs)
        for environment in everything.pipeline.environments
    }
    balancers = {
        environment.load_balancer.security_group
        for environment in everything.pipeline.environments
        if environment.load_balancer
    }
    for rule in everything.resources("aws_vpc_security_group_ingress_rule"):
        if cidr := rule.get("cidr_ipv4"):
            assert "/traffic/" in rule.path, rule.path
            assert cidr in allowed[rule.stack], rule.path
            assert (rule["from_port"], rule["to_port"]) in ((80, 80), (443, 443)), rule.path
        else:
            group = rule["referenced_security_group_id"]
            assert group.startswith("${aws_security_group.") or group in balancers, rule.path


def test_ssh_is_open_nowhere_and_hosts_have_no_key_pair(everything: Synthesised) -> None:
    for rule in everything.resources(
        "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
    ):
        assert not rule["from_port"] <= 22 <= rule["to_port"], rule.path
    for template in everything.resources("aws_launch_template"):
        assert template.get("key_name") is None, template.path


def test_security_groups_have_no_rules_of_their_own(everything: Synthesised) -> None:
    """Rules are resources: inline ones would fight with them."""
    for group in everything.resources("aws_security_group"):
        assert (group.get("ingress"), group.get("egress")) == (None, None), group.path
    for group in everything.resources("aws_default_security_group"):
        assert group["ingress"] == group["egress"] == [], group.path


def test_every_network_records_all_its_traffic(everything: Synthesised) -> None:
    for network in everything.resources("aws_vpc"):
        (log,) = everything.referring_to(network, "aws_flow_log")
        assert log["traffic_type"] == "ALL"


def test_load_balancers_span_two_zones_log_and_drop_invalid_headers(everything: Synthesised) -> None:
    for balancer in everything.resources("aws_lb"):
        assert len(balancer["subnets"]) >= 2, balancer.path
        assert balancer["access_logs"]["enabled"] is True
        assert balancer["drop_invalid_header_fields"] is True
        waits = any("aws_s3_bucket_policy." in depend for depend in balancer.get("depends_on") or ())
        exists = balancer["access_logs"]["bucket"] in {
            environment.access_log_bucket for environment in everything.pipeline.environments
        }
        assert waits is not exists, balancer.path


def test_plain_http_is_forwarded_only_where_the_settings_say_so(everything: Synthesised) -> None:
    for environment in everything.pipeline.environments:
        stack = f"{everything.pipeline.service}-{environment.name}"
        listeners = {
            resource["port"]: resource
            for resource in everything.resources("aws_lb_listener")
            if resource.stack == stack
        }
        if environment.load_balancer:
            assert not listeners, f"{stack}: its owner's listeners are not changed"
            continue
        action = listeners[80]["default_action"][0]
        if environment.plain_http:
            assert (action["type"], set(listeners)) == ("forward", {80})
        else:
            assert (action["type"], action["redirect"]["status_code"]) == ("redirect", "HTTP_301")
            assert listeners[443]["default_action"][0]["type"] == "forward"
            assert listeners[443]["ssl_policy"].startswith("ELBSecurityPolicy-TLS13-1-2-")


def test_hosts_answer_metadata_only_with_a_token_and_not_to_containers(everything: Synthesised) -> None:
    hops = 2 if everything.pipeline.app.aws_access else 1
    for template in everything.resources("aws_launch_template"):
        options = template["metadata_options"]
        assert (options["http_tokens"], options["http_put_response_hop_limit"]) == ("required", hops), (
            template.path
        )


def test_disks_are_encrypted_with_awss_key(everything: Synthesised) -> None:
    """A customer managed key would need a grant for Auto Scaling's service-linked role."""
    for template in everything.resources("aws_launch_template"):
        for device in template["block_device_mappings"]:
            assert device["ebs"]["encrypted"] in (True, "true"), template.path
            assert device["ebs"].get("kms_key_id") is None, template.path


def test_the_image_is_resolved_by_aws_for_the_architecture(everything: Synthesised) -> None:
    for template in everything.resources("aws_launch_template"):
        assert template["image_id"].startswith("resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-")
        assert template["image_id"].endswith(everything.pipeline.app.architecture)


def test_auto_scaling_groups_can_be_replaced_and_leave_health_to_codedeploy(everything: Synthesised) -> None:
    for group in everything.resources("aws_autoscaling_group"):
        assert group["name_prefix"]
        assert group.get("name") is None
        assert group["lifecycle"]["create_before_destroy"] is True
        assert "desired_capacity" in group["lifecycle"]["ignore_changes"]
        assert group["health_check_type"] == "EC2"
        assert group["wait_for_capacity_timeout"] == "0"
        assert "initial_lifecycle_hook" in group["lifecycle"]["ignore_changes"], "a change would replace it"
        for never in ("min_elb_capacity", "warm_pool", "instance_refresh"):
            assert group.get(never) is None, f"{group.path}: {never}"


def test_hosts_wait_only_at_a_hook_that_their_user_data_completes(everything: Synthesised) -> None:
    for hook in everything.resources("aws_autoscaling_lifecycle_hook"):
        templates = [
            resource
            for resource in everything.resources("aws_launch_template")
            if resource.stack == hook.stack
        ]
        for template in templates:
            assert f"LAUNCH_HOOK={hook['name']}\\n" in template["user_data"], hook.path
            assert "autoscaling complete-lifecycle-action" in template["user_data"], hook.path


def test_deployments_are_in_place_with_traffic_control_and_go_back_by_themselves(
    everything: Synthesised,
) -> None:
    for group in everything.resources("aws_codedeploy_deployment_group"):
        assert group["deployment_style"] == {
            "deployment_option": "WITH_TRAFFIC_CONTROL",
            "deployment_type": "IN_PLACE",
        }
        assert group.get("blue_green_deployment_config") is None
        rollback = group["auto_rollback_configuration"]
        assert rollback["enabled"] is True
        assert {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} <= set(rollback["events"])
        (trigger,) = group["trigger_configuration"]
        assert "InstanceFailure" in trigger["trigger_events"]
        assert len(group["autoscaling_groups"]) == 1
        assert _name_of(everything, group) == group["load_balancer_info"]["target_group_info"][0]["name"]


def _name_of(everything: Synthesised, group: Resource) -> str:
    """The stack's target group by *name*: CodeDeploy takes no ARN there."""
    (target,) = (
        resource for resource in everything.resources("aws_lb_target_group") if resource.stack == group.stack
    )
    assert target["target_type"] == "instance"
    assert 30 <= int(target["deregistration_delay"]) <= 60
    return str(target["name"])
