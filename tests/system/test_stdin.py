# SPDX-License-Identifier: GPL-3.0-or-later
"""What telexd's standard input and output may be, and how it ends."""

import errno
import os
import resource
import select
import signal
import socket
import subprocess
import time

from telex_test import DEADLINE, Program, TestCase, main, program


class StdinTest(TestCase):
    def check_serves(self, daemon, port=None):
        one = self.tcp(port or daemon.port)
        one.sendall(b"ping")
        self.expect(one, "ping")
        one.close()
        return one

    def check_idle(self, daemon):
        """It uses little processor time while a UDP peer's time runs out: half a second."""
        start, spent = time.monotonic(), daemon.cpu_seconds()
        clock = self.udp(daemon.ports[1])
        clock.send(b"tick")
        peer = daemon.wait("open", transport="udp")["peer"]
        daemon.wait("close", peer=peer, reason="timeout")
        share = (daemon.cpu_seconds() - spent) / (time.monotonic() - start)
        self.assertLess(share, 0.4, "the loop spins")

    ENDPOINTS = ("tcp://127.0.0.1:0?reply=echo", "udp://127.0.0.1:0?reply=none")

    def serving(self, *options, **keywords):
        return self.daemon("--udp-idle-timeout", "0.5", *self.ENDPOINTS, *options, **keywords)

    def test_pipe_that_ends(self):
        daemon = self.serving()
        daemon.command("/listeners")
        daemon.close_stdin()
        self.check_serves(daemon)
        daemon.wait("open", peer=1)
        self.check_idle(daemon)
        daemon.stop()

    def test_idle_with_open_pipe(self):
        daemon = self.serving()
        self.check_serves(daemon)
        self.check_idle(daemon)

    def test_regular_file(self):
        path = self.file("commands", "/listeners\n\n/stats\n/nonsense\n")
        with open(path, "rb") as file:
            daemon = self.serving(stdin=file)
        self.assertEqual(daemon.wait(input=1)["command"], "listeners")
        self.assertEqual(daemon.wait(input=3)["command"], "stats")
        self.assertEqual(daemon.wait(input=4)["event"], "error")
        self.check_serves(daemon)
        self.check_idle(daemon)
        daemon.stop()

    def test_long_regular_file(self):
        path = self.file("commands", "/to -\n" * 5000)
        with open(path, "rb") as file:
            daemon = self.serving("--exit-on-eof", stdin=file)
        daemon.wait_end()
        self.assertEqual([event["input"] for event in daemon.seen("result")],
                         list(range(1, 5001)))

    def test_dev_null(self):
        daemon = self.serving(stdin=subprocess.DEVNULL)
        self.check_serves(daemon)
        self.check_idle(daemon)
        daemon.stop()

    def test_socket(self):
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                daemon = self.serving(stdin=theirs)
            ours.sendall(b"/listeners\n/sta")
            self.assertEqual(daemon.wait(input=1)["command"], "listeners")
            ours.sendall(b"ts\n")
            self.assertEqual(daemon.wait(input=2)["command"], "stats")
        self.check_serves(daemon)
        self.check_idle(daemon)
        daemon.stop()

    def closed(self, redirections, *args):
        return ["sh", "-c", f'exec "$0" "$@" {redirections}', program("TELEXD"), *args]

    def test_closed(self):
        path = self.path("a.sock")
        command = self.closed("<&-", "--json", "--udp-idle-timeout", "0.5", *self.ENDPOINTS,
                              f"unix:{path}?reply=echo")
        run = Program(self, command)
        run.wait_output(path)
        one = self.unix(path)
        for _ in range(3):
            one.sendall(b"ping")
            self.expect(one, "ping")
        run.wait_output("ping")
        run.stop()

    def test_all_closed(self):
        path = self.path("a.sock")
        run = Program(self, self.closed("<&- >&- 2>&-", f"unix:{path}?reply=echo"))
        one = self.wait_unix(path)
        for _ in range(3):
            one.sendall(b"ping")
            self.expect(one, "ping")
        self.assertEqual(run.stdout.copy() + run.stderr.copy(), b"")
        run.stop()

    def test_no_console(self):
        path = self.path("a.sock")
        run = Program(self, [program("TELEXD"), "--no-console", f"unix:{path}?reply=echo"])
        run.write("/shutdown\n")
        one = self.wait_unix(path)
        one.sendall(b"ping")
        self.expect(one, "ping")
        run.close_stdin()
        one.sendall(b"ping")
        self.expect(one, "ping")
        run.stop()
        self.assertEqual((run.stdout.copy(), run.stderr.copy()), (b"", b""))

    def test_no_reader_of_stdout(self):
        reading, writing = os.pipe()
        port = self.free_port()
        args = [program("TELEXD"), "--json", f"tcp://127.0.0.1:{port}?reply=echo"]
        with open(reading, "rb", buffering=0) as output:
            run = Program(self, args, stdout=writing)
            os.close(writing)
            self.assertIn(b"listening", output.read(1000))
            one = self.tcp(port)
            one.sendall(b"ping")
            self.expect(one, "ping")
        for _ in range(5):
            one.sendall(b"ping")
            self.expect(one, "ping")
        two = self.tcp(port)
        two.sendall(b"pong")
        self.expect(two, "pong")
        spent, start = run.cpu_seconds(), time.monotonic()
        for _ in range(50):
            one.sendall(b"ping")
            self.expect(one, "ping")
        self.assertLess(run.cpu_seconds() - spent, time.monotonic() - start + 0.2)
        run.line("@* still an operator")
        self.expect(one, "still an operator\n")
        run.stop()
        self.assertEqual(run.stderr.copy(), b"telexd: nobody reads stdout any more: no more is "
                                            b"written there\n")

    def test_text_console_without_reader(self):
        reading, writing = os.pipe()
        port = self.free_port()
        run = Program(self, [program("TELEXD"), f"tcp://127.0.0.1:{port}?reply=echo"],
                      stdout=writing)
        os.close(writing)
        with open(reading, "rb", buffering=0) as output:
            self.assertIn(str(port).encode(), output.read(1000))
        one = self.tcp(port)
        for _ in range(5):
            one.sendall(b"ping")
            self.expect(one, "ping")
        run.stop()

    def test_stdout_to_a_file(self):
        path = self.path("events")
        with open(path, "wb") as file:
            run = Program(self, [program("TELEXD"), "--json", "--exit-on-eof",
                                 "tcp://127.0.0.1:0"], stdout=file)
        run.line("/listeners")
        run.close_stdin()
        run.wait_end()
        with open(path, "rb") as file:
            text = file.read()
        self.assertIn(b'"listening"', text)
        self.assertIn(b'"result"', text)

    def limited(self):
        """For the program to be: no file may grow beyond 4 KiB."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    def check_unwritable(self, stdout, error, **keywords):
        path = self.path("a.sock")
        with open(stdout, "wb") as file:
            run = Program(self, [program("TELEXD"), "--json", f"unix:{path}?reply=echo"],
                          stdout=file, **keywords)
        one = self.wait_unix(path)
        for _ in range(200):
            one.sendall(b"ping")
            self.expect(one, "ping")
        run.wait_diagnostic(f"telexd: cannot write to stdout: {os.strerror(error)}; ")
        run.line("@1 still an operator")
        self.expect(one, "still an operator\n")
        run.stop()
        self.assertEqual(run.stderr.copy().count(b"cannot write"), 1)

    def test_full_device(self):
        self.check_unwritable("/dev/full", errno.ENOSPC)

    def test_file_that_may_not_grow(self):
        path = self.path("events")
        self.check_unwritable(path, errno.EFBIG, preexec=self.limited)
        with open(path, "rb") as file:
            self.assertEqual(len(file.read()), 4096)

    def test_exit_on_eof(self):
        daemon = self.serving("--exit-on-eof")
        one = self.tcp(daemon.port)
        daemon.wait("open", peer=1)
        daemon.input("@1 the last word")
        daemon.close_stdin()
        self.assertEqual(self.receive_all(one), b"the last word\n")
        daemon.wait_end()
        daemon.wait("close", peer=1, reason="shutdown", sent=14)

    def test_exit_on_eof_of_dev_null(self):
        daemon = self.serving("--exit-on-eof", stdin=subprocess.DEVNULL)
        daemon.wait_end()

    def test_events_after_the_end_of_input(self):
        daemon = self.serving()
        daemon.close_stdin()
        one = self.tcp(daemon.port)
        one.sendall(b"hello")
        daemon.wait("message", peer=1, text="hello")
        self.expect(one, "hello")
        one.close()
        daemon.wait("close", peer=1, reason="eof")

    def test_last_line_without_newline(self):
        for text in ("/listeners", "\n/listeners"):
            daemon = self.serving("--exit-on-eof")
            daemon.write(text)
            daemon.close_stdin()
            daemon.wait_end()
            self.assertEqual(len(daemon.seen("result", command="listeners")), 1)

    def test_line_in_pieces(self):
        daemon = self.serving()
        for piece in ("/li", "sten", "ers\n/st", "ats\n"):
            daemon.write(piece)
        self.assertEqual(daemon.wait(input=1)["command"], "listeners")
        self.assertEqual(daemon.wait(input=2)["command"], "stats")


class EndTest(TestCase):
    def check_clean_end(self, daemon, clients):
        for client in clients:
            if client.type == socket.SOCK_STREAM:
                self.expect_end(client)
        daemon.wait_end(0)
        closed = daemon.seen("close")
        self.assertEqual({event["peer"] for event in closed}, set(range(1, len(clients) + 1)))
        self.assertEqual({event["reason"] for event in closed}, {"shutdown"})

    def check_signal(self, number):
        path = self.path(f"{number}.sock")
        daemon = self.daemon("tcp://127.0.0.1:0", "udp://127.0.0.1:0?reply=none", f"unix:{path}")
        clients = [self.tcp(daemon.ports[0]), self.tcp(daemon.ports[0]), self.unix(path),
                   self.udp(daemon.ports[1])]
        clients[-1].send(b"x")
        daemon.wait_count(len(clients), "open")
        daemon.signal(number)
        self.check_clean_end(daemon, clients)
        self.assertFalse(os.path.exists(path))
        self.assertEqual(daemon.stderr.copy(), b"")

    def test_sigterm(self):
        self.check_signal(signal.SIGTERM)

    def test_sigint(self):
        self.check_signal(signal.SIGINT)

    def test_idle_daemon_stops_at_once(self):
        daemon = self.daemon("--drain", "60", "tcp://127.0.0.1:0", "udp://127.0.0.1:0")
        clients = [self.tcp(daemon.ports[0]) for _ in range(50)]
        daemon.wait_count(50, "open")
        daemon.signal(signal.SIGTERM)
        self.check_clean_end(daemon, clients)

    def test_queues_drain(self):
        daemon = self.daemon("--drain", "20", "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port, receive_buffer=65536)
        daemon.open()
        text = "d" * 900_000
        daemon.command(f"@1 {text}")
        daemon.signal(signal.SIGTERM)
        self.assertEqual(len(self.receive_all(one)), len(text) + 1)
        one.close()
        daemon.wait_end(0)
        daemon.wait("close", peer=1, reason="shutdown", sent=len(text) + 1, unsent=0)

    def stuck(self, drain):
        """A daemon with a peer that does not read what is queued for it."""
        daemon = self.daemon("--drain", drain, "--max-queue", "4M", "tcp://127.0.0.1:0")
        one = self.tcp(daemon.port, receive_buffer=4096)
        daemon.open()
        while not daemon.command("/info 1")["peer"]["queued"]:
            daemon.command("@1 " + "s" * 900_000)
        return daemon, one

    def test_drain_has_an_end(self):
        for drain in ("0", "0.3"):
            daemon, _ = self.stuck(drain)
            daemon.signal(signal.SIGTERM)
            daemon.wait_end(0)
            closed = daemon.wait("close", peer=1, reason="shutdown")
            self.assertGreater(closed["unsent"], 0)

    def test_second_signal_is_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon, _ = self.stuck("60")
            daemon.signal(signal.SIGTERM)
            self.wait_refused(daemon.port)
            daemon.signal(number)
            daemon.wait_end(1)

    def wait_refused(self, port):
        """Waits until nobody listens there any more."""
        end = time.monotonic() + DEADLINE
        while True:
            try:
                self.tcp(port).close()
            except (ConnectionRefusedError, ConnectionResetError):
                return
            self.assertLess(time.monotonic(), end, "the daemon still listens")

    def check_end_unread(self, *options):
        """It ends though its events are not read, after a megabyte or more of them."""
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        path = self.path("a.sock")
        run = Program(self, [program("TELEXD"), *options, "--drain", "0.3",
                             f"unix:{path}?reply=echo"], stdout=writing)
        os.close(writing)
        one = self.wait_unix(path)
        one.setblocking(False)
        sent = 0
        while sent < 4_000_000:
            readable, writable, _ = select.select([one], [one], [], 0.5)
            if not readable and not writable:
                break  # it holds back
            if readable:
                one.recv(1 << 20)
            if writable:
                sent += one.send(b"x" * 65536)
        run.signal(signal.SIGTERM)
        run.wait_end(0)

    def test_ends_though_json_is_not_read(self):
        self.check_end_unread("--json")

    def test_ends_though_text_is_not_read(self):
        self.check_end_unread()

    def test_sigpipe_is_ignored(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        daemon.signal(signal.SIGPIPE)
        one = self.tcp(daemon.port)
        one.sendall(b"x")
        self.expect(one, "x")


if __name__ == "__main__":
    main()
