# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about TLS and WebSocket: what telexd costs with them, against telexd without in the same
run. Beside TLS stand proxies in front of a telexd without, whose cost is that of both."""

import contextlib
import tempfile

import proxies
import servers
from figures import Finding, Target, median
from load_rows import MICROSECONDS, MOST_PROCESSES, PER_MEGABYTE, STREAM_SIZE, check, cost, speed
from servers import TCP, TLS, WS, Trouble

IDLE = 2000  # whose handshakes take some seconds
PLAIN = "plain"


class TlsRow:
    kind = TLS

    def __init__(self, mode, unit, target, **options):
        self.mode = mode
        self.unit = unit
        self.target = target
        self.options = options

    def load(self, lab, name, process, endpoint):
        return check(name, lab.load(endpoint, self.mode, pid=process.pid, **self.options))

    def run_telexd(self, lab, name):
        with lab.server("telexd", TCP if name == PLAIN else self.kind) as (process, endpoint):
            return self.load(lab, name, process, endpoint)

    def run_proxy(self, lab, name, directory):
        port, far = servers.free_port(TCP), servers.free_port(TCP)
        command = proxies.behind(
            proxies.TLS[name](directory, port, far, proxies.certificate(directory)),
            servers.COMMANDS["telexd"](lab.programs, TCP, far))
        with servers.running(command, lab.server_cpu, [(TCP, far), (TCP, port)]) as process:
            return self.load(lab, name, process, f"tls://127.0.0.1:{port}")

    def others(self, lab):
        """What proxies cost, once, where they are installed and work."""
        costs = {}
        if lab.quick:
            return costs
        for name in proxies.installed(proxies.TLS, self.options["clients"], MOST_PROCESSES):
            lab.say(name)
            with tempfile.TemporaryDirectory() as directory, contextlib.suppress(Trouble):
                costs[name] = cost(self.unit, self.run_proxy(lab, name, directory))
        return costs

    def measure(self, lab, row):
        results = lab.interleave(["telexd", PLAIN], lambda name: self.run_telexd(lab, name))
        costs = {name: [cost(self.unit, one) for one in results[name]] for name in results}
        plain = median(costs[PLAIN])
        others = "".join(f", {name} in front {value / plain:.1f} times as much"
                         for name, value in self.others(lab).items())
        lab.note(f"{row}: against telexd without {self.kind}, {plain:.2f} {self.unit}{others}")
        return [Finding(row, self.unit, costs,
                        {"telexd": [speed(self.unit, one) for one in results["telexd"]]},
                        target=self.target).compare("telexd", PLAIN)]


class WebSocketRow(TlsRow):
    kind = WS

    def others(self, _):
        return {}


class HandshakeRow(TlsRow):
    """What it costs by itself: most of it is the key's, with or without telexd."""

    def measure(self, lab, row):
        (finding,) = super().measure(lab, row)
        return [finding.take("telexd")]


def idle(lab, endpoint, pid):
    result = lab.load(endpoint, "idle", pid=pid, clients=min(IDLE, lab.limit - 1000), size=64,
                      seconds=0.5)
    return [result["server"]["private_bytes_per_client"]]


def measure_memory(lab, row):
    """Peers, and connections that never say a word."""
    findings = []
    for suffix, scheme, most in (("", "tls", 16 << 10), (" silent", "tcp", 2 << 10)):
        with lab.server("telexd", TLS) as (process, endpoint):
            endpoint = endpoint.replace("tls:", f"{scheme}:")
            findings.append(Finding(row + suffix, "bytes/peer",
                                    {"telexd": idle(lab, endpoint, process.pid)},
                                    target=Target(at_most=most)).take("telexd"))
    lab.note(f"{row}: private bytes for each of {IDLE:,} idle peers; silent: connections on which "
             "no handshake has begun")
    return findings


# Of WebSocket: idle peers, and those that are asked often enough for it to be measured.
MANY, ASKED = 10000, 2000
EVERY, USUAL = 5, 30  # seconds between two pings


def pinged(lab):
    """Processor time of telexd for a ping and its answer, microseconds, while nothing else comes."""
    with lab.telexd("--view", "none", "--history", "0", kinds=[WS],
                    keys=f"ping={EVERY}") as (process, (endpoint,)):
        result = lab.load(endpoint, "idle", pid=process.pid, clients=ASKED, size=64, warm_up=0,
                          seconds=EVERY)  # each is asked once
    return result["server"]["cpu_seconds"] / ASKED * 1e6


def measure_websocket_memory(lab, row):
    """Idle peers: what they take, and what asking them costs whether they are there."""
    clients = min(MANY, lab.limit - 1000)
    with lab.server("telexd", WS) as (process, endpoint):
        result = lab.load(endpoint, "idle", pid=process.pid, clients=clients, size=64, seconds=0.5)
    cost_of_one = pinged(lab)
    lab.note(f"{row}: private bytes for each of {clients:,} idle peers; processor time of telexd for "
             f"each ping: {cost_of_one * MANY / USUAL / 1e4:.2f} % of a processor for {MANY:,} peers "
             f"that are asked every {USUAL} s")
    return [Finding(row, "bytes/peer", {"telexd": [result["server"]["private_bytes_per_client"]]},
                    target=Target(at_most=1126)).take("telexd"),
            Finding(f"{row} pings", MICROSECONDS, {"telexd": [cost_of_one]},
                    target=Target(at_most=30)).take("telexd")]


def echo(clients):
    return TlsRow("echo", MICROSECONDS, Target(at_most=2.1), clients=clients, size=64)


ROWS = {
    "tls-echo-100": (echo(100).measure, "64-byte echoes under TLS, 100 clients"),
    "tls-echo-1000": (echo(1000).measure, "the same with 1,000 clients"),
    "tls-stream-16": (TlsRow("stream", PER_MEGABYTE, Target(at_most=3.8), clients=16,
                             size=STREAM_SIZE).measure,
                      "16 KiB pieces under TLS, 16 clients"),
    "tls-handshake": (HandshakeRow("churn", MICROSECONDS, None, clients=16, size=64).measure,
                      "connect, handshake, one echo, close"),
    "ws-echo-100": (WebSocketRow("echo", MICROSECONDS, None, clients=100, size=64).measure,
                    "64-byte echoes over WebSocket, 100 clients"),
    "memory-tls": (measure_memory, "private bytes of telexd for each idle TLS peer"),
    "memory-ws": (measure_websocket_memory, "the same over WebSocket, and what a ping costs"),
}
