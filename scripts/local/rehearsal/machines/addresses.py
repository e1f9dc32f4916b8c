"""Loopback addresses and ports for one rehearsal, so that two rehearsals can run at the same time."""

import os
import random
import socket

FIRST, LAST = 20000, 29999  # below Linux's default range of ephemeral ports


def own_address() -> str:
    """A loopback address derived from the process id: Linux answers on all of 127.0.0.0/8.

    Docker treats a registry at any address in 127.0.0.0/8 as insecure, so that plain HTTP is allowed.
    """
    pid = os.getpid()
    return f"127.{64 + (pid >> 16) % 64}.{(pid >> 8) & 255}.{pid & 255}"


def free_ports(address: str, count: int) -> list[int]:
    """``count`` ports that are free at this address and not bound on all addresses either."""
    candidates = random.sample(range(FIRST, LAST + 1), 20 * count)
    free = [port for port in candidates if _is_free(address, port)]
    return free[:count]


def accepts(address: str, port: int) -> bool:
    """Whether a TCP connection to the port succeeds within a second."""
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
