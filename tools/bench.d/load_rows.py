# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows that compare telexd with other echo servers under the same load."""

import contextlib

import servers
from figures import Finding, Target, median, ratio
from servers import TCP, UDP, Trouble
from table import RIVALS, SERVERS

STREAM_SIZE = 16384
DATAGRAMS = 32           # outstanding for each source
LIBEVENT_TARGET = Target(at_least=1.35)
MOST_PROCESSES = 100     # clients of servers that start a process for each

MICROSECONDS, PER_MEGABYTE = "µs/op", "µs/MB"


def cost(unit, result):
    """Server CPU time for what the unit counts."""
    key = "cpu_per_operation" if unit == MICROSECONDS else "cpu_per_megabyte"
    return result["server"][key]


def speed(unit, result):
    return result["rate"] if unit == MICROSECONDS else result["bytes_per_second"] / 1e6


def check(name, result):
    """A server that answers wrong is not measured."""
    if result["mismatched"]:
        raise Trouble(f"{name} answered {result['mismatched']} times wrong")
    if result["errors"]:
        raise Trouble(f"{name}: {result['errors']} errors of the generator's connections")
    return result


def rivals(lab, kind, mode, options):
    """Rates of what people use today, once; what fails there is not our trouble."""
    rates = {}
    if lab.quick or options["clients"] > MOST_PROCESSES:
        return rates
    for name in filter(servers.is_installed, RIVALS):
        if name == "ncat" and kind == UDP and options["clients"] > 1:
            continue  # it talks to one sender only
        lab.say(name)
        with contextlib.suppress(Trouble):
            result = check(name, lab.run(name, kind, mode, **options))
            if result["operations"]:
                rates[name] = result
    return rates


class LoadRow:
    def __init__(self, kind, mode, target, unit=MICROSECONDS, **options):
        self.kind = kind
        self.mode = mode
        self.target = Target(at_most=target)
        self.unit = unit
        self.options = options

    def run(self, lab, name):
        return check(name, lab.run(name, self.kind, self.mode, **self.options))

    def note(self, lab, _row, _results):
        if self.unit == PER_MEGABYTE:
            lab.note("streams: MB a second each way, of 10^6 bytes")

    def measure(self, lab, row):
        results = lab.interleave(SERVERS, lambda name: self.run(lab, name))
        self.note(lab, row, results)
        finding = Finding(
            row, self.unit, target=self.target,
            values={name: [cost(self.unit, result) for result in results[name]]
                    for name in SERVERS},
            rates={name: [speed(self.unit, result) for result in results[name]]
                   for name in SERVERS})
        for name, result in rivals(lab, self.kind, self.mode, self.options).items():
            finding.rates[name] = [speed(self.unit, result)]
        return [finding.compare("telexd", "epoll")]


def busy(results, who):
    """How much of its CPU it used: a server well under 100 % could have done more."""
    return median([100 * one[who]["cpu_seconds"] / one["seconds"] for one in results])


class RateRow(LoadRow):
    """The same, and the rate against the textbook's."""

    def note(self, lab, row, results):
        shares = ", ".join(f"{name} {busy(results[name], 'server'):.0f} and "
                           f"{busy(results[name], 'generator'):.0f} %" for name in SERVERS)
        lab.note(f"{row}: of their CPUs server and generator used: {shares}")

    def measure(self, lab, row):
        findings = super().measure(lab, row)
        rates = findings[0].rates
        findings.append(Finding(f"{row} rate", "x libevent", target=LIBEVENT_TARGET,
                                figure=ratio(rates["telexd"], rates["libevent"])))
        return findings


def measure_loss(lab, row):
    """Datagrams that had no answer, of all: the first burst, too, which is the worst."""
    results = lab.interleave(SERVERS, lambda name: lab.run(
        name, UDP, "echo", clients=64, depth=DATAGRAMS, size=64, warm_up=0, wait=0.5))
    # Not the median: not one may be lost in any round.
    lost = {name: [sum(result["lost"] for result in results[name])] for name in SERVERS}
    rates = {name: [result["rate"] for result in results[name]] for name in SERVERS}
    return [Finding(row, "lost", lost, rates, target=Target(at_most=0)).take("telexd")]


def echo(clients, target=1.05, row=LoadRow):
    return row(TCP, "echo", target, clients=clients, size=64)


def stream(clients):
    return LoadRow(TCP, "stream", 1.0, PER_MEGABYTE, clients=clients, size=STREAM_SIZE)


def datagrams(clients):
    return LoadRow(UDP, "echo", 1.0, clients=clients, size=64, depth=DATAGRAMS)


ROWS = {
    "echo-100": (echo(100).measure, "64 bytes there and back, 100 TCP clients"),
    "echo-1000": (echo(1000, row=RateRow).measure, "the same with 1,000 clients"),
    "echo-10000": (echo(10000).measure, "the same with 10,000 clients"),
    "stream-1": (stream(1).measure, "16 KiB pieces, as fast as they go, one client"),
    "stream-16": (stream(16).measure, "the same with 16 clients"),
    "udp-1": (datagrams(1).measure, "64-byte datagrams, one sender with 32 outstanding"),
    "udp-64": (datagrams(64).measure, "the same with 64 senders"),
    "udp-loss": (measure_loss, "datagrams lost with 64 senders, 2,048 outstanding"),
    "churn": (LoadRow(TCP, "churn", 1.15, clients=64, size=64).measure,
              "connect, one echo, close"),
}
