# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that are measured: started on their CPU, found listening, stopped."""

import contextlib
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import time

PATIENCE = 20.0                # seconds in which a server must listen, and end
PORTS = range(10000, 30000)    # below those that the system gives to clients

TCP, UDP, TLS, WS = "tcp", "udp", "tls", "ws"


class Trouble(Exception):
    """Why something could not be measured."""


def free_port(kind):
    """Another one each time: connections of an earlier run may linger."""
    for port in random.sample(PORTS, 100):
        with socket.socket(socket.AF_INET,
                           socket.SOCK_DGRAM if kind == UDP else socket.SOCK_STREAM) as one:
            with contextlib.suppress(OSError):
                one.bind(("127.0.0.1", port))
                return port
    raise Trouble("no free port")


def is_listening(kind, port):
    """As the kernel tells it: to call would make a peer."""
    state = "07" if kind == UDP else "0A"
    entry = re.compile(rf"\s*\d+: (?:0100007F|00000000):{port:04X} \S+ {state} ")
    with open("/proc/net/" + ("udp" if kind == UDP else "tcp"), encoding="ascii") as file:
        return any(entry.match(line) for line in file)


def private_bytes(pid):
    """Memory that it shares with nobody."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(kib) << 10 for kib in
                   re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+) kB$", file.read(), re.M))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def raise_descriptors():
    """Returns how many this process, and those that it starts, may have open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def wait_until(done, process, what):
    end = time.monotonic() + PATIENCE
    while not done():
        if process.poll() is not None:
            raise Trouble(f"{what}: it ended with status {process.returncode}")
        if time.monotonic() > end:
            raise Trouble(f"{what}: not within {PATIENCE:g} s")
        time.sleep(0.005)


def stop(process):
    """The whole group, since ncat and socat have children."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return
    process.wait(PATIENCE)


def launch(command, cpu, **streams):
    """In a group of its own, on the one CPU."""
    for name in ("stdin", "stdout", "stderr"):
        streams.setdefault(name, subprocess.DEVNULL)
    return subprocess.Popen(command, start_new_session=True,
                            preexec_fn=lambda: os.sched_setaffinity(0, {cpu}), **streams)


@contextlib.contextmanager
def running(command, cpu, listens, **streams):
    """A server, as soon as it listens on all (kind, port)."""
    process = launch(command, cpu, **streams)
    try:
        for kind, port in listens:
            wait_until(lambda kind=kind, port=port: is_listening(kind, port), process,
                       f"{os.path.basename(command[0])} on {kind} port {port}")
        yield process
    finally:
        stop(process)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


# How each server is started as an echo server, by name. None: it cannot do that.

def telexd_command(programs, kind, port):
    return [programs["telexd"], "--view", "none", "--history", "0",
            f"{kind}://127.0.0.1:{port}?reply=echo"]


def ncat_command(_, kind, port):
    many = ["-u"] if kind == UDP else ["-k", "-m", "10000"]
    return ["ncat", "-l", *many, "-e", "/bin/cat", "127.0.0.1", str(port)]


def socat_command(_, kind, port):
    scheme = "UDP4-LISTEN" if kind == UDP else "TCP4-LISTEN"
    return ["socat", f"{scheme}:{port},bind=127.0.0.1,fork,reuseaddr", "PIPE"]


COMMANDS = {
    "telexd": telexd_command,
    "epoll": lambda programs, kind, port: [programs["epoll"], kind, str(port)],
    "libevent": lambda programs, kind, port: [programs["libevent"], kind, str(port)],
    "ncat": ncat_command,
    "socat": socat_command,
}


def is_installed(name):
    return shutil.which(name) is not None
