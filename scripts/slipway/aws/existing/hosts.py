"""What exists of load balancers, hosts and domains: found by name, or by what they belong to."""

from collections.abc import Iterator

from slipway.aws.existing.wanted import Answer, Existing, Reader, Wanted, named_by

NO_GROUP = "ValidationError"
NO_DEPLOYMENT_GROUP = ("ApplicationDoesNotExistException", "DeploymentGroupDoesNotExistException")


def load_balancer(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The load balancer with the planned name."""
    missing = ("LoadBalancerNotFound", "LoadBalancerNotFoundException")
    for found in read.all(
        "elbv2", "DescribeLoadBalancers", "LoadBalancers", *missing, Names=[wanted.text("name")]
    ):
        dns_name, zone = found.get("DNSName", ""), found.get("CanonicalHostedZoneId", "")
        yield Existing(found["LoadBalancerArn"], {"dns_name": dns_name, "zone_id": zone})


def listener(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The load balancer's listener on the planned port."""
    balancer = wanted.text("load_balancer_arn")
    for found in read.all("elbv2", "DescribeListeners", "Listeners", LoadBalancerArn=balancer):
        if str(found.get("Port")) == wanted.text("port"):
            yield Existing(found["ListenerArn"])


def listener_rule(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The listener's rules with the planned hosts and paths, in any order, that forward to the planned group.

    One that forwards elsewhere is another deployment's: imported, its requests would move at once.
    """
    listener, target = wanted.text("listener_arn"), wanted.maybe("action.target_group_arn")
    planned = {
        (kind.replace("_", "-"), frozenset(block["values"]))
        for condition in wanted.arguments.get("condition", ())
        for kind, block in condition.items()
    }
    for found in read.all("elbv2", "DescribeRules", "Rules", ListenerArn=listener):
        there = {(entry["Field"], frozenset(_values(entry))) for entry in found.get("Conditions", ())}
        if planned and there == planned and (not target or target in _forwarded(found)):
            yield Existing(found["RuleArn"])


def _forwarded(rule: Answer) -> set[str]:
    """The ARNs of the target groups that a rule forwards to."""
    groups = [
        group
        for action in rule.get("Actions", ())
        for group in (action, *action.get("ForwardConfig", {}).get("TargetGroups", ()))
    ]
    return {group["TargetGroupArn"] for group in groups if "TargetGroupArn" in group}


def _values(condition: Answer) -> list[str]:
    """The values of a rule's condition: in a block of its kind, or directly if there is only one."""
    blocks = (value for key, value in condition.items() if key.endswith("Config"))
    return next((block.get("Values", []) for block in blocks), condition.get("Values", []))


def listener_certificate(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The certificate beside the listener's own one."""
    listener, arn = wanted.text("listener_arn"), wanted.text("certificate_arn")
    for found in read.all("elbv2", "DescribeListenerCertificates", "Certificates", ListenerArn=listener):
        if found["CertificateArn"] == arn and not found.get("IsDefault"):
            yield Existing(f"{listener}_{arn}")


def target_group(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The target group with the planned name."""
    missing = ("TargetGroupNotFound", "TargetGroupNotFoundException")
    for found in read.all(
        "elbv2", "DescribeTargetGroups", "TargetGroups", *missing, Names=[wanted.text("name")]
    ):
        yield Existing(found["TargetGroupArn"])


def launch_template(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The launch template with the planned name."""
    filters = [{"Name": "launch-template-name", "Values": [wanted.text("name")]}]
    for found in read.all("ec2", "DescribeLaunchTemplates", "LaunchTemplates", Filters=filters):
        yield Existing(found["LaunchTemplateId"])


def auto_scaling_group(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The groups whose names begin with the planned prefix, and those of the planned deployment groups."""
    deployed = {
        name
        for group in wanted.referring("aws_codedeploy_deployment_group", "autoscaling_groups")
        for name in groups_of(read, group)
    }
    for group in read.all("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups"):
        name = group["AutoScalingGroupName"]
        differs = named_by(wanted, name)
        if differs is None and name in deployed:
            differs = f'its name is "{name}", and the stack makes names of another prefix'
        if differs is not None:
            yield Existing(name, differs=differs)


def groups_of(read: Reader, wanted: Wanted) -> list[str]:
    """The Auto Scaling groups that the planned deployment group has in AWS; none if it does not exist."""
    application, name = wanted.text("app_name"), wanted.text("deployment_group_name")
    given = {"applicationName": application, "deploymentGroupName": name}
    found = read.one("codedeploy", "GetDeploymentGroup", *NO_DEPLOYMENT_GROUP, **given) or {}
    return [group["name"] for group in found.get("deploymentGroupInfo", {}).get("autoScalingGroups", ())]


def lifecycle_hook(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The Auto Scaling group's lifecycle hook with the planned name."""
    group, name = wanted.text("autoscaling_group_name"), wanted.text("name")
    for _ in read.all(
        "autoscaling",
        "DescribeLifecycleHooks",
        "LifecycleHooks",
        NO_GROUP,
        AutoScalingGroupName=group,
        LifecycleHookNames=[name],
    ):
        yield Existing(f"{group}/{name}")


def scaling_policy(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The Auto Scaling group's policy with the planned name."""
    group, name = wanted.text("autoscaling_group_name"), wanted.text("name")
    policies = read.all(
        "autoscaling", "DescribePolicies", "ScalingPolicies", NO_GROUP, AutoScalingGroupName=group
    )
    if any(found["PolicyName"] == name for found in policies):
        yield Existing(f"{group}/{name}")


def certificate(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The certificates for the planned domain that are issued, or wait for their validation."""
    statuses = ["ISSUED", "PENDING_VALIDATION"]
    for found in read.all("acm", "ListCertificates", "CertificateSummaryList", CertificateStatuses=statuses):
        if found["DomainName"] == wanted.text("domain_name"):
            arn = found["CertificateArn"]
            yield Existing(arn, {"domain_validation_options": _validation(read, arn)})


def _validation(read: Reader, arn: str) -> list[dict[str, str]]:
    """The DNS records that validate a certificate, with Terraform's names for their fields."""
    described = (read.one("acm", "DescribeCertificate", CertificateArn=arn) or {}).get("Certificate", {})
    records = (option.get("ResourceRecord", {}) for option in described.get("DomainValidationOptions", ()))
    return [{f"resource_record_{key.lower()}": value for key, value in record.items()} for record in records]


def zone(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The public hosted zones with the planned name."""
    name = wanted.text("name").rstrip(".")
    for found in read.all("route53", "ListHostedZones", "HostedZones"):
        if found["Name"].rstrip(".") == name and not found.get("Config", {}).get("PrivateZone"):
            yield Existing(found["Id"].removeprefix("/hostedzone/"))


def record(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The zone's record with the planned name and type."""
    zone_id, name, kind = wanted.text("zone_id"), wanted.text("name").rstrip("."), wanted.text("type")
    answer = read.one(
        "route53",
        "ListResourceRecordSets",
        "NoSuchHostedZone",
        HostedZoneId=zone_id,
        StartRecordName=name,
        StartRecordType=kind,
        MaxItems="1",
    )
    for found in (answer or {}).get("ResourceRecordSets", ()):
        if found["Name"].rstrip(".") == name and found["Type"] == kind:
            yield Existing(f"{zone_id}_{name}_{kind}")
