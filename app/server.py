"""Runs the application, and stops it without interrupting requests.

After SIGTERM, readiness fails at once while all other requests are still answered; after the grace period no
new connections are accepted; open requests may finish until the deadline; then the process exits 0.
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
"""In seconds. Longer than the load balancer's 60, so that the service never closes an idle connection first.
docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"""

logger = logging.getLogger(__name__)


class GracefulServer(uvicorn.Server):
    """Uvicorn with a grace period before it stops accepting connections."""

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
        """Handle a signal. Uvicorn itself would raise it again at the end, and so not exit 0."""
        asyncio.get_running_loop().call_soon_threadsafe(self.stop, sig)

    def stop(self, sig: int) -> None:
        """Begin to stop; without the grace period after Ctrl-C, a second signal, or before the start."""
        logger.info("told to stop: %s", signal.Signals(sig).name)
        unhurried = self.started and sig == signal.SIGTERM and not self.lifecycle.draining
        self.lifecycle.drain()
        if self.settings.faults.hang_on_sigterm is not None:
            logger.warning("hang_on_sigterm: the service does not exit, because SLIPWAY_FAULTS is set")
        elif unhurried:
            asyncio.get_running_loop().call_later(self.settings.grace_seconds, self.end)
        else:
            self.force_exit = self.should_exit  # another signal during the deadline: stop waiting
            self.end()

    def end(self) -> None:
        """Accept no more connections, and wait for open requests."""
        self.should_exit = True
