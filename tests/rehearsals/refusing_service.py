"""An AWS service that is there and refuses everything, as it does whom no policy allows it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from local.rehearsal.machines import addresses

CODE = "AccessDeniedException"
MESSAGE = "User is not authorized to perform this action: no identity-based policy allows it"


@asynccontextmanager
async def refusing() -> AsyncIterator[str]:
    """Its address while the block runs; for services that speak JSON, as Parameter Store does."""
    server = await asyncio.start_server(_refuse, addresses.own_address(), 0)
    try:
        yield "http://{}:{}".format(*server.sockets[0].getsockname())
    finally:
        server.close()


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one refusal: docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html."""
    body = json.dumps({"__type": CODE, "message": MESSAGE}).encode("ascii")
    head = (
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        asked = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = asked.partition(b"content-length:")[2].split(b"\r\n")[0].strip()
        await reader.readexactly(int(length or 0))
        writer.write(head.encode("ascii") + body)
        await writer.drain()
    writer.close()
