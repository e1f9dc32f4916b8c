"""A proxy in front of a registry: passes everything on until a layer is under way, and then breaks off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from local.rehearsal.machines import addresses

LAYER = b"/blobs/"
CHUNK = 65536


@asynccontextmanager
async def lost_at_the_first_layer(registry: str) -> AsyncIterator[str]:
    """Where to find the registry while the block runs, until a layer, or what counts as one, is asked for."""
    host, _, port = registry.rpartition(":")
    lost = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not lost.is_set():
                behind = await asyncio.open_connection(host, int(port))
                with suppress(ConnectionError):
                    await asyncio.gather(_asked(reader, *behind, lost), _answered(behind[0], writer, lost))
        finally:
            writer.close()

    server = await asyncio.start_server(answer, addresses.own_address(), 0)
    try:
        yield "{}:{}".format(*server.sockets[0].getsockname())
    finally:
        server.close()


async def _asked(
    reader: asyncio.StreamReader,
    _answers: asyncio.StreamReader,
    behind: asyncio.StreamWriter,
    lost: asyncio.Event,
) -> None:
    """Passes requests on; one for a layer still arrives, so that its answer begins."""
    while not lost.is_set() and (chunk := await reader.read(CHUNK)):
        behind.write(chunk)
        if LAYER in chunk:
            lost.set()
    behind.write_eof()


async def _answered(behind: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event) -> None:
    """Passes answers on; of a layer's, only the beginning."""
    while chunk := await behind.read(CHUNK):
        if lost.is_set():
            writer.write(chunk[: len(chunk) // 2])
            return
        writer.write(chunk)
