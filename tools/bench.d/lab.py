# SPDX-License-Identifier: GPL-3.0-or-later
"""Where rows are measured: the programs, the CPUs, how long, and what there is to note."""

import contextlib
import fcntl
import json
import os
import subprocess
import tempfile
import time

import servers
from servers import TCP, Trouble
from table import progress


class Lab:
    """programs: paths of telexd, bench and the baselines, by name."""

    def __init__(self, programs, rounds, seconds, quick):
        self.programs = programs
        self.rounds = rounds
        self.seconds = seconds      # measured, of each run
        self.warm_up = min(0.5, seconds / 3)
        self.quick = quick
        self.notes = []
        self.row = ""
        self.waited = self.lived = 0.0  # seconds of servers
        self.limit = servers.raise_descriptors()
        cpus = sorted(os.sched_getaffinity(0))
        self.server_cpu, self.load_cpu = cpus[-1], cpus[0]
        if len(cpus) == 1:
            self.note("one CPU for server and generator: rates say little")
        os.sched_setaffinity(0, {self.load_cpu})

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def hurry(self):
        """Goes before what else the machine does, where that is allowed."""
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, -10)
            self.note("server and generator run at nice -10")

    @contextlib.contextmanager
    def alone(self):
        """Only one row of only one tools/bench is measured at a time on this machine."""
        path = os.path.join(tempfile.gettempdir(), f"telex-bench-{os.getuid()}.lock")
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            self.say("waiting for another tools/bench")
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def disturbance(self):
        """Says how long servers that could have run had to wait, since others did."""
        if self.lived:
            self.note(f"servers waited {100 * self.waited / self.lived:.0f} % of the time for "
                      f"their CPU; where that is much, believe the ratios and not the rates")

    def count_wait(self, process, started):
        with open(f"/proc/{process.pid}/schedstat", encoding="ascii") as file:
            self.waited += int(file.read().split()[1]) / 1e9
        self.lived += time.monotonic() - started

    def say(self, text):
        progress(f"{self.row}: {text}")

    @contextlib.contextmanager
    def server(self, name, kind, **streams):
        """One of servers.COMMANDS, echoing. Yields the process and its endpoint."""
        port = servers.free_port(kind)
        command = servers.COMMANDS[name](self.programs, kind, port)
        with servers.running(command, self.server_cpu, [(kind, port)], **streams) as process:
            yield process, f"{kind}://127.0.0.1:{port}"

    @contextlib.contextmanager
    def telexd(self, *arguments, kinds, keys="reply=echo", **streams):
        """telexd with other arguments, listening for each of kinds. Yields process, endpoints."""
        ports = []
        while len(ports) < len(kinds):
            port = servers.free_port(kinds[len(ports)])
            if port not in ports:
                ports.append(port)
        listens = list(zip(kinds, ports))
        endpoints = [f"{kind}://127.0.0.1:{port}" for kind, port in listens]
        keys = [keys] * len(kinds) if isinstance(keys, str) else keys
        command = [self.programs["telexd"], *arguments,
                   *(f"{endpoint}?{key}" for endpoint, key in zip(endpoints, keys))]
        with servers.running(command, self.server_cpu, listens, **streams) as process:
            yield process, endpoints

    @contextlib.contextmanager
    def reader(self):
        """cat > /dev/null, as a stdout."""
        process = servers.launch(["cat"], self.load_cpu, stdin=subprocess.PIPE)
        try:
            yield process.stdin
        finally:
            process.stdin.close()
            servers.stop(process)

    @contextlib.contextmanager
    def far_end(self):
        """An echo server beside the generator, for who relays. Yields its port."""
        port = servers.free_port(TCP)
        command = servers.COMMANDS["epoll"](self.programs, TCP, port)
        with servers.running(command, self.load_cpu, [(TCP, port)]):
            yield port

    def generator(self, endpoint, mode, seconds=None, warm_up=None, pid=None, **options):
        """Starts telex-bench; its answer is got by result."""
        arguments = ["--json", "--mode", mode, "--time", f"{seconds or self.seconds:g}",
                     "--warm-up", f"{self.warm_up if warm_up is None else warm_up:g}"]
        if pid:
            arguments += ["--pid", str(pid)]
        for name, value in options.items():
            arguments += ["--" + name.replace("_", "-"), str(value)]
        return servers.launch([self.programs["bench"], *arguments, endpoint], self.load_cpu,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def result(self, process):
        try:
            out, err = process.communicate(timeout=180)
        except subprocess.TimeoutExpired as error:
            raise Trouble("telex-bench does not end") from error
        finally:
            servers.stop(process)
        if process.returncode != 0:
            said = err.decode(errors="replace").strip() or f"status {process.returncode}"
            raise Trouble(f"telex-bench: {said}")
        return json.loads(out)

    def load(self, endpoint, mode, **options):
        return self.result(self.generator(endpoint, mode, **options))

    def run(self, name, kind, mode, **options):
        """One run against a fresh server."""
        with self.server(name, kind) as (process, endpoint):
            started = time.monotonic()
            result = self.load(endpoint, mode, pid=process.pid, **options)
            with contextlib.suppress(OSError):
                self.count_wait(process, started)
            return result

    def interleave(self, names, run):
        """run(name) for each name and round, in turn forwards and backwards, so that a drift of
        the machine hits all alike. Returns lists of what it returned, by name."""
        results = {name: [] for name in names}
        for turn in range(self.rounds):
            for name in names if turn % 2 == 0 else reversed(names):
                self.say(f"round {turn + 1} of {self.rounds}, {name}")
                results[name].append(run(name))
        return results
