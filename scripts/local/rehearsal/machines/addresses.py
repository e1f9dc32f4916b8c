"""Addresses on this machine that are one rehearsal's own: two at the same time never meet."""

import os
import random
import socket

FIRST, LAST = 20000, 29999  # below the ports that Linux takes for connections of its own


def own_address() -> str:
    """A loopback address that no other process derives: Linux answers on all of 127.0.0.0/8.

    Docker, too, takes a registry anywhere in 127.0.0.0/8 for an insecure one.
    """
    pid = os.getpid()
    return f"127.{64 + (pid >> 16) % 64}.{(pid >> 8) & 255}.{pid & 255}"


def free_ports(address: str, count: int) -> list[int]:
    """Ports that nothing listens on, neither at this address nor at all of them."""
    candidates = random.sample(range(FIRST, LAST + 1), 20 * count)
    free = [port for port in candidates if _is_free(address, port)]
    return free[:count]


def accepts(address: str, port: int) -> bool:
    """Whether something takes connections there."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
