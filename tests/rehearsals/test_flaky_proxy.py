"""A proxy that passes everything on to a registry until a layer is under way; then it breaks off."""

import asyncio
from contextlib import suppress

from tests.rehearsals.flaky_proxy import lost_at_the_first_layer

LAYER = b"layer " * 1000


async def registry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers each line with itself, and what is asked below /blobs/ with a layer."""
    while line := await reader.readline():
        writer.write(LAYER if b"/blobs/" in line else line)
        await writer.drain()
    writer.close()


async def ask(proxy: str, *lines: str) -> bytes:
    """All that comes for some lines, until the other side has no more to say, or hangs up."""
    host, _, port = proxy.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    answer = b""
    with suppress(ConnectionError):
        writer.writelines(f"{line}\n".encode() for line in lines)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), timeout=20)
    writer.close()
    return answer


def asked(*questions: str) -> list[bytes]:
    """What comes for each question, each over a connection of its own."""

    async def work() -> list[bytes]:
        server = await asyncio.start_server(registry, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        async with server, lost_at_the_first_layer(f"{host}:{port}") as proxy:
            return [await ask(proxy, question) for question in questions]

    return asyncio.run(work())


def test_what_comes_before_a_layer_is_passed_on_to_the_letter() -> None:
    assert asked("/v2/", "/v2/my-app/manifests/1") == [b"/v2/\n", b"/v2/my-app/manifests/1\n"]


def test_of_a_layer_only_the_beginning_comes() -> None:
    (answer,) = asked("/v2/my-app/blobs/sha256:1")
    assert answer
    assert len(answer) < len(LAYER)
    assert LAYER.startswith(answer)


def test_after_it_nobody_answers_any_more() -> None:
    assert asked("/v2/my-app/blobs/sha256:1", "/v2/")[1] == b""
