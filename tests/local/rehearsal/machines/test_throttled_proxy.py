"""The network slows what comes from the registry, all connections together, and nothing else of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from local.rehearsal.machines.addresses import free_ports
from local.rehearsal.machines.throttled_proxy import CHUNK, ThrottledProxy

ADDRESS = "127.0.0.1"
SIZE = 4 * CHUNK
Registry: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A registry that gives back what it gets."""
    while content := await reader.read(CHUNK):
        writer.write(content)
    writer.close()


async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A registry that takes as much as is sent here, and says so in one byte."""
    await reader.readexactly(SIZE)
    writer.write(b"!")
    await writer.drain()
    writer.close()


@asynccontextmanager
async def leading_to(registry: Registry, rate: float) -> AsyncIterator[int]:
    """The port of a network that leads to a registry."""
    behind = await asyncio.start_server(registry, ADDRESS)
    network = ThrottledProxy(ADDRESS, behind.sockets[0].getsockname()[1], rate)
    front = await asyncio.start_server(network.lead, ADDRESS)
    async with behind, front:
        yield front.sockets[0].getsockname()[1]


async def sent(port: int, content: bytes, expected: int) -> bytes:
    """Sends, and gets so many bytes back."""
    reader, writer = await asyncio.open_connection(ADDRESS, port)
    writer.write(content)
    answer = await reader.readexactly(expected)
    writer.close()
    return answer


def test_what_comes_back_is_the_same_and_takes_its_time_with_all_others_together() -> None:
    content = bytes(range(256)) * (SIZE // 256)
    rate = 10 * SIZE

    async def play() -> float:
        clock = asyncio.get_running_loop().time
        async with leading_to(echo, rate) as port:
            began = clock()
            answers = await asyncio.gather(*(sent(port, content, SIZE) for _ in range(3)))
            assert answers == [content] * 3
            return clock() - began

    assert asyncio.run(play()) >= 3 * SIZE / rate * 0.95  # clocks are not exact


def test_what_is_sent_to_the_registry_is_not_slowed() -> None:
    async def play() -> bytes:
        async with leading_to(count, rate=10) as port:
            return await sent(port, bytes(SIZE), 1)

    assert asyncio.run(play()) == b"!"


def test_where_no_registry_listens_the_connection_ends() -> None:
    async def play() -> bytes:
        (nobody,) = free_ports(ADDRESS, 1)
        front = await asyncio.start_server(ThrottledProxy(ADDRESS, nobody).lead, ADDRESS)
        async with front:
            reader, writer = await asyncio.open_connection(ADDRESS, front.sockets[0].getsockname()[1])
            answer = await reader.read()
            writer.close()
            return answer

    assert asyncio.run(play()) == b""
