"""Buckets, keys, repositories, topics: closed, encrypted, and kept for as long as they are needed."""

import json

from tests.synthesis import Synthesised, refers_to


def test_every_bucket_is_closed_to_the_public_in_every_way(everything: Synthesised) -> None:
    for bucket in everything.resources("aws_s3_bucket"):
        (block,) = everything.referring_to(bucket, "aws_s3_bucket_public_access_block")
        for switch in (
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets",
        ):
            assert block[switch] is True, f"{bucket.path}: {switch}"
        (ownership,) = everything.referring_to(bucket, "aws_s3_bucket_ownership_controls")
        assert ownership["rule"] == {"object_ownership": "BucketOwnerEnforced"}


def test_every_bucket_is_encrypted_and_versioned_and_refuses_plain_http(everything: Synthesised) -> None:
    for bucket in everything.resources("aws_s3_bucket"):
        (encryption,) = everything.referring_to(bucket, "aws_s3_bucket_server_side_encryption_configuration")
        (rule,) = encryption["rule"]
        assert rule["apply_server_side_encryption_by_default"]["sse_algorithm"] in ("aws:kms", "AES256")
        (versioning,) = everything.referring_to(bucket, "aws_s3_bucket_versioning")
        assert versioning["versioning_configuration"] == {"status": "Enabled"}
        (policy,) = everything.referring_to(bucket, "aws_s3_bucket_policy")
        deny = next(
            each for each in json.loads(policy["policy"])["Statement"] if each["Sid"] == "DenyPlainHttp"
        )
        arn = f"arn:aws:s3:::{bucket['bucket']}"
        assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", ["s3:*"])
        assert deny["Resource"] == [arn, f"{arn}/*"]
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_load_balancers_log_to_a_bucket_of_s3s_own_keys(everything: Synthesised) -> None:
    """They can write to no other."""
    logs = {resource["access_logs"]["bucket"] for resource in everything.resources("aws_lb")}
    for bucket in everything.resources("aws_s3_bucket"):
        (encryption,) = everything.referring_to(bucket, "aws_s3_bucket_server_side_encryption_configuration")
        algorithm = encryption["rule"][0]["apply_server_side_encryption_by_default"]["sse_algorithm"]
        assert algorithm == ("AES256" if bucket["bucket"] in logs else "aws:kms"), bucket.path


def test_no_revision_ever_expires(everything: Synthesised) -> None:
    """A host that joins, and a rollback, fetch it again: of the artifacts only the source copies go."""
    for bucket in everything.resources("aws_s3_bucket"):
        if not bucket["bucket"].startswith(f"{everything.pipeline.service}-artifacts-"):
            continue
        (lifecycle,) = everything.referring_to(bucket, "aws_s3_bucket_lifecycle_configuration")
        expiring = [each["filter"][0]["prefix"] for each in lifecycle["rule"] if each.get("expiration")]
        assert expiring == [f"{everything.pipeline.service[:20]}/Source/"]


def test_every_key_rotates_and_has_an_alias(everything: Synthesised) -> None:
    for key in everything.resources("aws_kms_key"):
        assert key["enable_key_rotation"] is True, key.path
        assert key["deletion_window_in_days"] == 30, key.path
        assert len(everything.referring_to(key, "aws_kms_alias")) == 1, key.path


def test_repositories_are_scanned_and_encrypted_and_their_latest_can_move(everything: Synthesised) -> None:
    for repository in everything.resources("aws_ecr_repository"):
        assert repository["image_scanning_configuration"] == {"scan_on_push": True}
        assert repository["encryption_configuration"][0]["encryption_type"] == "KMS"
        assert repository["image_tag_mutability"] == "MUTABLE"


def test_lifecycle_rules_are_listed_in_ascending_priority(everything: Synthesised) -> None:
    for policy in everything.resources("aws_ecr_lifecycle_policy"):
        priorities = [rule["rulePriority"] for rule in json.loads(policy["policy"])["rules"]]
        assert priorities == sorted(set(priorities)), policy.path


def test_repositories_are_closed_to_all_but_the_build_the_hosts_and_administrators(
    everything: Synthesised,
) -> None:
    account, service = everything.pipeline.account, everything.pipeline.service
    role = f"arn:aws:iam::{account}:role/"
    others = [*everything.pipeline.registry.administrators, f"{role}aws-service-role/*"]
    hosts = [f"{role}{service}-{environment.name}-host" for environment in everything.pipeline.environments]
    commands = [
        f"{role}{service}-{environment.name}-run"
        for environment in everything.pipeline.environments
        if everything.pipeline.release
    ]
    expected = {
        "images": [f"{role}{service}-build", *hosts, *commands, *others],
        "cache": [f"{role}{service}-build", *others],
    }
    for policy in everything.resources("aws_ecr_repository_policy"):
        (deny,) = json.loads(policy["policy"])["Statement"]
        assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
        assert {"ecr:PutImage", "ecr:BatchGetImage"} <= set(deny["Action"])
        assert deny["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": expected[policy.path.split("/")[1]]}}


def test_whoever_publishes_to_the_topic_may_use_its_key(everything: Synthesised) -> None:
    """Otherwise alarms and events vanish without a word; EventBridge supports no condition there."""
    if everything.pipeline.alerts.topic_arn:
        assert not list(everything.resources("aws_sns_topic", "aws_sns_topic_policy"))
        return
    (topic,) = everything.resources("aws_sns_topic")
    if existing := everything.pipeline.key_arn:
        assert topic["kms_master_key_id"] == existing
        policy_of_key = everything.stacks[topic.stack]["output"]["key_policy"]["value"]
    else:
        assert refers_to(topic["kms_master_key_id"], "aws_kms_key")  # never AWS's own alias/aws/sns
        (key,) = (found for found in everything.resources("aws_kms_key") if found.stack == topic.stack)
        policy_of_key = key["policy"]
    users = {
        service: statement
        for statement in json.loads(policy_of_key)["Statement"]
        for service in statement["Principal"].get("Service", [])
        if service != f"logs.{everything.pipeline.region}.amazonaws.com"
    }
    (policy,) = everything.resources("aws_sns_topic_policy")
    publishers = {
        service
        for statement in json.loads(policy["policy"])["Statement"]
        if statement["Effect"] == "Allow"
        for service in statement["Principal"]["Service"]
    }
    assert publishers == set(users) == {"cloudwatch.amazonaws.com", "events.amazonaws.com"}
    for service, statement in users.items():
        assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"], service
        assert "Condition" not in statement, service


def test_everybody_named_hears_of_alerts(everything: Synthesised) -> None:
    endpoints = [resource["endpoint"] for resource in everything.resources("aws_sns_topic_subscription")]
    assert sorted(endpoints) == sorted(everything.pipeline.alerts.emails or ())


def test_account_wide_scanning_is_left_to_the_account(everything: Synthesised) -> None:
    assert list(everything.resources("aws_ecr_registry_scanning_configuration")) == []
