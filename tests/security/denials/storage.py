"""Requests that the policies of buckets, repositories, keys and the topic deny."""

from tests.security.account import Account
from tests.security.denials.denial import Denial, Subject, administrator, service, stranger
from tests.security.evaluation import Context

PLAIN: Context = {"aws:SecureTransport": "false"}


def denials(account: Account) -> list[Denial]:
    """Requests that resource policies deny."""
    return [*_buckets(account), *_access_logs(account), *_images(account), *_topic(account), *_keys(account)]


def _buckets(account: Account) -> list[Denial]:
    names = account.names
    bucket = names.bucket_arn(names.artifact_bucket)
    source = f"{bucket}/{names.source_artifact_prefix}AbCdEfG"
    build = Subject(account, account.roles[names.build_role])
    return [
        build.not_on(
            "A build reads artifacts over plain HTTP",
            "s3:GetObject",
            source,
            context=PLAIN,
            but_on=source,
            but_context={},
            but="the same over TLS",
        ),
        Denial(
            "An administrator lists artifacts over plain HTTP",
            administrator(account, "s3:ListBucket", bucket, PLAIN),
            "the same over TLS",
            administrator(account, "s3:ListBucket", bucket),
        ),
        Denial(
            "Another account reads artifacts",
            stranger(account, "s3:GetObject", source),
            "the same by an administrator of this account",
            administrator(account, "s3:GetObject", source),
        ),
        Denial(
            "Another account writes artifacts",
            stranger(account, "s3:PutObject", source),
            "the same by an administrator of this account",
            administrator(account, "s3:PutObject", source),
        ),
    ]


def _access_logs(account: Account) -> list[Denial]:
    staging, prod = account.names.environments[0], account.names.environments[-1]
    delivery = "logdelivery.elasticloadbalancing.amazonaws.com"
    ours = staging.bucket_arn(staging.load_balancer_log_bucket)
    logs = f"{ours}/AWSLogs/{staging.account}/elasticloadbalancing/1.log.gz"
    from_here = {"aws:SourceArn": staging.arn("elasticloadbalancing", "loadbalancer/app/x/1")}
    granted = service(account, delivery, "s3:PutObject", logs, from_here)
    but = "writing this account's logs over TLS"
    elsewhere = logs.replace(f"AWSLogs/{staging.account}", "AWSLogs/999999999999")
    plain = {**from_here, **PLAIN}
    their_service = "delivery.logs.amazonaws.com"

    def refused(what: str, action: str, resource: str, context: Context, who: str = delivery) -> Denial:
        return Denial(what, service(account, who, action, resource, context), but, granted)

    return [
        refused(
            "Another account's load balancer writes access logs to this bucket",
            "s3:PutObject",
            elsewhere,
            from_here,
        ),
        refused("Access logs are written over plain HTTP", "s3:PutObject", logs, plain),
        refused("Log delivery reads access logs", "s3:GetObject", logs, from_here),
        refused(
            "Another delivery service writes access logs", "s3:PutObject", logs, from_here, their_service
        ),
        Denial(
            "Staging's hosts read prod's access logs",
            account.question(
                account.roles[staging.host_role],
                "s3:GetObject",
                f"{prod.bucket_arn(prod.load_balancer_log_bucket)}/AWSLogs/1.log.gz",
            ),
            "the same by an administrator",
            administrator(
                account, "s3:GetObject", f"{prod.bucket_arn(prod.load_balancer_log_bucket)}/AWSLogs/1.log.gz"
            ),
        ),
    ]


def _images(account: Account) -> list[Denial]:
    names = account.names
    image = names.arn("ecr", f"repository/{names.repository}")
    pulls, pushes = "ecr:BatchGetImage", "ecr:PutImage"
    builder = names.build_role

    def denial(what: str, action: str, name: str) -> Denial:
        return Denial(
            what,
            administrator(account, action, image, name=name),
            "the same by the build role",
            administrator(account, action, image, name=builder),
        )

    return [
        denial("An administrator who is not in the settings pulls an image", pulls, "admin"),
        denial("An administrator who is not in the settings pushes an image", pushes, "admin"),
        denial("A role whose name begins with the build role's name pushes an image", pushes, f"{builder}-2"),
        Denial(
            "Another account pulls an image",
            stranger(account, pulls, image),
            "the same by the build role",
            administrator(account, pulls, image, name=builder),
        ),
    ]


def _topic(account: Account) -> list[Denial]:
    names = account.names
    topic, publishes = names.topic_arn, "sns:Publish"
    here = {"aws:SourceAccount": names.account}
    alarms = service(account, "cloudwatch.amazonaws.com", publishes, topic, here)
    admin = administrator(account, publishes, topic)
    return [
        Denial(
            "Another account publishes alerts",
            stranger(account, publishes, topic),
            "the same by an administrator of this account",
            admin,
        ),
        Denial(
            "Another account's alarms publish alerts",
            service(
                account, "cloudwatch.amazonaws.com", publishes, topic, {"aws:SourceAccount": "999999999999"}
            ),
            "the same by this account's alarms",
            alarms,
        ),
        Denial(
            "S3 publishes alerts",
            service(account, "s3.amazonaws.com", publishes, topic, here),
            "the same by CloudWatch",
            alarms,
        ),
        Denial(
            "EventBridge reads the attributes of the topic",
            service(account, "events.amazonaws.com", "sns:GetTopicAttributes", topic),
            "EventBridge publishes alerts",
            service(account, "events.amazonaws.com", publishes, topic),
        ),
        Denial(
            "Alerts are published over plain HTTP",
            administrator(account, publishes, topic, PLAIN),
            "the same over TLS",
            admin,
        ),
        Denial(
            "Another account subscribes to alerts",
            stranger(account, "sns:Subscribe", topic),
            "the same by an administrator of this account",
            administrator(account, "sns:Subscribe", topic),
        ),
    ]


def _keys(account: Account) -> list[Denial]:
    names, staging = account.names, account.names.environments[0]
    shared, own = account.key(names.key_alias), account.key(staging.key_alias)
    uses, logs = "kms:GenerateDataKey", f"logs.{names.region}.amazonaws.com"
    about = "kms:EncryptionContext:aws:logs:arn"
    mine = {about: staging.arn("logs", f"log-group:{staging.log_group('app')}")}
    theirs = {about: mine[about].replace(names.account, "999999999999")}
    events = service(account, "events.amazonaws.com", uses, shared)
    writing = service(account, logs, uses, own, mine)
    far = "logs.us-east-1.amazonaws.com"
    return [
        Denial(
            "Lambda uses the service's key",
            service(account, "lambda.amazonaws.com", uses, shared),
            "the same by EventBridge",
            events,
        ),
        Denial(
            "CloudWatch Logs uses the service's key",
            service(account, logs, uses, shared, mine),
            "using staging's key for staging's logs",
            writing,
        ),
        Denial(
            "EventBridge uses an environment's key",
            service(account, "events.amazonaws.com", uses, own),
            "using the service's key",
            events,
        ),
        Denial(
            "CloudWatch Logs encrypts another account's logs with staging's key",
            service(account, logs, uses, own, theirs),
            "encrypting this account's logs",
            writing,
        ),
        Denial(
            "CloudWatch Logs of another region uses staging's key",
            service(account, far, uses, own, mine),
            "the same by CloudWatch Logs of this region",
            writing,
        ),
        Denial(
            "EventBridge schedules the key's deletion",
            service(account, "events.amazonaws.com", "kms:ScheduleKeyDeletion", shared),
            "EventBridge uses the key",
            events,
        ),
        Denial(
            "Another account decrypts with the service's key",
            stranger(account, "kms:Decrypt", shared),
            "the same by an administrator of this account",
            administrator(account, "kms:Decrypt", shared),
        ),
    ]
