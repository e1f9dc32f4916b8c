"""A Session Manager document that opens a shell on a host and logs its input and output."""

import json

from constructs_lib.log_group import LogGroup
from constructs_lib.policy import Statement
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.ssm_document import SsmDocument
from constructs import Construct

IDLE_MINUTES = 20


class SessionDocument(Construct):
    """A session document of Systems Manager, for ``aws ssm start-session --document-name``.

    Input and output of a session are streamed to the log group; after 20 minutes without any, the
    session ends. Session Manager refuses the session if the log group is not encrypted. With AWS's own
    document, ``SSM-SessionManagerRunShell``, the account's preferences apply instead
    (docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html).

    name: 3 to 128 letters, digits and ``_-.``; not beginning with ``aws``, ``amazon`` or ``amzn``.
    log_group: receives the sessions; ``grant_write`` lets a host's agent write to it.

    >>> from constructs_lib.key import Key, logs_use
    >>> key = Key(stack, "key", description="Logs.", alias="alias/logs",
    ...     services=[logs_use(stack.place)])
    >>> log_group = LogGroup(stack, "sessions", name="/my-app/staging/sessions", key=key)
    >>> document = SessionDocument(stack, "shell", name="my-app-staging-shell", log_group=log_group)
    """

    def __init__(self, scope: Construct, id: str, *, name: str, log_group: LogGroup) -> None:
        super().__init__(scope, id)
        self.name = name
        self._log_group = log_group
        inputs = {
            "cloudWatchLogGroupName": log_group.name,
            "cloudWatchEncryptionEnabled": True,
            "cloudWatchStreamingEnabled": True,
            "s3BucketName": "",
            "s3EncryptionEnabled": True,
            "idleSessionTimeout": str(IDLE_MINUTES),
            "runAsEnabled": False,
        }
        content = {
            "schemaVersion": "1.0",
            "description": "Opens a shell whose lines are logged.",
            "sessionType": "Standard_Stream",
            "inputs": inputs,
        }
        self.resource = SsmDocument(
            self,
            "document",
            name=name,
            document_type="Session",
            document_format="JSON",
            content=json.dumps(content),
            depends_on=[log_group.resource],
        )

    def grant_write(self, role: Role) -> None:
        """Let the agent of a host with this ``role`` write its sessions to the log group.

        The agent looks up the group, its streams and its encryption before it writes
        (docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html).
        """
        self._log_group.grant_write(role, "write-session-log", finds_streams=True)
        role.allow(
            "find-session-log",
            Statement(
                actions=["logs:DescribeLogGroups"],
                resources=["*"],
                reason="a list action without resource-level permissions",
            ),
        )
