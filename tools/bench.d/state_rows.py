# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about what telexd keeps: memory of peers, of queues; and its system calls."""

import contextlib
import json
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import servers
from figures import Finding, Target
from servers import TCP, UDP, Trouble
from table import SERVERS

RESERVE = 1000            # descriptors that a process with peers needs for itself
TEXT = 65536              # bytes that everybody is sent, newline included
SEGMENT = 536             # so that the kernel, too, keeps little for a peer that does not read
RECEIVE_BUFFER = 2048
QUEUED_LEAST = 0.9        # of a text for all, once the kernel is full


def measure_memory(lab, row, kind, most):
    """One run of each: memory, unlike time, is the same whenever it is measured."""
    clients = min(19000, lab.limit - RESERVE)
    names = SERVERS if kind == TCP else ["telexd"]
    values = {}
    for name in names:
        lab.say(name)
        result = lab.run(name, kind, "idle", clients=clients, size=64, seconds=0.5)
        values[name] = [result["server"]["private_bytes_per_client"]]
    lab.note(f"{row}: private bytes for each of {clients:,} idle peers")
    return [Finding(row, "bytes/peer", values, target=Target(at_most=most)).take("telexd")]


def measure_tcp_memory(lab, row):
    return measure_memory(lab, row, TCP, 320)


def measure_udp_memory(lab, row):
    return measure_memory(lab, row, UDP, 256)


# --- one text for all ---

class Console:
    """telexd's JSON console on two pipes."""

    def __init__(self, process):
        self.process = process

    def read(self, kind):
        """The next event of that kind; an error is trouble."""
        while line := self.process.stdout.readline():
            event = json.loads(line)
            if event["event"] == "error":
                raise Trouble(f"telexd: {event['error']}")
            if event["event"] == kind:
                return event
        raise Trouble("telexd's console has ended")

    def ask(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        return self.read("result")


def deaf_peer(port):
    """A peer that never reads. Small segments and a small window keep the kernel's share small."""
    one = socket.socket()
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    one.connect(("127.0.0.1", port))
    return one


def texts_queued(console, text):
    """Sends to all. How many texts telexd has to queue for that; the kernel took the rest."""
    before = console.ask(b"/stats")["stats"]["queued_bytes"]
    console.ask(text)
    return (console.ask(b"/stats")["stats"]["queued_bytes"] - before) / TEXT


def fill_kernel(console, text, peers):
    """
    Sends until nearly all that comes next has to be queued by telexd. Never all of it: the kernel
    goes on finding room for some, as it shares out its memory for 10,000 connections anew.
    """
    for _ in range(8):
        if texts_queued(console, text) >= QUEUED_LEAST * peers:
            return
    raise Trouble("the kernel still takes what nobody reads")


def measure_send_all(lab, row):
    """Growth of telexd for each peer when all get one more text, hardly any of which the kernel takes."""
    peers = 1000 if lab.quick else min(10000, lab.limit - RESERVE)
    text = b"@* " + b"x" * (TEXT - 1)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with contextlib.ExitStack() as stack:
        process, endpoints = stack.enter_context(
            lab.telexd("--json", "--view", "none", "--max-queue", "4M", "--drain", "0",
                       kinds=[TCP], keys="reply=none", **pipes))
        console = Console(process)
        for _ in range(peers):
            stack.enter_context(deaf_peer(int(endpoints[0].rpartition(":")[2])))
            console.read("open")
        lab.say("filling the kernel's buffers")
        fill_kernel(console, text, peers)
        before = servers.private_bytes(process.pid)
        queued = texts_queued(console, text)
        grown = servers.private_bytes(process.pid) - before
    lab.note(f"{row}: growth of telexd for each of {peers:,} peers that do not read, as all are "
             f"sent one more text of {TEXT:,} bytes, {queued / peers:.1%} of which it queued")
    return [Finding(row, "bytes/peer", {"telexd": [grown / queued]},
                    # A reference takes a kilobyte in libevent; a copy, 64 of them.
                    target=Target(at_most=2048)).take("telexd")]


# --- system calls ---

def count_calls(text):
    """From the table of strace -c: calls by name."""
    calls = {}
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 5 and re.fullmatch(r"\d+\.\d+", fields[0]) and fields[-1] != "total":
            calls[fields[-1]] = int(fields[3])
    return calls


def calls_per_echo(calls):
    """An echo is one call that sends, whatever its name."""
    sends = sum(calls.get(name, 0) for name in ("sendto", "sendmsg", "write", "writev"))
    if not sends:
        raise Trouble("strace has counted nothing")
    return sum(calls.values()) / sends


def trace(pid, seconds):
    with tempfile.NamedTemporaryFile("r", prefix="telex", encoding="utf-8") as file:
        tracer = subprocess.Popen(["strace", "-c", "-f", "-o", file.name, "-p", str(pid)],
                                  stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            if b"attached" not in tracer.stderr.readline():
                raise Trouble("strace cannot attach")
            time.sleep(seconds)
            tracer.send_signal(signal.SIGINT)
            tracer.communicate(timeout=servers.PATIENCE)
        finally:
            tracer.kill()
            tracer.wait()
        return calls_per_echo(count_calls(file.read()))


def traced_echo(lab, name):
    seconds = 0.7 if lab.quick else 2
    clients = 100
    with lab.server(name, TCP) as (process, endpoint):
        load = lab.generator(endpoint, "echo", seconds=seconds + 1, clients=clients, size=64)
        try:
            servers.wait_until(lambda: servers.descriptors(process.pid) >= clients, load,
                               "100 clients")
            time.sleep(0.2)
            return trace(process.pid, seconds)
        finally:
            servers.stop(load)
            load.stdout.close()
            load.stderr.close()


def measure_calls(lab, row):
    if not shutil.which("strace"):
        raise Trouble("strace is not installed")
    values = {}
    for name in SERVERS:
        lab.say(name)
        values[name] = [traced_echo(lab, name)]
    return [Finding(row, "calls/echo", values).compare("telexd", "epoll")]


ROWS = {
    "memory-tcp": (measure_tcp_memory, "private bytes of telexd for each idle TCP peer"),
    "memory-udp": (measure_udp_memory, "the same for each UDP peer"),
    "send-all": (measure_send_all, "memory for each peer as one text waits for all of them"),
    "syscalls": (measure_calls, "system calls for each echo, 100 TCP clients, by strace"),
}
