"""Connections to repository hosts such as GitHub; moto does not have this service.

AWS offers it under two names, ``codestar-connections`` (codestar-connections/latest/APIReference) and the
newer ``codeconnections``, which are otherwise the same here. A connection stays PENDING until a person
completes the handshake in the console. local.emulator.handshakes does that at a path beside AWS's own.
"""

import re
from collections.abc import Callable
from typing import Any  # moto's own signatures
from uuid import uuid4

from moto import backend_index, backends
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.common_types import TYPE_RESPONSE
from moto.core.exceptions import JsonRESTError
from moto.core.request import Request
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.utilities.tagging_service import TaggingService

from local.emulator.gaps.patching import hear, wrap
from local.emulator.handshakes import PATH

PENDING, AVAILABLE = "PENDING", "AVAILABLE"
OLD, NEW = "codestar-connections", "codeconnections"
HOSTS = re.compile(rf"https?://({OLD}|{NEW})\.(.+)\.amazonaws\.com")


def fill() -> None:
    """Adds the service to moto under both names."""
    backend_index.backend_url_patterns.append((NEW, HOSTS))
    wrap(backends, "get_backend", _with_connections)
    hear(PATH, complete)


def _with_connections(original: Callable[[str], object]) -> Callable[[str], object]:
    def get_backend(name: str) -> object:
        return connections_backends if name == NEW else original(name)

    return get_backend


class ConnectionsBackend(BaseBackend):
    """The connections of one account, by their ARNs."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.connections: dict[str, dict[str, str]] = {}
        self.tagger = TaggingService()

    @property
    def url_paths(self) -> dict[str, Callable[..., Any]]:
        """The paths that moto routes here."""
        return {"/": answer}

    def install(self, arn: str) -> None:
        """Adds a connection with the given ARN, its handshake completed."""
        self.connections[arn] = {
            "ConnectionName": "existing",
            "ProviderType": "GitHub",
            "ConnectionArn": arn,
            "OwnerAccountId": self.account_id,
            "ConnectionStatus": AVAILABLE,
        }

    def connection(self, arn: str) -> dict[str, str]:
        """The connection with the ARN; raises ResourceNotFoundException if there is none."""
        if arn not in self.connections:
            raise JsonRESTError("ResourceNotFoundException", f"Connection not found: {arn}")
        return self.connections[arn]


connections_backends = BackendDict(ConnectionsBackend, OLD)  # boto3 lists regions only for the old name


def connections_of(account: str) -> ConnectionsBackend:
    """An account's connections: every region lists and reads those of all regions.

    Source: docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html
    """
    return connections_backends[account]["us-east-1"]


def complete(account: str, said: dict[str, str | None]) -> list[str]:
    """Completes the handshake of one connection, or of all that are pending; their ARNs."""
    backend = connections_of(account)
    arn = said["connectionArn"]
    meant = [backend.connection(arn)] if arn else list(backend.connections.values())
    waiting = [connection for connection in meant if connection["ConnectionStatus"] == PENDING]
    for connection in waiting:
        connection["ConnectionStatus"] = AVAILABLE
    return [connection["ConnectionArn"] for connection in waiting]


def answer(request: Request, url: str, headers: object) -> TYPE_RESPONSE:
    """Answers a request to either name of the service."""
    new = "CodeConnections" in request.headers.get("X-Amz-Target", "")
    return ConnectionsResponse(NEW if new else OLD).answer(request, url, headers)


class ConnectionsResponse(BaseResponse):
    """The operations of the API; moto finds them by their names in snake case."""

    def __init__(self, service_name: str) -> None:
        super().__init__(service_name)
        self.automated_parameter_parsing = True

    def answer(self, request: Request, url: str, headers: object) -> TYPE_RESPONSE:
        """Routes a request of the service to the function of its operation."""
        return self._dispatch(request, url, headers)

    @property
    def backend(self) -> ConnectionsBackend:
        """The connections of the account that the request is for."""
        return connections_of(self.current_account)

    def create_connection(self) -> ActionResult:
        """Creates a connection, which is PENDING."""
        scope = f"{self.partition}:{self.service_name}:{self.region}:{self.current_account}"
        arn = f"arn:{scope}:connection/{uuid4()}"
        given = {key: self._get_param(key) for key in ("ConnectionName", "ProviderType", "HostArn")}
        self.backend.connections[arn] = {
            **{key: value for key, value in given.items() if value is not None},
            "ConnectionArn": arn,
            "OwnerAccountId": self.current_account,
            "ConnectionStatus": PENDING,
        }
        tags = self._get_param("Tags", [])
        self.backend.tagger.tag_resource(arn, tags)
        return ActionResult({"ConnectionArn": arn, "Tags": tags})

    def get_connection(self) -> ActionResult:
        """The connection with the ARN; ResourceNotFoundException if there is none."""
        return ActionResult({"Connection": self.backend.connection(self._get_param("ConnectionArn"))})

    def list_connections(self) -> ActionResult:
        """Every connection of the account and region."""
        return ActionResult({"Connections": list(self.backend.connections.values())})

    def delete_connection(self) -> ActionResult:
        """Removes the connection with the ARN."""
        arn = self.backend.connection(self._get_param("ConnectionArn"))["ConnectionArn"]
        del self.backend.connections[arn]
        self.backend.tagger.delete_all_tags_for_resource(arn)
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        """Returns a connection's tags."""
        return ActionResult(self.backend.tagger.list_tags_for_resource(self._get_param("ResourceArn")))

    def tag_resource(self) -> ActionResult:
        """Adds tags to a connection."""
        self.backend.tagger.tag_resource(self._get_param("ResourceArn"), self._get_param("Tags"))
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        """Removes tags from a connection."""
        self.backend.tagger.untag_resource_using_names(
            self._get_param("ResourceArn"), self._get_param("TagKeys")
        )
        return EmptyResult()
