# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody who means harm costs a good peer: the worst of its echoes under each attack."""

import contextlib
import fcntl
import json
import os
import pty
import random
import resource
import socket
import struct
import tempfile
import termios
import time

import attacks
import servers
from duty_rows import promptness
from figures import Finding, Target, median
from servers import TCP, UDP, Trouble

MOST = 50                   # ms that an echo may take
PAUSE = (0.0005, 0.003)     # seconds between two messages of the good peer
MESSAGE = b"good\n"
SOURCES = 20000             # UDP peers that commands about everybody meet
HALVES = 4000               # peers with half a line
DESCRIPTORS = 64            # of a telexd that a crowd calls
PATIENCE = 10.0             # seconds that the good peer waits for an echo


def port_of(endpoint):
    return int(endpoint.rpartition(":")[2])


# --- the good peer ---

def call(endpoint):
    peer = socket.create_connection(("127.0.0.1", port_of(endpoint)), PATIENCE)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    echo(peer)
    return peer


def echo(peer):
    """Milliseconds. What an operator sends to all comes in between."""
    started = time.monotonic()
    peer.sendall(MESSAGE)
    heard = b""
    while MESSAGE not in heard:
        got = peer.recv(4096)
        if not got:
            raise Trouble("telexd has closed the good peer")
        heard += got
    return 1000 * (time.monotonic() - started)


def echoes(peer, end):
    """One message after the other, until the end. The one that never comes back is trouble."""
    samples = []
    while time.monotonic() < end:
        time.sleep(random.uniform(*PAUSE))
        try:
            samples.append(echo(peer))
        except socket.timeout as error:
            raise Trouble(f"no echo within {PATIENCE:g} s") from error
    return samples


def lost_packets(table):
    """From /proc/net/softnet_stat, a line for each CPU: what its backlog could not take."""
    return sum(int(line.split()[1], 16) for line in table.splitlines())


@contextlib.contextmanager
def counting_losses(lab, attack):
    """Who lost a packet waits 200 ms until TCP sends it again, whatever telexd does."""
    def now():
        with open("/proc/net/softnet_stat", encoding="ascii") as file:
            return lost_packets(file.read())
    before = now()
    yield
    if lost := now() - before:
        lab.note(f"attacks: under {attack.__name__} the kernel lost {lost} packets on loopback; "
                 f"an echo of 200 ms and more may be one of these, sent again")


def suffer(lab, process, peer, attack, *arguments):
    """Returns the echoes under the attack, and how many blows fell meanwhile."""
    started = time.monotonic()
    with counting_losses(lab, attack), attacks.under(attack, *arguments) as blows:
        with promptness(lab, "attacks: from a good peer's send to its recv"):
            before = blows()
            samples = echoes(peer, time.monotonic() + (0.4 if lab.quick else 2))
        lab.count_wait(process, started)
        return samples, blows() - before


# --- the scenes ---

@contextlib.contextmanager
def full_pipe():
    """The end to write to of a pipe that takes nothing more."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        for size in (4096, 1):
            with contextlib.suppress(BlockingIOError):
                while os.write(writing, b"x" * size):
                    pass
        os.set_blocking(writing, True)
        yield writing
    finally:
        os.close(reading)
        os.close(writing)


def under_stderr(lab):
    """Peers cause messages, and nobody reads them."""
    with full_pipe() as stderr, \
            lab.telexd("--no-console", "--max-peers-per-host", str(attacks.HELD // 2),
                       kinds=[TCP], stderr=stderr) as (process, (endpoint,)), \
            call(endpoint) as peer:
        # Later than telexd has reckoned with: accept itself must fail.
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        return suffer(lab, process, peer, attacks.crowd, port_of(endpoint))


def udp_peers(path):
    with socket.socket(socket.AF_UNIX) as console:
        console.settimeout(PATIENCE)
        console.connect(path)
        console.sendall(b"/stats\n")
        for line in console.makefile("rb"):
            event = json.loads(line)
            if event["event"] == "result":
                return event["stats"]["udp_peers"]
    raise Trouble("no answer to /stats")


def under_questions(lab, line, readers, deaf, access="?access=read"):
    """Consoles' lines where there are many peers."""
    with tempfile.TemporaryDirectory(prefix="telex") as home:
        path = os.path.join(home, "control")
        with lab.telexd("--no-console", "--control", path + access, kinds=[TCP, UDP],
                        keys=["reply=echo", "reply=none"]) as (process, (tcp, udp)), \
                call(tcp) as peer:
            attacks.datagrams(port_of(udp), SOURCES)
            if udp_peers(path) < 0.9 * SOURCES:
                raise Trouble(f"only {udp_peers(path)} UDP peers of {SOURCES}")
            return suffer(lab, process, peer, attacks.questions, path, line, readers, deaf)


def under_halves(lab):
    """More half lines than memory may be."""
    with lab.telexd("--no-console", "--max-memory", "64M", kinds=[TCP, TCP],
                    keys=["reply=echo", "reply=none&framing=line"]) as (process, (good, bad)), \
            call(good) as peer:
        return suffer(lab, process, peer, attacks.halves, port_of(bad), HALVES)


def under_resets(lab):
    with lab.telexd("--no-console", kinds=[TCP]) as (process, (endpoint,)), call(endpoint) as peer:
        return suffer(lab, process, peer, attacks.resets, port_of(endpoint))


@contextlib.contextmanager
def terminal():
    """Both ends, 80 columns wide."""
    ends = pty.openpty()
    try:
        fcntl.ioctl(ends[1], termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        yield ends
    finally:
        for end in ends:
            os.close(end)


def under_paste(lab):
    """An operator's terminal gets lines of a megabyte."""
    with tempfile.TemporaryDirectory(prefix="telex") as home, terminal() as (ours, its):
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), its)
        env = {**os.environ, "TERM": "xterm", "HOME": home, "XDG_STATE_HOME": home}
        with lab.telexd("--view", "none", kinds=[TCP], env=env, **streams) \
                as (process, (endpoint,)), call(endpoint) as peer:
            return suffer(lab, process, peer, attacks.paste, ours)


SCENES = {  # what the good peer meets: samples and blows of it
    "stderr": under_stderr,
    "peers": lambda lab: under_questions(lab, b"/peers\n", 4, 4),
    "send-all": lambda lab: under_questions(lab, b"/send * x\n", 1, 0, access=""),
    "stats": lambda lab: under_questions(lab, b"/stats\n", 4, 4),
    "halves": under_halves,
    "resets": under_resets,
    "paste": under_paste,
}


def judge(name, samples):
    """The worst is the figure: who has to wait once has waited."""
    finding = Finding(name, "ms worst", target=Target(at_most=MOST))
    finding.values = {"telexd": [max(samples)], "median": [median(samples)]}
    return finding.take("telexd")


def trouble(error):
    return str(error) if isinstance(error, Trouble) else f"{type(error).__name__}: {error}"


def measure_attack(lab, row, scene):
    name = f"{row} {scene}"
    lab.say(scene)
    try:
        samples, blows = SCENES[scene](lab)
    except (Trouble, OSError, ValueError, KeyError) as error:
        return Finding(name, "", trouble=trouble(error))
    lab.note(f"{name}: {blows:,} blows, {len(samples):,} echoes, "
             f"median {median(samples):.3f} ms")
    return judge(name, samples)


def measure_attacks(lab, row):
    return [measure_attack(lab, row, scene) for scene in SCENES]


ROWS = {
    "attacks": (measure_attacks, "the worst echo of a good peer under each of several attacks"),
}
