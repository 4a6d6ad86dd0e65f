# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about lines that telexd joins (to=), beside other relays. What is measured is the CPU time
of the relay; the server behind it echoes on the generator's CPU."""

import contextlib
import tempfile

import proxies
import servers
from figures import Finding, Target, median
from load_rows import MICROSECONDS, MOST_PROCESSES, PER_MEGABYTE, STREAM_SIZE, check, cost, speed
from servers import TCP, Trouble

# How telexd relays: what the row is called behind its name, arguments, what it may cost of epoll.
WAYS = {
    "telexd": ("", ["--view", "none", "--history", "0"], Target(at_most=1.10)),
    "kept": (" kept", ["--view", "none"], Target(at_most=1.25)),
    "shown": (" shown", ["--view", "text"], None),
}


class RelayRow:
    def __init__(self, mode, unit, **options):
        self.mode = mode
        self.unit = unit
        self.options = options

    def command(self, lab, name, port, far, directory):
        if name in WAYS:
            return [lab.programs["telexd"], *WAYS[name][1],
                    f"tcp://127.0.0.1:{port}?to=tcp://127.0.0.1:{far}"]
        if name == "epoll":
            return [lab.programs["epoll_relay"], str(port), str(far)]
        return proxies.RELAYS[name](directory, port, far)

    def run(self, lab, name, far, directory):
        port = servers.free_port(TCP)
        command = self.command(lab, name, port, far, directory)
        with contextlib.ExitStack() as stack:
            streams = {"stdout": stack.enter_context(lab.reader())} if name == "shown" else {}
            process = stack.enter_context(
                servers.running(command, lab.server_cpu, [(TCP, port)], **streams))
            return check(name, lab.load(f"tcp://127.0.0.1:{port}", self.mode, pid=process.pid,
                                        **self.options))

    def results(self, lab):
        """By the relay's name; of others there is one round, where they work."""
        with contextlib.ExitStack() as stack:
            directory = stack.enter_context(tempfile.TemporaryDirectory())
            far = stack.enter_context(lab.far_end())
            results = lab.interleave([*WAYS, "epoll"],
                                     lambda name: self.run(lab, name, far, directory))
            others = {} if lab.quick else proxies.installed(
                proxies.RELAYS, self.options["clients"], MOST_PROCESSES)
            for name in others:
                lab.say(name)
                with contextlib.suppress(Trouble):
                    results[name] = [self.run(lab, name, far, directory)]
        return results

    def measure(self, lab, row):
        results = self.results(lab)
        costs = {name: [cost(self.unit, one) for one in results[name]] for name in results}
        rates = {name: [speed(self.unit, one) for one in results[name]] for name in results}
        others = [f"{name} {median(costs[name]):.2f}" for name in proxies.RELAYS if name in costs]
        if others:
            lab.note(f"{row}: others in {self.unit}, once: {', '.join(others)}")
        return [Finding(row + suffix, self.unit,
                        {"telexd": costs[name], "epoll": costs["epoll"]},
                        {"telexd": rates[name], "epoll": rates["epoll"]},
                        target=target).compare("telexd", "epoll")
                for name, (suffix, _, target) in WAYS.items()]


ROWS = {
    "relay-echo-100": (RelayRow("echo", MICROSECONDS, clients=100, size=64).measure,
                       "64-byte echoes of a server behind telexd (to=), 100 TCP clients"),
    "relay-stream-16": (RelayRow("stream", PER_MEGABYTE, clients=16, size=STREAM_SIZE).measure,
                        "16 KiB pieces through telexd, 16 clients"),
}
