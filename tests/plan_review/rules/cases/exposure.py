"""Doors that open to the world, and doors that do not."""

from plan_review.plan import UNKNOWN, ResourceChange, Value
from tests.plan_review.rules.cases.case import create, delete, ignores, replace, sees, update

GROUP, RULE = "aws_security_group.main", "aws_security_group_rule.main"
INGRESS = "aws_vpc_security_group_ingress_rule.main"
BLOCK = "aws_s3_bucket_public_access_block.data"
FLAGS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def inline(first: int, last: int, *cidrs: str, six: str = "", protocol: str = "tcp") -> dict[str, Value]:
    block: dict[str, Value] = {"from_port": first, "to_port": last, "protocol": protocol}
    block["cidr_blocks"], block["ipv6_cidr_blocks"] = list(cidrs), [six] if six else []
    return {"ingress": [block]}


def ingress(port: int | None, **sides: Value) -> dict[str, Value]:
    protocol = "-1" if port is None else "tcp"
    return {"from_port": port, "to_port": port, "ip_protocol": protocol, **sides}


def access_block(**changed: Value) -> dict[str, Value]:
    return {"bucket": "data", **dict.fromkeys(FLAGS, True), **changed}


def firewall(**changed: Value) -> dict[str, Value]:
    return {
        "direction": "INGRESS",
        "source_ranges": ["0.0.0.0/0"],
        "allow": [{"protocol": "tcp", "ports": ["22", "8000-8010"]}],
        **changed,
    }


def azure(port: str, **changed: Value) -> dict[str, Value]:
    rule: dict[str, Value] = {"access": "Allow", "direction": "Inbound", "protocol": "Tcp"}
    return {**rule, "source_address_prefix": "Internet", "destination_port_range": port, **changed}


def database(*, public: Value) -> dict[str, Value]:
    return {"publicly_accessible": public}


def cluster(*cidrs: str) -> dict[str, Value]:
    return {"vpc_config": [{"endpoint_public_access": True, "public_access_cidrs": list(cidrs)}]}


def shut(address: str, after: dict[str, Value]) -> ResourceChange:
    """The rule was there, and let nobody in."""
    return update(address, {"ingress": []}, after)


CASES = [
    sees("exposure.administration", "port 22 from 0.0.0.0/0", shut(GROUP, inline(22, 22, "0.0.0.0/0"))),
    sees("exposure.administration", "port 5432 from ::/0", create(GROUP, inline(5432, 5432, six="::/0"))),
    sees("exposure.administration", "every port", create(GROUP, inline(0, 0, "0.0.0.0/0", protocol="-1"))),
    sees("exposure.administration", "ports 20-30", create(GROUP, inline(20, 30, "0.0.0.0/0"))),
    sees("exposure.administration", "ports 30000-40000", create(GROUP, inline(30000, 40000, "0.0.0.0/0"))),
    sees("exposure.administration", "0.0.0.0/1", create(INGRESS, ingress(22, cidr_ipv4="0.0.0.0/1"))),
    sees("exposure.administration", "every port", create(INGRESS, ingress(None, cidr_ipv6="::/0"))),
    sees(
        "exposure.administration",
        "port 3389",
        create(
            RULE,
            {
                "type": "ingress",
                "from_port": 3389,
                "to_port": 3389,
                "protocol": "tcp",
                "cidr_blocks": ["0.0.0.0/0"],
            },
        ),
    ),
    sees("exposure.administration", "port 22", create("google_compute_firewall.main", firewall())),
    sees("exposure.administration", "port 3389", create("azurerm_network_security_rule.main", azure("3389"))),
    sees(
        "exposure.administration",
        "every port from 0.0.0.0/0",
        create("aws_ec2_managed_prefix_list.main", {"entry": [{"cidr": "0.0.0.0/0"}]}),
    ),
    sees(
        "exposure.administration",
        "ports 22-23",
        update(GROUP, inline(22, 22, "0.0.0.0/0"), inline(22, 23, "0.0.0.0/0")),
    ),
    ignores("exposure.administration", create(GROUP, inline(22, 22, "10.0.0.0/8"))),
    ignores("exposure.administration", create(GROUP, inline(443, 443, "0.0.0.0/0"))),
    ignores(
        "exposure.administration", update(GROUP, inline(22, 23, "0.0.0.0/0"), inline(22, 22, "0.0.0.0/0"))
    ),
    ignores("exposure.administration", create("google_compute_firewall.main", firewall(disabled=True))),
    ignores(
        "exposure.administration", create("azurerm_network_security_rule.main", azure("22", access="Deny"))
    ),
    ignores(
        "exposure.administration",
        create(RULE, {"type": "egress", "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}),
    ),
    sees("exposure.ports", "port 8080 from 0.0.0.0/0", create(GROUP, inline(8080, 8080, "0.0.0.0/0"))),
    sees("exposure.ports", "ports 8000-8010", create("google_compute_firewall.main", firewall())),
    ignores("exposure.ports", create(GROUP, inline(8080, 8080, "192.0.2.0/24"))),
    ignores("exposure.ports", create(GROUP, inline(80, 80, "0.0.0.0/0"))),
    sees("exposure.web", "port 443 from 0.0.0.0/0", create(INGRESS, ingress(443, cidr_ipv4="0.0.0.0/0"))),
    sees("exposure.web", "icmp", create(GROUP, inline(-1, -1, "0.0.0.0/0", protocol="icmp"))),
    ignores("exposure.web", create(INGRESS, ingress(443, referenced_security_group_id="sg-1"))),
    ignores("exposure.web", create(INGRESS, ingress(443, cidr_ipv4=UNKNOWN))),
    ignores("exposure.web", delete(INGRESS, ingress(443, cidr_ipv4="0.0.0.0/0"))),
    sees("exposure.database", "The internet", create("aws_db_instance.main", database(public=True))),
    sees(
        "exposure.database",
        "The internet",
        update("aws_redshift_cluster.main", database(public=False), database(public=True)),
    ),
    sees(
        "exposure.database",
        "The internet",
        create(
            "google_sql_database_instance.main",
            {"settings": [{"ip_configuration": [{"authorized_networks": [{"value": "0.0.0.0/0"}]}]}]},
        ),
    ),
    ignores("exposure.database", create("aws_db_instance.main", database(public=False))),
    ignores(
        "exposure.database",
        update("aws_db_instance.main", database(public=True), {"publicly_accessible": True}),
    ),
    sees("exposure.acl", "public-read", create("aws_s3_bucket_acl.data", {"acl": "public-read"})),
    sees("exposure.acl", "blob", create("azurerm_storage_container.data", {"container_access_type": "blob"})),
    sees(
        "exposure.acl",
        "Everybody is granted access",
        create(
            "aws_s3_bucket_acl.data",
            {
                "access_control_policy": [
                    {"grant": [{"grantee": [{"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}]}]}
                ]
            },
        ),
    ),
    sees("exposure.acl", "start it", create("aws_ami_launch_permission.all", {"group": "all"})),
    ignores("exposure.acl", create("aws_s3_bucket_acl.data", {"acl": "private"})),
    ignores("exposure.acl", update("aws_s3_bucket_acl.data", {"acl": "public-read"}, {"acl": "private"})),
    sees(
        "exposure.public-access-block",
        "block_public_policy = false",
        update(BLOCK, access_block(), access_block(block_public_policy=False)),
    ),
    sees(
        "exposure.public-access-block",
        "Public access is not blocked",
        create(BLOCK, access_block(restrict_public_buckets=False)),
    ),
    sees(
        "exposure.public-access-block",
        "Public access",
        update(
            "google_storage_bucket.data",
            {"public_access_prevention": "enforced"},
            {"public_access_prevention": "inherited"},
        ),
    ),
    ignores("exposure.public-access-block", create(BLOCK, access_block())),
    ignores(
        "exposure.public-access-block", update(BLOCK, access_block(block_public_acls=False), access_block())
    ),
    sees("exposure.guard-removed", "Public access to the bucket", delete(BLOCK, access_block())),
    sees(
        "exposure.guard-removed",
        "firewall",
        delete("aws_wafv2_web_acl_association.a", {"resource_arn": "lb"}),
    ),
    ignores(
        "exposure.guard-removed",
        delete(BLOCK, access_block()),
        delete("aws_s3_bucket.data", {"bucket": "data"}),
    ),
    sees(
        "exposure.load-balancer",
        "becomes public",
        replace("aws_lb.main", {"internal": True}, {"internal": False}, ("internal",)),
    ),
    ignores("exposure.load-balancer", create("aws_lb.main", {"internal": False})),
    ignores("exposure.load-balancer", replace("aws_lb.main", {"internal": False}, {"internal": True})),
    sees("exposure.address", "The load balancer is public", create("aws_lb.main", {"internal": False})),
    sees("exposure.address", "address", create("aws_instance.main", {"associate_public_ip_address": True})),
    sees(
        "exposure.address",
        "Instances in it get",
        create("aws_subnet.main", {"map_public_ip_on_launch": True}),
    ),
    sees("exposure.address", "An instance", create("aws_eip_association.main", {"instance_id": "i-1"})),
    ignores("exposure.address", create("aws_lb.main", {"internal": True})),
    ignores("exposure.address", replace("aws_lb.main", {"internal": True}, {"internal": False})),
    ignores("exposure.address", create("aws_instance.main", {"associate_public_ip_address": UNKNOWN})),
    sees("exposure.cluster", "cluster's API", create("aws_eks_cluster.main", cluster("0.0.0.0/0"))),
    sees(
        "exposure.cluster",
        "cluster's API",
        update("aws_eks_cluster.main", cluster("192.0.2.1/32"), cluster("::/0")),
    ),
    ignores("exposure.cluster", create("aws_eks_cluster.main", cluster("192.0.2.1/32"))),
    sees(
        "exposure.door",
        "Everybody can call it",
        create("aws_lambda_function_url.a", {"authorization_type": "NONE"}),
    ),
    sees(
        "exposure.door",
        "IMDSv1",
        update(
            "aws_launch_template.a",
            {"metadata_options": [{"http_tokens": "required"}]},
            {"metadata_options": [{"http_tokens": "optional"}]},
        ),
    ),
    ignores("exposure.door", create("aws_lambda_function_url.a", {"authorization_type": "AWS_IAM"})),
    ignores(
        "exposure.door", create("aws_launch_template.a", {"metadata_options": [{"http_tokens": "required"}]})
    ),
]
