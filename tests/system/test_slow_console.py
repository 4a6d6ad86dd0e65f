# SPDX-License-Identifier: GPL-3.0-or-later
"""A console that is slow, stopped or gone: the peers never notice, and nothing goes silently."""

import os
import random
import re
import select
import socket
import threading
import time

from telex_test import (DEADLINE, Program, Terminal, TestCase, main, program, wait_text_ports)

MIB = 1 << 20
QUIET = 1.0  # seconds without any movement that count as standing still


def writable(fd):
    return bool(select.select([], [fd], [], QUIET)[1])


class SlowCase(TestCase):
    def env(self):
        """Without the address sanitizer's quarantine, which is not the daemon's memory."""
        options = os.environ.get("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=1:exitcode=99")
        return {"ASAN_OPTIONS": options + ":quarantine_size_mb=1"}

    def resident(self, pid):
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def pour(self, one, data):
        """Sends until nothing moves any more; returns how much went."""
        one.setblocking(False)
        sent = 0
        while sent < len(data) and writable(one):
            sent += one.send(data[sent:sent + 65536])
        one.settimeout(DEADLINE)
        return sent

    def converse(self, one, data):
        """Sends and receives until nothing moves any more; returns how much went, what came."""
        one.setblocking(False)
        sent, received = 0, bytearray()
        while len(received) < len(data):
            wants = [one] if sent < len(data) else []
            can_read, can_write, _ = select.select([one], wants, [], QUIET)
            if not can_read and not can_write:
                break
            if can_read:
                received += one.recv(MIB)
            if can_write:
                sent += one.send(data[sent:sent + 65536])
        one.settimeout(DEADLINE)
        return sent, received

    def check_echo(self, one, count=1, size=4):
        """Pings; each comes back."""
        ping = b"p" * size
        for _ in range(count):
            one.sendall(ping)
            self.assertEqual(self.receive(one, size), ping)

    def fill_backlog(self, one, total=6 * MIB):
        """An echo peer talks until the console's backlog must be full, whatever the pipe holds."""
        for _ in range(total // 65536):
            self.check_echo(one, size=65536)

    def start_on_pipe(self, *args, end=None, **keywords):
        """telexd with stdout on a pipe whose reading end the test holds; nobody reads it yet."""
        reading, writing = os.pipe()
        try:
            run = Program(self, [program("TELEXD"), *args], stdout=writing, **keywords)
        finally:
            os.close(writing)
        return run, reading

    def lost_numbers(self, text):
        """The numbers in the lines that say what was not shown."""
        lines = re.findall(r"(?im)^.*\b(?:lost|skipped|not shown)\b.*$", text)
        self.assertTrue(lines, "the console does not say that something is lost")
        return [int(number.replace(",", "")) for line in lines
                for number in re.findall(r"\b\d[\d,]*\b", line)]


class JsonTest(SlowCase):
    """The local --json on a pipe holds the stream peers back."""

    def test_nothing_is_lost_of_several_streams(self):
        path = self.path("a.sock")
        daemon = self.daemon("tcp://127.0.0.1:0", "tcp://127.0.0.1:0?framing=line", f"unix:{path}")
        peers = [self.tcp(daemon.ports[0]), self.tcp(daemon.ports[0])]
        daemon.wait_count(2, "open")
        peers.append(self.tcp(daemon.ports[1]))
        daemon.wait_count(3, "open")
        peers.append(self.unix(path))
        opened = daemon.wait_count(4, "open")
        numbers = {event["remote"].rpartition("/")[2]: event["peer"] for event in opened}
        source = random.Random(1)
        lines = b"".join(source.randbytes(source.randrange(200)).replace(b"\n", b"-") + b"\n"
                         for _ in range(400_000))
        data = {}
        for one in peers[:2]:
            data[numbers["%s:%d" % one.getsockname()]] = source.randbytes(16 * MIB)
        data[3], data[4] = lines, source.randbytes(16 * MIB)
        sockets = {numbers["%s:%d" % one.getsockname()]: one for one in peers[:2]}
        sockets.update({3: peers[2], 4: peers[3]})
        daemon.stdout.pause()
        sent = {number: self.pour(one, data[number]) for number, one in sockets.items()}
        for number in sent:
            self.assertLess(sent[number], len(data[number]), f"peer {number} is not held back")
        senders = [threading.Thread(target=one.sendall, args=(data[number][sent[number]:],))
                   for number, one in sockets.items()]
        for sender in senders:
            sender.start()
        daemon.stdout.resume()
        for sender in senders:
            sender.join()
        for number, one in sockets.items():
            one.shutdown(socket.SHUT_WR)
            daemon.wait("half-close", peer=number)
        for number in sockets:
            self.assertTrue(daemon.data(number) == data[number], f"peer {number}")
        self.assertEqual(daemon.seen("lost"), [])

    def test_the_sender_blocks(self):
        daemon = self.daemon("tcp://127.0.0.1:0", env=self.env())
        one = self.tcp(daemon.port)
        daemon.open()
        before = self.resident(daemon.pid)
        daemon.stdout.pause()
        sent = self.pour(one, bytes(64 * MIB))
        self.assertLess(sent, 32 * MIB)
        self.assertFalse(writable(one))
        self.assertLess(self.resident(daemon.pid) - before, 48 * MIB)
        daemon.stdout.resume()
        daemon.wait_data(1, bytes(sent))
        one.sendall(b"more")
        daemon.wait_count(1, "message", size=4)

    def test_peer_that_comes_while_all_are_held(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        daemon.stdout.pause()
        data = b"0123456789abcdef" * (4 * MIB)
        sent = self.pour(one, data)
        two = self.tcp(daemon.port)
        self.assertLess(self.pour(two, data), len(data), "the newcomer is not held back")
        three = self.tcp(daemon.port)
        three.sendall(b"short")
        three.close()
        daemon.stdout.resume()
        daemon.wait_data(1, data[:sent])
        daemon.wait("message", peer=3, text="short")
        daemon.wait("half-close", peer=3)
        daemon.command("/close 3")
        daemon.wait("close", peer=3)
        self.assertEqual([event["event"] for event in daemon.seen(peer=3)],
                         ["open", "message", "half-close", "close"])

    def test_end_and_reset_while_held(self):
        daemon = self.daemon("tcp://127.0.0.1:0?half-close=0")
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        daemon.wait_count(2, "open")
        daemon.stdout.pause()
        data = b"0123456789abcdef" * (4 * MIB)
        one_sent = self.pour(one, data)
        self.pour(two, data)
        one.close()
        self.reset(two)
        daemon.stdout.resume()
        closed = daemon.wait_count(2, "close")
        numbers = {event["reason"]: event["peer"] for event in closed}
        self.assertEqual(set(numbers), {"eof", "reset"})
        self.assertTrue(daemon.data(numbers["eof"]) == data[:one_sent])
        reset = daemon.data(numbers["reset"])
        self.assertTrue(data.startswith(reset))

    def test_echo_goes_on_afterwards(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        daemon.open()
        daemon.stdout.pause()
        data = random.Random(2).randbytes(24 * MIB)
        sent, received = self.converse(one, data)
        self.assertLess(sent, len(data))
        self.assertLess(len(received), sent)
        daemon.stdout.resume()
        received += self.receive(one, sent - len(received))
        self.assertTrue(received == data[:sent])
        daemon.wait_data(1, data[:sent])
        daemon.wait_data(1, data[:sent], "sent")

    def test_datagrams_are_served_and_counted(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo", "tcp://127.0.0.1:0")
        one, two = self.tcp(daemon.ports[1]), self.udp(daemon.ports[0])
        daemon.open()
        daemon.stdout.pause()
        data = b"0123456789abcdef" * (2 * MIB)
        sent = self.pour(one, data)  # the backlog is full
        for number in range(500):
            datagram = b"%d" % number
            two.send(datagram)
            self.expect(two, datagram)
        newcomers = []
        for _ in range(20):
            newcomers.append(self.udp(daemon.ports[0]))
            newcomers[-1].send(b"new")
            self.expect(newcomers[-1], "new")
        daemon.stdout.resume()
        daemon.wait_data(1, data[:sent])
        stats = daemon.command("/stats")["stats"]
        lost = daemon.seen("lost")
        shown = daemon.seen("message") + daemon.seen("sent")
        self.assertEqual(len(shown) + sum(event["messages"] for event in lost),
                         stats["messages_in"] + stats["messages_out"])
        self.assertGreater(sum(event["messages"] for event in lost), 500)
        opened = len(daemon.seen("open")) + sum(event["events"] for event in lost)
        self.assertEqual(opened, 1 + 1 + 20)
        two.send(b"last")
        daemon.wait("sent", text="last")

    def test_answers_are_not_dropped_and_input_waits(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        one = self.tcp(daemon.port)
        daemon.open()
        daemon.stdout.pause()
        accepted = 0
        stdin = daemon.process.stdin.fileno()
        os.set_blocking(stdin, False)
        while accepted < 200_000 and writable(stdin):
            accepted += os.write(stdin, b"/help\n" * 500) // 6
        self.assertLess(accepted, 200_000, "input is read though nobody reads the answers")
        os.set_blocking(stdin, True)
        asker = threading.Thread(target=os.write, args=(stdin, b"@1 behind them all\n"))
        asker.start()
        self.check_silent(one)
        daemon.stdout.resume()
        asker.join()
        self.expect(one, "behind them all\n")
        daemon.wait("result", command="send")
        answers = [event["input"] for event in daemon.seen("result")]
        self.assertEqual(answers, list(range(1, len(answers) + 1)))
        self.assertGreaterEqual(len(answers), accepted)

    def test_reader_that_goes_lets_the_peers_go_on(self):
        daemon, reading = self.start_on_pipe("--json", "tcp://127.0.0.1:0?reply=echo")
        with open(reading, "rb", buffering=0) as output:
            line = output.readline()
            one = self.tcp(int(re.search(rb"tcp://127\.0\.0\.1:(\d+)", line)[1]))
            sent, received = self.converse(one, bytes(24 * MIB))
        self.assertLess(len(received), sent)
        self.receive(one, sent - len(received))  # held back until nobody read any more
        self.check_echo(one, 20)
        daemon.line("@1 still an operator")
        self.expect(one, "still an operator\n")
        daemon.stop()

    def test_json_on_a_terminal_does_not_hold_back(self):
        daemon = Terminal(self, [program("TELEXD"), "--json", "tcp://127.0.0.1:0?reply=echo"])
        one = self.tcp(wait_text_ports(daemon, 1)[0])
        self.check_echo(one)
        daemon.wait_output('"sent"')
        daemon.stdout.pause()
        self.fill_backlog(one)
        daemon.stdout.resume()
        self.assertIn(b'"messages":', daemon.wait_output('"event":"lost"'))

    def test_answers_come_though_events_are_many(self):
        """A full backlog of events does not put off the answer for ever, nor drop it."""
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none")
        one = self.tcp(daemon.ports[0])
        daemon.open()
        daemon.stdout.pause()
        self.pour(one, b"0123456789abcdef" * (2 * MIB))
        number = daemon.input("/stats")
        daemon.stdout.resume()
        self.assertEqual(daemon.answer(number)["command"], "stats")


class TextTest(SlowCase):
    """A text pipe skips events, and says how many."""

    def test_peers_are_served_all_the_while(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?reply=echo", env=self.env())
        one, two = self.tcp(daemon.port), self.tcp(daemon.port)
        self.check_echo(one)
        self.check_echo(two)
        daemon.wait_output("#2 ")
        before = self.resident(daemon.pid)
        daemon.stdout.pause()
        self.fill_backlog(one, 48 * MIB)
        self.check_echo(two, 200)
        three = self.tcp(daemon.port)
        self.check_echo(three)
        self.assertLess(self.resident(daemon.pid) - before, 32 * MIB)
        daemon.stdout.resume()
        daemon.line("/q1")  # its answer comes behind all that waits
        self.lost_numbers(daemon.wait_output("'/q1'").decode())
        three.sendall(b"END OF IT")
        daemon.wait_output("END OF IT")

    def test_lost_is_counted(self):
        daemon = self.text_daemon("udp://127.0.0.1:0?reply=echo")
        one = self.udp(daemon.port)
        one.send(b"first;")
        self.expect(one, "first;")
        daemon.wait_output("first;")
        daemon.stdout.pause()
        count = 400
        for number in range(count):
            datagram = b"<%d>" % number + b"x" * 10000
            one.send(datagram)
            self.assertEqual(one.recv(20000), datagram)
        daemon.stdout.resume()
        daemon.line("/view size")  # whatever was lost is told before the answer
        daemon.line("/nonsense")
        output = daemon.wait_output("nonsense").decode()
        shown = [int(number) for number in re.findall(r"<(\d+)>", output)]
        self.assertEqual(shown, sorted(shown))
        self.assertEqual(len(re.findall("x{10000}", output)), len(shown), "a message was cut")
        self.assertLess(len(shown), 2 * count)
        self.assertIn(2 * count - len(shown), self.lost_numbers(output))

    def test_answers_are_not_dropped(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        self.check_echo(one)
        daemon.stdout.pause()
        count = 3000
        asker = threading.Thread(target=lambda: [daemon.write(b"/help send\n/q%d\n" % number)
                                                 for number in range(count)])
        asker.start()
        self.fill_backlog(one)
        daemon.stdout.resume()
        asker.join()
        daemon.line("/nonsense-at-the-end")
        output = daemon.wait_output("nonsense-at-the-end").decode()
        numbers = [int(number) for number in re.findall(r"/q(\d+)\b", output)]
        self.assertEqual(numbers, list(range(count)))
        self.assertEqual(len(re.findall(r"(?m)^/send\b", output)), count)

    def test_input_waits(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0?reply=echo")
        one = self.tcp(daemon.port)
        self.check_echo(one)
        daemon.wait_output("#1 ")
        daemon.stdout.pause()
        self.fill_backlog(one)
        stdin = daemon.process.stdin.fileno()
        os.set_blocking(stdin, False)
        accepted = 0
        while accepted < 100_000 and writable(stdin):
            accepted += os.write(stdin, b"/stats\n" * 500) // 7
        self.assertLess(accepted, 100_000, "input is read though nobody reads the answers")
        os.set_blocking(stdin, True)
        asker = threading.Thread(target=os.write, args=(stdin, b"@1 behind them all\n"))
        asker.start()
        self.check_echo(one, 20)
        self.check_silent(one)
        daemon.stdout.resume()
        asker.join()
        self.expect(one, "behind them all\n")
        daemon.wait_output("behind them all")

    def test_reader_that_goes(self):
        daemon, reading = self.start_on_pipe("tcp://127.0.0.1:0?reply=echo")
        with open(reading, "rb", buffering=0) as output:
            line = output.readline()
            one = self.tcp(int(re.search(rb"tcp://127\.0\.0\.1:(\d+)", line)[1]))
            self.fill_backlog(one)
        self.fill_backlog(one, MIB)
        daemon.line("@1 still an operator")
        self.expect(one, "still an operator\n")
        two = self.tcp(one.getpeername()[1])
        self.check_echo(two, 20)
        daemon.stop()
        self.assertEqual(daemon.stderr.copy(), b"telexd: nobody reads stdout any more: no more is "
                                               b"written there\n")

    def test_reader_that_goes_before_the_first_line(self):
        port = self.free_port()
        daemon, reading = self.start_on_pipe(f"tcp://127.0.0.1:{port}?reply=echo", "--view", "size")
        os.close(reading)
        for _ in range(3):
            one = self.connect_soon(port)
            self.check_echo(one, 5)
        daemon.line("@3 x")
        self.expect(one, "x\n")
        daemon.stop()

    def connect_soon(self, port):
        """Connects to a daemon that is just starting; nothing tells when it listens."""
        end = time.monotonic() + DEADLINE
        while True:
            try:
                return self.tcp(port)
            except ConnectionRefusedError:
                self.assertLess(time.monotonic(), end, "nobody listens")

    def test_messages_are_whole_lines(self):
        """What is skipped are whole messages: nothing is torn in two."""
        daemon = self.text_daemon("tcp://127.0.0.1:0?reply=echo&framing=line")
        one = self.tcp(daemon.port)
        one.sendall(b"BEGIN\n")
        self.expect(one, "BEGIN\n")
        daemon.wait_output("BEGIN")
        daemon.stdout.pause()
        for number in range(800):
            line = b"<%d" % number + b"-" * 5000 + b">\n"
            one.sendall(line)
            self.receive(one, len(line))
        daemon.stdout.resume()
        daemon.line("/q1")  # its answer comes behind all that waits
        output = daemon.wait_output("'/q1'").decode()
        self.lost_numbers(output)
        for line in output.splitlines():
            if "<" in line and "-" in line:
                self.assertRegex(line, r"<\d+-{5000}>\\n\Z")


class TerminalTest(SlowCase):
    """A terminal that nobody reads, or that Ctrl-S has stopped."""

    def start(self, *args):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?reply=echo", *args)
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        return daemon, one

    def wait_caught_up(self, daemon):
        """The terminal is read again: waits until it has all, then begins with a clean screen."""
        daemon.stdout.resume()
        daemon.line("/q1")  # its answer comes behind all that waits
        output = daemon.wait_output("'/q1'")
        daemon.drawn = len(output)
        daemon.screen.reset()
        daemon.line("")
        daemon.wait_prompt("#1")
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", output.decode())

    def check_goes_on(self, daemon, one):
        self.wait_caught_up(daemon)
        self.expect(one, "\n")
        one.sendall(b"END OF IT")
        self.expect(one, "END OF IT")
        daemon.wait_seen("END OF IT")
        daemon.line("by hand")
        self.expect(one, "by hand\n")
        daemon.wait_prompt("#1")

    def test_nobody_reads(self):
        daemon, one = self.start()
        daemon.stdout.pause()
        self.fill_backlog(one, 24 * MIB)
        self.check_echo(one, 100)
        two = self.tcp(daemon.port)
        self.check_echo(two, 100)
        self.check_goes_on(daemon, one)

    def test_lost_is_said(self):
        daemon, one = self.start()
        daemon.line("/view hex")
        daemon.wait_prompt("#1")
        daemon.stdout.pause()
        self.fill_backlog(one, 64 * MIB)
        self.lost_numbers(self.wait_caught_up(daemon))

    def test_control_s(self):
        daemon, one = self.start()
        daemon.write("half a line")
        daemon.wait_input("half a line")
        daemon.write("\x13")
        self.fill_backlog(one, 8 * MIB)
        self.check_echo(one, 100)
        daemon.write("\x11")
        self.check_echo(one)
        daemon.wait_input("half a line")
        daemon.write(", and the rest\r")
        self.expect(one, "half a line, and the rest\n")

    def test_typing_into_a_stopped_terminal(self):
        """Ctrl-S stops the output only."""
        daemon, one = self.start()
        daemon.write("\x13")
        for number in range(20):
            daemon.line(f"blind {number}")
            self.expect(one, f"blind {number}\n")
            self.check_echo(one)
        daemon.write("\x11")
        daemon.wait_seen("blind 19")
        self.check_goes_on(daemon, one)

    def test_answers_are_not_dropped(self):
        daemon, one = self.start()
        daemon.stdout.pause()
        self.fill_backlog(one)
        daemon.line("/q2")
        daemon.line("/q3")
        self.check_echo(one, 20)
        daemon.stdout.resume()
        daemon.wait_output("'/q2'")
        daemon.wait_output("'/q3'")
        self.check_goes_on(daemon, one)

    def test_memory_is_bounded(self):
        daemon = self.terminal_daemon("tcp://127.0.0.1:0?reply=echo", env=self.env())
        one = self.tcp(daemon.port)
        daemon.wait_prompt("#1")
        daemon.stdout.pause()
        self.fill_backlog(one, 8 * MIB)
        before = self.resident(daemon.pid)
        self.fill_backlog(one, 40 * MIB)
        for _ in range(3000):
            self.check_echo(one)
        self.assertLess(self.resident(daemon.pid) - before, 16 * MIB)
        self.check_goes_on(daemon, one)


if __name__ == "__main__":
    main()
