# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about what telexd does besides: two transports at once, an operator, a log."""

import contextlib
import os
import random
import select
import socket
import subprocess
import time

import servers
from figures import Finding, Target, median, percentile
from load_rows import MICROSECONDS, check, cost
from servers import TCP, UDP, Trouble

FLOOD = 50000               # datagrams a second
PAUSE = (0.002, 0.010)      # seconds between two lines of the operator
LINE, HEARD = b"@1 ping\n", b"ping\n"


# --- both transports ---

def measure_mixed(lab, row):
    load = {"mode": "echo", "clients": 50, "size": 64}
    options = {"flood_rate": FLOOD, "flood_sources": 64}

    def run(name):
        with lab.telexd("--view", "none", kinds=[TCP, UDP]) as (process, (tcp, udp)):
            flood = {"flood": udp, **options} if name == "flood" else {}
            return check("telexd", lab.load(tcp, pid=process.pid, **load, **flood))

    results = lab.interleave(["calm", "flood"], run)
    flood = results["flood"]
    answered = [100 * one["flood"]["answered"] / one["flood"]["sent"] for one in flood]
    p99 = {name: [one["latency"]["p99"] / 1000 for one in results[name]] for name in results}
    slower = Finding(f"{row} p99", "ms", {"telexd": p99["flood"], "calm": p99["calm"]},
                     {"telexd": [one["rate"] for one in flood]}, target=Target(at_most=2))
    sent = median([one["flood"]["rate"] for one in flood])
    lab.note(f"{row}: 50 TCP clients and {sent:,.0f} datagrams a second; answered, and the TCP "
             f"latency against {median(p99['calm']):.3f} ms without the datagrams")
    return [Finding(row, "% answered", {"telexd": answered},
                    target=Target(at_least=98)).take("telexd"),
            slower.compare("telexd", "calm")]


# --- the operator ---

@contextlib.contextmanager
def promptness(lab, what):
    """While it lasts, this process runs as soon as something arrives for it; what it measures
    goes into the note."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        how = "which runs before all else (SCHED_FIFO)"
    except PermissionError:
        how = "whose own delays count too, for want of the right to SCHED_FIFO"
    lab.note(f"{what}, both by one process on the generator's CPU, {how}")
    try:
        yield
    finally:
        if os.sched_getscheduler(0) != os.SCHED_OTHER:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def ping(stdin, peer):
    """Milliseconds from the operator's line to the peer."""
    started = time.monotonic()
    os.write(stdin, LINE)
    heard = b""
    while len(heard) < len(HEARD):
        got = peer.recv(100)
        if not got:
            raise Trouble("telexd has closed the operator's peer")
        heard += got
    took = time.monotonic() - started
    if heard != HEARD:
        raise Trouble(f"the operator's peer got {heard!r}")
    return 1000 * took


def wait_for_peer(process, peer):
    """A line that comes before telexd has accepted the peer would go to nobody."""

    def arrives():
        os.write(process.stdin.fileno(), LINE)
        return select.select([peer], [], [], 0.1)[0]
    servers.wait_until(arrives, process, "the operator's first line")
    while select.select([peer], [], [], 0.1)[0]:
        peer.recv(1000)


def pings(stdin, peer, end):
    """Lines at random moments, one after the other, until the end."""
    samples = []
    while time.monotonic() < end:
        time.sleep(random.uniform(*PAUSE))
        try:
            samples.append(ping(stdin, peer))
        except socket.timeout as error:
            raise Trouble("a line of the operator did not arrive within 10 s") from error
    return samples


def operate(lab, clients):
    """Returns the delays of one round, and the rate of echoes meanwhile."""
    seconds = 2 if lab.quick else 4
    with lab.telexd("--view", "none", kinds=[TCP, TCP], keys=["reply=echo", "reply=none"],
                    stdin=subprocess.PIPE) as (process, (echo, desk)):
        with socket.create_connection(("127.0.0.1", int(desk.rpartition(":")[2]))) as peer:
            peer.settimeout(10)
            wait_for_peer(process, peer)
            load = lab.generator(echo, "echo", seconds=seconds + 0.5, clients=clients, size=64)
            try:
                servers.wait_until(lambda: servers.descriptors(process.pid) > clients, load,
                                   f"{clients} clients")
                time.sleep(lab.warm_up)
                with promptness(lab, "operator: from the write to telexd's stdin to the peer's "
                                     "recv; p99 of each round"):
                    samples = pings(process.stdin.fileno(), peer, time.monotonic() + seconds)
            except BaseException:
                servers.stop(load)
                raise
            return samples, check("telexd", lab.result(load))["rate"]


def measure_operator(lab, row, clients, most):
    finding = Finding(row, "ms p99", target=Target(at_most=most))
    count = 0
    p99, rates = [], []
    for turn in range(min(lab.rounds, 3)):
        lab.say(f"round {turn + 1}")
        samples, rate = operate(lab, clients)
        count += len(samples)
        p99.append(percentile(samples, 0.99))
        rates.append(rate)
    lab.note(f"{row}: {count:,} lines")
    finding.values, finding.rates = {"telexd": p99}, {"telexd": rates}
    return [finding.take("telexd")]


# --- somebody who watches ---

QUIET = ["--view", "none"]


def watched(lab, arguments):
    with contextlib.ExitStack() as stack:
        streams = {}
        if arguments[:2] != QUIET:
            streams["stdout"] = stack.enter_context(lab.reader())
        process, (endpoint,) = stack.enter_context(lab.telexd(*arguments, kinds=[TCP], **streams))
        return check("telexd", lab.load(endpoint, "echo", clients=100, size=64, pid=process.pid))


def compare(lab, row, arguments, others, most):
    """What an echo costs with the one or the other arguments."""
    ways = {"telexd": arguments, "quiet": others}
    results = lab.interleave(list(ways), lambda name: watched(lab, ways[name]))
    values = {name: [cost(MICROSECONDS, one) for one in results[name]] for name in ways}
    finding = Finding(row, MICROSECONDS, values,
                      {"telexd": [one["rate"] for one in results["telexd"]]},
                      target=Target(at_most=most))
    return finding.compare("telexd", "quiet"), f"{median(values['quiet']):.2f} {MICROSECONDS}"


def measure_pipe(lab, row, arguments, most):
    finding, quiet = compare(lab, row, arguments, QUIET, most)
    lab.note(f"{row}: echo-100 with {' '.join(arguments)} into a pipe that is read, against "
             f"--view none, {quiet}")
    return [finding]


def measure_history(lab, row):
    finding, quiet = compare(lab, row, QUIET, [*QUIET, "--history", "0"], 1.05)
    lab.note(f"{row}: echo-100 against --history 0, {quiet}")
    return [finding]


ROWS = {
    "mixed": (measure_mixed, "50 busy TCP clients and 50,000 datagrams a second"),
    "operator-1000": (lambda lab, row: measure_operator(lab, row, 1000, 10),
                      "an operator's line on its way while 1,000 clients keep the loop full"),
    "operator-10000": (lambda lab, row: measure_operator(lab, row, 10000, 25),
                       "the same with 10,000 clients"),
    "history": (measure_history, "echo-100 of which everything is kept, and nothing shown"),
    "json-pipe": (lambda lab, row: measure_pipe(lab, row, ["--json"], 2.0),
                  "echo-100 with every message as JSON into a pipe"),
    "text-pipe": (lambda lab, row: measure_pipe(lab, row, ["--view", "text"], 2.5),
                  "echo-100 with every message as text into a pipe"),
}
