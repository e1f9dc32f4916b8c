import ipaddress
import os
import socket

from local.rehearsal.machines import addresses


def test_the_address_is_on_this_machine_alone() -> None:
    assert ipaddress.ip_address(addresses.own_address()).is_loopback


def test_the_address_is_not_the_one_that_everything_else_is_at() -> None:
    assert addresses.own_address() != "127.0.0.1"


def test_two_processes_have_two_addresses() -> None:
    here = addresses.own_address()
    child = os.fork()
    if child == 0:
        os._exit(addresses.own_address() == here)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_as_many_ports_as_were_asked_for_are_all_different() -> None:
    assert len(set(addresses.free_ports(addresses.own_address(), 5))) == 5


def test_a_port_that_a_stranger_has_at_every_address_is_not_free() -> None:
    with socket.create_server(("0.0.0.0", 0)) as stranger:
        assert not addresses._is_free(addresses.own_address(), stranger.getsockname()[1])


def test_what_listens_accepts_and_what_does_not_does_not() -> None:
    with socket.create_server((addresses.own_address(), 0)) as server:
        address, port = server.getsockname()
        assert addresses.accepts(address, port)
    assert not addresses.accepts(address, port)
