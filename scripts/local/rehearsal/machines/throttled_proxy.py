"""The network between the registry and whoever pulls from it: as slow as a small instance's.

On loopback an image is there at once, and it would hardly show whether it is pulled before the stop or after.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

BYTES_A_SECOND = 128_000_000 // 8
"""What a t3.small, the default instance, has at all times: BaselineBandwidthInGbps 0.128, as
`aws ec2 describe-instance-types --instance-types t3.small` says."""
CHUNK = 64 * 1024  # bytes


class ThrottledProxy:
    """Leads to one address; what comes back from there shares one line."""

    def __init__(self, address: str, port: int, rate: float = BYTES_A_SECOND) -> None:
        self._address, self._port, self._rate = address, port, rate
        self._free_at = 0.0

    async def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection to its end."""
        try:
            there, back = await asyncio.open_connection(self._address, self._port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, back, _at_once), _copy(there, writer, self._in_turn))

    async def _in_turn(self, size: int) -> None:
        """Waits until so many bytes have passed the line, behind those of every other connection."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + size / self._rate
        await asyncio.sleep(self._free_at - now)


async def _at_once(_size: int) -> None:
    """What goes to the registry is a build's, which is not what is measured."""


async def _copy(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, passing: Callable[[int], Awaitable[None]]
) -> None:
    """Passes on what comes, until one of the two sides has closed."""
    try:
        while content := await source.read(CHUNK):
            await passing(len(content))
            sink.write(content)
            await sink.drain()
    except ConnectionError:
        pass
    finally:
        sink.close()


def command(address: str, port: int, to: int) -> list[str]:
    """The command that serves on one port, and leads to another."""
    return [sys.executable, "-m", __name__, address, str(port), str(to)]


async def serve(address: str, port: int, to: int) -> None:
    """Serves until the process is ended."""
    server = await asyncio.start_server(ThrottledProxy(address, to).lead, address, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
