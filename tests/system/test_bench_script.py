# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/bench: what it makes of the numbers that it measures, and the echo servers that telexd
is compared with, where they are built."""

import contextlib
import io
import os
import socket
import subprocess
import sys
import threading
import unittest
from unittest import mock

from telex_test import DEADLINE, HERE, main

ROWS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "tools", "bench.d")
sys.path.insert(0, ROWS)

import attack_rows
import attacks
import figures
import load_rows
import proxies
import relay_rows
import servers
import state_rows
import table
import tls_rows
from figures import Finding, Target


class ArithmeticTest(unittest.TestCase):
    def test_the_ratio_is_the_median_of_the_rounds(self):
        # The machine was slow in the second round, for both.
        self.assertEqual(figures.ratio([2, 40, 3], [2, 20, 1]), 2)
        self.assertEqual(figures.ratio([1, 2], [1, 1]), 1.5)
        self.assertEqual(figures.ratio([3, 1], [0, 1]), 1, "a round without a value is left out")
        self.assertIsNone(figures.ratio([1], []))

    def test_percentiles_are_values_that_were_measured(self):
        values = list(range(200, 0, -1))
        self.assertEqual(figures.percentile(values, 0.99), 198)
        self.assertEqual(figures.percentile(values, 0.5), 100)
        self.assertEqual(figures.percentile(values, 0), 1)
        self.assertEqual(figures.percentile([7], 0.99), 7)
        self.assertIsNone(figures.percentile([], 0.99))

    def test_a_target_is_met_on_its_very_limit(self):
        self.assertTrue(Target(at_most=1.05).is_met(1.05))
        self.assertFalse(Target(at_most=1.05).is_met(1.0501))
        self.assertTrue(Target(at_least=98).is_met(98))
        self.assertFalse(Target(at_least=98).is_met(97.9))
        self.assertTrue(Target(at_most=0).is_met(0))
        self.assertFalse(Target(at_most=0).is_met(None), "what was not measured is not met")

    def test_the_figure_of_a_finding(self):
        finding = Finding("x", "", {"telexd": [2, 4, 6], "epoll": [1, 4, 2]})
        self.assertEqual(finding.compare("telexd", "epoll").figure, 2)
        self.assertEqual(finding.take("telexd").figure, 4)

    def test_the_exit_status(self):
        good = Finding("good", "", figure=1, target=Target(at_most=1))
        bad = Finding("bad", "", figure=1.2, target=Target(at_most=1))
        free = Finding("free", "", figure=7)
        broken = Finding("broken", "", trouble="it ended")
        self.assertEqual(figures.exit_status([good, free], check=True), 0)
        self.assertEqual(figures.exit_status([good, bad], check=True), 1)
        self.assertEqual(figures.exit_status([good, bad], check=False), 0)
        self.assertEqual(figures.exit_status([good, broken], check=False), 1)
        self.assertEqual([one.verdict for one in (good, bad, free, broken)],
                         ["ok", "missed", "", "failed"])

    def test_json_of_a_finding(self):
        finding = Finding("x", "ms", {"telexd": [1.0]}, figure=1.0, target=Target(at_most=0))
        self.assertEqual(finding.as_json(), {
            "name": "x", "unit": "ms", "figure": 1.0, "target": {"at_most": 0},
            "verdict": "missed", "trouble": None, "values": {"telexd": [1.0]}, "rates": {}})


class RowTest(unittest.TestCase):
    """Rows, with a generator that answers from a list."""

    class Lab:
        quick, rounds = True, 3

        def __init__(self, costs, rates=None, **result):
            self.costs, self.rates, self.result = costs, rates, result
            self.notes = []

        def note(self, text):
            self.notes.append(text)

        def interleave(self, names, run):
            return {name: [run(name) for _ in range(self.rounds)] for name in names}

        def run(self, name, _kind, _mode, **_options):
            rate = self.rates[name] if self.rates else 1
            return {"mismatched": 0, "errors": 0, "lost": 0, "rate": rate, "seconds": 2,
                    "server": {"cpu_per_operation": self.costs[name], "cpu_seconds": 1},
                    "generator": {"cpu_seconds": 1.8}, **self.result}

    def test_cost_and_rate_have_targets_of_their_own(self):
        lab = self.Lab({"telexd": 6.3, "epoll": 6.0, "libevent": 9.0},
                       {"telexd": 130, "epoll": 160, "libevent": 100})
        cost, rate = load_rows.ROWS["echo-1000"][0](lab, "echo-1000")
        self.assertAlmostEqual(cost.figure, 1.05)
        self.assertEqual(cost.rates["telexd"], [130, 130, 130])
        self.assertEqual((rate.name, rate.figure, rate.verdict), ("echo-1000 rate", 1.3, "missed"))
        self.assertIn("telexd 50 and 90 %", lab.notes[0])

    def test_wrong_answers_are_trouble(self):
        lab = self.Lab(dict.fromkeys(table.SERVERS, 1), mismatched=2)
        with self.assertRaisesRegex(servers.Trouble, "telexd answered 2 times wrong"):
            load_rows.ROWS["echo-100"][0](lab, "echo-100")

    def test_one_datagram_lost_in_one_round_is_a_loss(self):
        lab = self.Lab(dict.fromkeys(table.SERVERS, 1))
        lost = iter([0, 1, 0] + [0] * 6)
        with mock.patch.object(lab, "run", lambda *_, **__: {"lost": next(lost), "rate": 1}):
            (finding,) = load_rows.ROWS["udp-loss"][0](lab, "udp-loss")
        self.assertEqual((finding.figure, finding.verdict), (1, "missed"))

    def test_system_calls_are_counted_for_each_send(self):
        calls = state_rows.count_calls(
            "% time     seconds  usecs/call     calls    errors syscall\n"
            "------ ----------- ----------- --------- --------- ----------------\n"
            " 54.84    0.067153           2     30000         8 recvfrom\n"
            " 44.37    0.054330           1     30000           sendto\n"
            "  0.79    0.000971           3      1500           epoll_wait\n"
            "------ ----------- ----------- --------- --------- ----------------\n"
            "100.00    0.122454           1     61500         8 total\n")
        self.assertEqual(calls, {"recvfrom": 30000, "sendto": 30000, "epoll_wait": 1500})
        self.assertEqual(state_rows.calls_per_echo(calls), 2.05)
        with self.assertRaises(servers.Trouble):
            state_rows.calls_per_echo({})


    def test_what_a_relay_costs_in_each_of_its_ways(self):
        lab = self.Lab({"telexd": 10.8, "kept": 12.6, "shown": 20, "epoll": 10})
        row = relay_rows.ROWS["relay-echo-100"][0].__self__
        lab.far_end = lambda: contextlib.nullcontext(1)
        with mock.patch.object(row, "run", lambda lab, name, *_: lab.run(name, "", "")):
            whole, kept, shown = row.measure(lab, "relay")
        self.assertEqual([(one.name, round(one.figure, 3), one.verdict)
                          for one in (whole, kept, shown)],
                         [("relay", 1.08, "ok"), ("relay kept", 1.26, "missed"),
                          ("relay shown", 2, "")])

    def test_tls_is_compared_with_the_same_without(self):
        lab = self.Lab({"telexd": 21.5, "plain": 10, "haproxy": 48})
        row = tls_rows.ROWS["tls-echo-100"][0].__self__
        with mock.patch.object(row, "run_telexd", lambda lab, name: lab.run(name, "", "")), \
                mock.patch.object(row, "others", lambda _: {"haproxy": 48}):
            (finding,) = row.measure(lab, "tls")
        self.assertEqual((finding.figure, finding.verdict), (2.15, "missed"))
        self.assertEqual(lab.notes, ["tls: against telexd without tls, 10.00 µs/op, "
                                     "haproxy in front 4.8 times as much"])

    def test_a_handshake_has_a_figure_of_its_own(self):
        lab = self.Lab({"telexd": 900, "plain": 60})
        row = tls_rows.ROWS["tls-handshake"][0].__self__
        with mock.patch.object(row, "run_telexd", lambda lab, name: lab.run(name, "", "")):
            (finding,) = row.measure(lab, "handshake")
        self.assertEqual(finding.figure, 900)

    def test_proxies_that_fork_are_for_few(self):
        with mock.patch("shutil.which", lambda name: name != "stunnel"):
            self.assertEqual(list(proxies.installed(proxies.TLS, 100, 100)), ["haproxy", "socat"])
            self.assertEqual(list(proxies.installed(proxies.TLS, 101, 100)), ["haproxy"])

    def test_a_proxy_and_its_server_are_one_family(self):
        command = proxies.behind(["echo", "a b"], ["true", "x y"])
        ended = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        self.assertEqual(ended.stdout, b"a b\n")


class AttackTest(unittest.TestCase):
    """The row of attacks, and the process that an attack is."""

    class Lab(RowTest.Lab):
        def __init__(self):
            super().__init__({})

        def say(self, _):
            pass

    def test_one_slow_echo_misses_however_many_were_quick(self):
        self.assertEqual(attack_rows.judge("x", [0.1] * 999 + [50]).verdict, "ok")
        slow = attack_rows.judge("x", [0.1] * 999 + [51])
        self.assertEqual((slow.figure, slow.verdict), (51, "missed"))
        self.assertEqual(slow.values, {"telexd": [51], "median": [0.1]})

    def test_a_scene_that_fails_does_not_cost_the_others(self):
        lab = self.Lab()

        def fails(_):
            raise servers.Trouble("the good peer is gone")
        with mock.patch.dict(attack_rows.SCENES, {"one": fails, "two": lambda _: ([1, 2, 9], 7)},
                             clear=True):
            one, two = attack_rows.ROWS["attacks"][0](lab, "attacks")
        self.assertEqual((one.name, one.verdict, one.trouble),
                         ("attacks one", "failed", "the good peer is gone"))
        self.assertEqual((two.name, two.figure, two.verdict), ("attacks two", 9, "ok"))
        self.assertEqual(lab.notes, ["attacks two: 7 blows, 3 echoes, median 2.000 ms"])

    def test_an_echo_may_stand_between_what_all_are_sent(self):
        ours, its = socket.socketpair()
        with ours, its:
            its.sendall(b"x\nx\n" + attack_rows.MESSAGE + b"x\n")
            self.assertGreaterEqual(attack_rows.echo(ours), 0)
            its.shutdown(socket.SHUT_WR)
            with self.assertRaisesRegex(servers.Trouble, "closed the good peer"):
                attack_rows.echo(ours)

    def test_lost_packets_are_those_of_all_cpus(self):
        self.assertEqual(attack_rows.lost_packets("000000ff 00000010 00000003 00000000\n"
                                                  "00000aff 00000001 00000000 00000000\n"), 17)

    def test_a_full_pipe_takes_nothing(self):
        with attack_rows.full_pipe() as end:
            self.assertTrue(os.get_blocking(end), "as a daemon's stderr is")
            os.set_blocking(end, False)
            with self.assertRaises(BlockingIOError):
                os.write(end, b"x")

    def test_an_attack_goes_on_until_its_end(self):
        def attack(blow, pipe):
            while os.read(pipe, 1):
                blow()
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        self.addCleanup(os.close, writing)
        os.write(writing, b"x")
        with attacks.under(attack, reading) as blows:
            self.assertEqual(blows(), 1)
        self.assertEqual(attacks.FORK.active_children(), [])

    def test_an_attack_that_ends_is_trouble(self):
        with self.assertRaisesRegex(servers.Trouble, "has not begun"):
            with attacks.under(lambda _: None):
                pass
        with self.assertRaisesRegex(servers.Trouble, "has ended with status 3"):
            with attacks.under(lambda blow: (blow(), os._exit(3))):
                for child in attacks.FORK.active_children():
                    child.join(DEADLINE)


class TableTest(unittest.TestCase):
    def test_numbers_keep_what_says_something(self):
        for value, text in [(None, "-"), (0, "0"), (0.01234, "0.012"), (1.0532, "1.05"),
                            (12.34, "12.3"), (161234.5, "161,234"), (100, "100")]:
            self.assertEqual(table.number(value), text)

    def test_lines_stand_under_their_heading(self):
        finding = Finding("echo-100", "µs/op", {"telexd": [6.3, 6.4, 9], "epoll": [6, 6, 6]},
                          {"telexd": [150000.0], "socat": [36000.0]}, target=Target(at_most=1.05))
        heading = table.heading().splitlines()[0]
        line = table.line(finding.compare("telexd", "epoll"))
        for title, text in [("telexd", "6.40"), ("epoll", "6.00"), ("figure", "1.067"),
                            ("target", "<= 1.05"), ("telexd/s", "150,000"), ("socat/s", "36,000")]:
            end = heading.index(title) + len(title)
            self.assertTrue(line[:end].endswith(text), f"{title} in {line!r}")
        self.assertIn(" missed ", line)

    def test_the_table_of_the_readme(self):
        short = Finding("udp-1", "µs/op", {"telexd": [3.8], "epoll": [4.9]},
                        {"telexd": [251903.0], "libevent": [160000.0], "ncat": [7.0]},
                        target=Target(at_most=1)).compare("telexd", "epoll")
        long = Finding("relay-stream-16 kept", "µs/MB", {"telexd": [1000]})
        heading, first, second = table.document([short, long]).splitlines()
        self.assertTrue(heading.endswith("libevent/s"), "the rivals are left out")
        self.assertTrue(first.endswith("160,000"))
        self.assertTrue(second.startswith("relay-stream-16 kept µs/MB"))
        self.assertEqual(len({heading.index("value"), first.index("µs"), second.index("µs")}), 1)

    def test_what_was_missed_is_said_at_the_end(self):
        missed = Finding("churn", "", figure=1.2, target=Target(at_most=1.15))
        broken = Finding("mixed", "", trouble="it ended")
        good = Finding("udp-1", "", figure=0.9, target=Target(at_most=1))
        self.assertEqual(table.footing([missed, broken, good], ["a note"]).splitlines()[1:],
                         ["missed: churn: 1.200, target <= 1.15", "missed: mixed: it ended",
                          "* a note"])

    def test_list_and_usage(self):
        command = [sys.executable, "-B", ROWS]
        names = subprocess.run([*command, "--list"], stdout=subprocess.PIPE, check=True, text=True)
        listed = [line.split()[0] for line in names.stdout.splitlines()]
        for row in ("udp-loss", "memory-tcp", "mixed", "attacks", "tls-echo-100", "relay-stream-16"):
            self.assertIn(row, listed)
        wrong = subprocess.run([*command, "ecco"], stderr=subprocess.PIPE, check=False, text=True)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("no row ecco", wrong.stderr)


class BaselineTest(unittest.TestCase):
    """Both echo servers answer right: more than the socket takes at once, and datagrams."""

    def each(self):
        paths = [path for path in os.environ.get("TELEX_BASELINES", "").split(":") if path]
        if not paths:
            self.skipTest("built without -Dbaseline=enabled")
        return paths

    @contextlib.contextmanager
    def running(self, path, kind="tcp", far=None):
        """Yields the address that it says it listens on."""
        arguments = [kind, "0"] if far is None else ["0", str(far)]
        process = subprocess.Popen([path, *arguments], stdout=subprocess.PIPE, text=True)
        try:
            word, port = process.stdout.readline().split()
            self.assertEqual(word, "listening")
            self.assertTrue(servers.is_listening(kind, int(port)))
            yield "127.0.0.1", int(port)
            self.assertIsNone(process.poll(), "it has ended")
        finally:
            process.terminate()
            process.wait(DEADLINE)
            process.stdout.close()

    def receive(self, client, size):
        got = io.BytesIO()
        while got.tell() < size:
            data = client.recv(1 << 16)
            if not data:
                break
            got.write(data)
        return got.getvalue()

    def check_streams(self, address):
        """Two at once, and an end that comes back."""
        block = bytes(range(256)) * (8 << 12)
        with socket.create_connection(address, DEADLINE) as client, \
                socket.create_connection(address, DEADLINE) as other:
            sending = threading.Thread(target=client.sendall, args=(block,))
            sending.start()
            other.sendall(b"meanwhile")
            self.assertEqual(self.receive(other, 9), b"meanwhile")
            self.assertTrue(self.receive(client, len(block)) == block, "other bytes")
            sending.join()
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(client.recv(1), b"")

    def test_streams(self):
        for path in self.each():
            with self.subTest(path), self.running(path, "tcp") as address:
                self.check_streams(address)

    def test_datagrams(self):
        for path in self.each():
            with self.subTest(path), self.running(path, "udp") as address, \
                    contextlib.ExitStack() as stack:
                clients = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                           for _ in range(3)]
                for number, client in enumerate(clients):
                    client.settimeout(DEADLINE)
                    client.connect(address)
                    client.send(b"")
                    client.send(b"%d" % number)
                for number, client in enumerate(clients):
                    self.assertEqual([client.recv(10), client.recv(10)], [b"", b"%d" % number])
                client.send(bytes(65507))
                self.assertEqual(client.recv(65536), bytes(65507))

    def test_relay(self):
        relay = os.environ.get("TELEX_RELAY")
        if not relay:
            self.skipTest("built without -Dbaseline=enabled")
        with self.running(self.each()[0], "tcp") as (_, far), \
                self.running(relay, far=far) as address:
            self.check_streams(address)

    def test_usage(self):
        for path in self.each():
            for arguments in ([], ["65536"], ["x"], ["sctp", "0"], ["tcp", "0", "0"]):
                with self.subTest(path, arguments=arguments):
                    ended = subprocess.run([path, *arguments], capture_output=True, check=False)
                    self.assertEqual(ended.returncode, 2)
                    self.assertRegex(ended.stderr, rb"^usage: ")


if __name__ == "__main__":
    main()
