# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody who means harm does to telexd, each in a process of its own and without end."""

import collections
import contextlib
import itertools
import multiprocessing
import os
import random
import select
import socket
import struct
import time

from servers import PATIENCE, Trouble

HALF = b"x" * 60000         # of a line that never ends
PASTE = b"@9 " + b"x" * 900000  # for nobody: the good peer is 1
ASKED = 1000                # commands that a console writes at once
HELD = 24                   # connections of each host
HOSTS = [f"127.0.0.{number}" for number in range(2, 8)]
RESET = struct.pack("ii", 1, 0)     # struct linger: close sends a reset
ANSWER = 1 << 20            # bytes read at once

FORK = multiprocessing.get_context("fork")


@contextlib.contextmanager
def under(attack, *arguments):
    """While it lasts, attack(blow, *arguments) goes on in a process that calls blow() each time
    it has done its worst. Yields how many blows fell so far, once the first has."""
    blows = FORK.Value("L", 0, lock=False)

    def blow():
        blows.value += 1

    def run():
        # Not before what the kernel does for all: ksoftirqd, which moves packets, has nice 0.
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, 0)
        attack(blow, *arguments)
    process = FORK.Process(target=run, daemon=True)
    process.start()
    try:
        end = time.monotonic() + PATIENCE
        while not blows.value and process.is_alive() and time.monotonic() < end:
            time.sleep(0.005)
        if not blows.value:
            raise Trouble("the attack has not begun")
        yield lambda: blows.value
        if not process.is_alive():
            raise Trouble(f"the attack has ended with status {process.exitcode}")
    finally:
        process.kill()
        process.join()


def drop(one):
    """Closes with a reset."""
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    one.close()


def call(port, host="127.0.0.1"):
    """None where the system refuses: telexd may not take more."""
    one = socket.socket()
    try:
        one.settimeout(0.05)
        one.bind((host, 0))
        one.connect(("127.0.0.1", port))
    except OSError:
        one.close()
        return None
    one.setblocking(False)
    return one


def crowd(blow, port):
    """More connections than may be, from several hosts, and always new ones."""
    held = collections.deque()
    for host in itertools.cycle(HOSTS):
        if one := call(port, host):
            held.append(one)
        if len(held) > HELD * len(HOSTS) or (held and not one):
            drop(held.popleft())
            blow()


def resets(blow, port):
    while True:
        if one := call(port):
            drop(one)
            blow()


def halves(blow, port, most):
    """Half lines of up to so many peers; the oldest makes room."""
    held = collections.deque()
    while True:
        if one := call(port):
            with contextlib.suppress(OSError):
                one.send(HALF)
            held.append(one)
            blow()
        if len(held) > most:
            drop(held.popleft())


def attach(path):
    one = socket.socket(socket.AF_UNIX)
    one.connect(path)
    one.setblocking(False)
    return one


def questions(blow, path, line, readers, deaf):
    """Consoles that ask without a pause; some read the answers and some never."""
    reading = [attach(path) for _ in range(readers)]
    every = reading + [attach(path) for _ in range(deaf)]
    unsent = dict.fromkeys(every, b"")
    while True:
        readable, writable, _ = select.select(reading, every, [])
        for one in readable:
            if not one.recv(ANSWER):
                raise EOFError("telexd has ended a console that reads")
            blow()
        for one in writable:
            unsent[one] = unsent[one] or line * ASKED
            try:
                unsent[one] = unsent[one][one.send(unsent[one]):]
            except ConnectionError:  # one that never reads has been let go
                every.remove(one)


def paste(blow, terminal):
    """Long lines, one after the other, at a terminal whose output is read."""
    unsent = b""
    while True:
        unsent = unsent or PASTE + b"\r"
        readable, writable, _ = select.select([terminal], [terminal], [])
        if readable:
            os.read(terminal, ANSWER)
        if writable:
            unsent = unsent[os.write(terminal, unsent[:4096]):]
            blow()


def datagrams(port, sources):
    """A datagram each from so many addresses of loopback."""
    for number in range(sources):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.bind((f"127.1.{number >> 8 & 255}.{number & 255}", random.randint(20000, 30000)))
            one.sendto(b"x", ("127.0.0.1", port))
        if number % 128 == 0:
            time.sleep(0.001)   # what telexd's socket cannot take is lost
