import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from local.rehearsal import load_generator
from slipway.console.errors import SlipwayError

GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"commit": "c1"}'
ANSWERS = {
    "a status that is not 200": (b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", "answered 503"),
    "an answer cut short": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", "IncompleteReadError"),
    "no HTTP at all": (b"hello", "IncompleteReadError"),
    "no length": (b"HTTP/1.1 200 OK\r\n\r\n", "ValueError"),
}


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    """A server that gives one answer on each connection, to each request; its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            writer.write(answer)
            await writer.drain()
            if answer is not GOOD:
                break
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def test_every_answer_is_counted_with_the_commit_that_gave_it() -> None:
    async def work() -> load_generator.Load:
        async with answering(GOOD) as port, load_generator.load("127.0.0.1", port) as running:
            await running.reach(20)
        return running

    running = asyncio.run(work())
    assert running.failures == []
    assert load_generator.by_commit(running.answers) == {"c1": len(running.answers)}
    assert len(running.answers) >= 20


def test_no_request_that_was_begun_is_left_out_at_the_end() -> None:
    async def work() -> load_generator.Load:
        async with answering(GOOD) as port, load_generator.load("127.0.0.1", port) as running:
            await running.reach(1)
        return running

    running = asyncio.run(work())
    assert len(running.answers) == running._begun


@pytest.mark.parametrize("what", ANSWERS)
def test_this_is_a_failure(what: str) -> None:
    answer, failure = ANSWERS[what]

    async def work() -> load_generator.Answer:
        async with answering(answer) as port:
            return await load_generator.HttpClient("127.0.0.1", port, keep=True).ask()

    assert failure in asyncio.run(work()).failure


def test_nobody_listening_is_a_failure() -> None:
    answer = asyncio.run(load_generator.HttpClient("127.0.0.1", 1, keep=True).ask())
    assert "ConnectionRefusedError" in answer.failure


def test_an_answer_that_does_not_come_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_generator, "PATIENCE", 0.05)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def work() -> load_generator.Answer:
        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            connection = load_generator.HttpClient("127.0.0.1", server.sockets[0].getsockname()[1], keep=True)
            return await connection.ask()

    assert asyncio.run(work()).failure == "TimeoutError"


def test_load_goes_to_this_machine_only() -> None:
    async def work() -> None:
        async with load_generator.load("192.0.2.1", 80):
            pytest.fail("it began")

    with pytest.raises(SlipwayError, match=r"192\.0\.2\.1 is not a loopback address"):
        asyncio.run(work())


def test_what_fails_meanwhile_is_raised_as_it_is() -> None:
    async def work() -> None:
        async with answering(GOOD) as port, load_generator.load("127.0.0.1", port):
            raise SlipwayError("the deployment broke")

    with pytest.raises(SlipwayError, match="the deployment broke"):
        asyncio.run(work())
