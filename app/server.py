"""Runs the application, and ends it without cutting anybody off.

Told to stop, readiness fails at once while everything else is answered as before; after the grace no
connection is taken any more; requests under way may end until the deadline; then the process exits 0.
"""

import asyncio
import logging
import signal
from types import FrameType

import uvicorn

from app.config import Config
from app.lifecycle import Lifecycle
from app.web import create_app

KEEP_ALIVE_SECONDS = 75
"""Longer than the load balancer's 60, so that it is never the service that closes an idle connection.
docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"""

logger = logging.getLogger(__name__)


class GracefulServer(uvicorn.Server):
    """Uvicorn, which would stop taking connections at once, with a grace before that."""

    def __init__(self, config: Config) -> None:
        self.settings = config
        self.lifecycle = Lifecycle(config.faults)
        super().__init__(
            uvicorn.Config(
                create_app(config, self.lifecycle),
                host=config.host,
                port=config.port,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=config.deadline_seconds,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  # as uvicorn has it
        """Take a signal. Uvicorn would send it to itself again at the end, and so not exit 0."""
        asyncio.get_running_loop().call_soon_threadsafe(self.stop, sig)

    def stop(self, sig: int) -> None:
        """Begin to end; without the grace if asked by Ctrl-C, or a second time, or not up yet."""
        logger.info("told to stop: %s", signal.Signals(sig).name)
        unhurried = self.started and sig == signal.SIGTERM and not self.lifecycle.draining
        self.lifecycle.drain()
        if self.settings.faults.hang_on_sigterm is not None:
            logger.warning("hang_on_sigterm: the service does not end, as SLIPWAY_FAULTS says")
        elif unhurried:
            asyncio.get_running_loop().call_later(self.settings.grace_seconds, self.end)
        else:
            self.force_exit = self.should_exit  # asked again while waiting: wait no longer
            self.end()

    def end(self) -> None:
        """Take no more connections, and wait for what is under way."""
        self.should_exit = True
