"""A proxy in front of the registry that limits pulls to the bandwidth of a small instance.

On loopback a pull takes almost no time, so the measured downtime would not show whether the image is
pulled before or after the old container is stopped.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

BYTES_A_SECOND = 128_000_000 // 8
"""The baseline bandwidth of a t3.small, the default instance type: BaselineBandwidthInGbps 0.128 in
`aws ec2 describe-instance-types --instance-types t3.small`."""
CHUNK = 64 * 1024  # bytes


class ThrottledProxy:
    """Forwards connections to one address; all responses together share the bandwidth."""

    def __init__(self, address: str, port: int, rate: float = BYTES_A_SECOND) -> None:
        self._address, self._port, self._rate = address, port, rate
        self._free_at = 0.0

    async def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forwards one connection until it is closed."""
        try:
            there, back = await asyncio.open_connection(self._address, self._port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, back, _at_once), _copy(there, writer, self._in_turn))

    async def _in_turn(self, size: int) -> None:
        """Waits until ``size`` bytes have been sent, after those of the other connections."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + size / self._rate
        await asyncio.sleep(self._free_at - now)


async def _at_once(_size: int) -> None:
    """Does not wait: only builds send to the registry, and their speed is not measured."""


async def _copy(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, passing: Callable[[int], Awaitable[None]]
) -> None:
    """Copies from source to sink until either side closes."""
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
    """The command that starts the proxy: listens on ``port`` and forwards to the port ``to``."""
    return [sys.executable, "-m", __name__, address, str(port), str(to)]


async def serve(address: str, port: int, to: int) -> None:
    """Runs the proxy until the process ends."""
    server = await asyncio.start_server(ThrottledProxy(address, to).lead, address, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
