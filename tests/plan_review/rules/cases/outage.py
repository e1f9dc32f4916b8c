"""Interruptions, capacity and ways back; and changes that interrupt nothing."""

from plan_review.plan import UNKNOWN, Action, Value
from tests.plan_review.rules.cases.case import create, delete, ignores, replace, sees, update

BALANCER, GROUP, TARGETS = "aws_lb.main", "aws_autoscaling_group.hosts", "aws_lb_target_group.app"
DEPLOYMENT = "aws_codedeploy_deployment_group.app"
TEMPLATE, RECORD, DATABASE = "aws_launch_template.hosts", "aws_route53_record.app", "aws_db_instance.main"
ONE, ALL = "CodeDeployDefault.OneAtATime", "CodeDeployDefault.AllAtOnce"


def sizes(least: int, wanted: int, most: int) -> dict[str, Value]:
    return {"min_size": least, "desired_capacity": wanted, "max_size": most}


def deployed(name: str) -> dict[str, Value]:
    return {"deployment_config_name": name}


def rolled_back(*, enabled: bool) -> dict[str, Value]:
    return {"auto_rollback_configuration": [{"enabled": enabled, "events": ["DEPLOYMENT_FAILURE"]}]}


def check(path: str) -> dict[str, Value]:
    return {"health_check": [{"path": path}]}


def patience(seconds: int) -> dict[str, Value]:
    return {"health_check": [{"timeout": seconds}]}


def port(number: int, kind: str = "instance") -> dict[str, Value]:
    return {"port": number, "target_type": kind}


CASES = [
    sees(
        "outage.replaced",
        "destroyed before a new one is created, forced by name",
        replace(BALANCER, {"name": "a"}, {"name": "b"}, ("name",)),
    ),
    sees(
        "outage.replaced",
        "The instance",
        replace("aws_instance.a", {"user_data": "a"}, {"user_data": "b"}, ("user_data",)),
    ),
    sees("outage.replaced", "The target group", replace(TARGETS, {"port": 80}, {"port": 81}, ("port",))),
    ignores("outage.replaced", replace(BALANCER, {}, {}, action=Action.CREATE_BEFORE_DESTROY)),
    ignores("outage.replaced", update(BALANCER, {"idle_timeout": 60}, {"idle_timeout": 30})),
    sees(
        "outage.in-turn",
        "then the old one is destroyed",
        replace(BALANCER, {}, {}, action=Action.CREATE_BEFORE_DESTROY),
    ),
    ignores("outage.in-turn", replace(BALANCER, {}, {})),
    sees("outage.destroyed", "The load balancer is destroyed", delete(BALANCER)),
    sees("outage.destroyed", "if it was only renamed", delete(BALANCER), create("aws_lb.b", {})),
    ignores("outage.destroyed", delete("aws_cloudwatch_dashboard.a")),
    ignores("outage.destroyed", replace(BALANCER, {}, {})),
    sees(
        "outage.restart",
        "A changed instance_class",
        update(DATABASE, {"instance_class": "a"}, {"instance_class": "b", "apply_immediately": True}),
    ),
    sees(
        "outage.restart",
        "maintenance window",
        update(DATABASE, {"engine_version": "15"}, {"engine_version": "16", "apply_immediately": False}),
    ),
    sees(
        "outage.restart",
        "instance_type",
        update("aws_instance.a", {"instance_type": "t3.small"}, {"instance_type": "t3.large"}),
    ),
    ignores("outage.restart", update(DATABASE, {"tags": {}}, {"tags": {"a": "b"}})),
    ignores("outage.restart", create(DATABASE, {"instance_class": "a"})),
    sees("outage.template", "user_data", update(TEMPLATE, {"user_data": "a"}, {"user_data": "b"})),
    ignores("outage.template", update(TEMPLATE, {"tags": {}}, {"tags": {"a": "b"}})),
    sees(
        "outage.certificate",
        "A different certificate",
        update("aws_lb_listener.a", {"certificate_arn": "a"}, {"certificate_arn": UNKNOWN}),
    ),
    ignores("outage.certificate", create("aws_lb_listener.a", {"certificate_arn": "a"})),
    ignores(
        "outage.certificate",
        update("aws_lb_listener.a", {"certificate_arn": "a"}, {"certificate_arn": "a", "port": 1}),
    ),
    sees("outage.health-path", "health_check[0].path", update(TARGETS, check("/"), check("/readyz"))),
    ignores("outage.health-path", update(TARGETS, check("/"), {**check("/"), "slow_start": 30})),
    sees("outage.health-check", "health_check[0].timeout", update(TARGETS, patience(4), patience(2))),
    ignores("outage.health-check", update(TARGETS, check("/"), check("/readyz"))),
    sees("outage.host-port", "on another port", replace(TARGETS, port(8080), port(9000), ("port",))),
    sees(
        "outage.host-port",
        "on another port",
        replace(TARGETS, port(8080), port(9000), ("name",), action=Action.CREATE_BEFORE_DESTROY),
    ),
    ignores("outage.host-port", replace(TARGETS, port(80, "ip"), port(81, "ip"), ("port",))),
    ignores("outage.host-port", replace(TARGETS, {"name": "a"}, {"name": "b"}, ("name",))),
    sees(
        "outage.architecture",
        "Hosts are arm64 from now on, and were x86_64",
        update(TEMPLATE, {"image_id": "al2023-x86_64"}, {"image_id": "al2023-arm64"}),
    ),
    ignores("outage.architecture", update(TEMPLATE, {"image_id": "ami-1"}, {"image_id": "ami-2"})),
    sees(
        "outage.dns",
        "app.example.com points to a different target",
        update(RECORD, {"records": ["192.0.2.1"]}, {"records": ["192.0.2.2"], "name": "app.example.com"}),
    ),
    sees(
        "outage.dns",
        "points to a different target",
        update(RECORD, {"alias": [{"name": "a"}]}, {"alias": [{"name": UNKNOWN}]}),
    ),
    ignores(
        "outage.dns",
        update(RECORD, {"ttl": 300, "records": ["192.0.2.1"]}, {"ttl": 60, "records": ["192.0.2.1"]}),
    ),
    sees("capacity.none", "desired_capacity is set to 0", update(GROUP, sizes(2, 2, 4), sizes(0, 0, 4))),
    sees(
        "capacity.none",
        "desired_count is set to 0",
        update("aws_ecs_service.a", {"desired_count": 2}, {"desired_count": 0}),
    ),
    ignores("capacity.none", update(GROUP, sizes(2, 2, 4), sizes(1, 1, 4))),
    ignores("capacity.none", create(GROUP, sizes(0, 0, 0))),
    sees("capacity.less", "min_size is reduced: 2 → 1", update(GROUP, sizes(2, 2, 4), sizes(1, 2, 4))),
    sees("capacity.less", "below the least until now (2)", update(GROUP, sizes(2, 2, 4), sizes(1, 1, 1))),
    ignores("capacity.less", update(GROUP, sizes(2, 2, 4), sizes(2, 3, 6))),
    ignores("capacity.less", update(GROUP, sizes(2, 2, 4), {**sizes(2, 2, 4), "desired_capacity": UNKNOWN})),
    sees("capacity.at-once", "All hosts", update(DEPLOYMENT, deployed(ONE), deployed(ALL))),
    sees("capacity.at-once", "All hosts", create(DEPLOYMENT, deployed(ALL))),
    sees(
        "capacity.at-once",
        "minimum_healthy_hosts",
        create(
            "aws_codedeploy_deployment_config.a",
            {"minimum_healthy_hosts": [{"type": "HOST_COUNT", "value": 0}]},
        ),
    ),
    sees(
        "capacity.at-once",
        "all hosts or tasks",
        update(
            "aws_ecs_service.a",
            {"deployment_minimum_healthy_percent": 100},
            {"deployment_minimum_healthy_percent": 0},
        ),
    ),
    ignores("capacity.at-once", create(DEPLOYMENT, deployed(ONE))),
    ignores("capacity.at-once", update(DEPLOYMENT, deployed(ALL), {**deployed(ALL), "tags": {}})),
    sees(
        "capacity.no-way-back",
        "A failed deployment is not rolled back",
        update(DEPLOYMENT, rolled_back(enabled=True), rolled_back(enabled=False)),
    ),
    sees("capacity.no-way-back", "multi_az", update(DATABASE, {"multi_az": True}, {"multi_az": False})),
    ignores(
        "capacity.no-way-back", update(DEPLOYMENT, rolled_back(enabled=False), rolled_back(enabled=True))
    ),
]
