# SPDX-License-Identifier: GPL-3.0-or-later
"""telex between pipes: every byte both ways, what ends it, and nothing lost unsaid."""

import fcntl
import os
import random
import re
import select
import signal
import socket
import struct
import subprocess
import termios
import threading
import time

from telex_test import DEADLINE, STAMP, Program, TestCase, main, name_of, program


def unread(port):
    """Bytes that wait in the UDP socket of that port, as the kernel counts them."""
    with open("/proc/net/udp", encoding="ascii") as table:
        for line in table.readlines()[1:]:
            _, local, _, _, queues, *_ = line.split()
            if int(local.split(":")[1], 16) == port:
                return int(queues.split(":")[1], 16)
    raise AssertionError(f"no UDP socket has port {port}")


class PipeCase(TestCase):
    def serve(self, **keywords):
        server = self.listener(**keywords)
        return server, server.getsockname()[1]

    def wait_taken(self, port):
        """Waits until all that came to the UDP socket of that port was received."""
        end = time.monotonic() + DEADLINE
        while unread(port) > 0:
            self.assertLess(time.monotonic(), end, "datagrams stay unread")

    def check_said(self, client, pattern):
        """It said one line, and that is it. Returns the match."""
        text = client.stderr.copy().decode()
        found = re.fullmatch(rf"telex: {pattern}\n", text)
        self.assertIsNotNone(found, client.transcript())
        return found

    def with_closed(self, redirections, *args):
        return Program(self, ["sh", "-c", f'exec "$0" "$@" {redirections}', program("TELEX"),
                              *map(str, args)], stdin=subprocess.DEVNULL)

    def stalled(self, size):
        """A client that sends a file of so many bytes, of which the peer took a few."""
        server, port = self.serve(receive_buffer=65536)
        data = random.Random(7).randbytes(size)
        with open(self.file("data", data), "rb") as stdin:
            client = self.telex(f"127.0.0.1:{port}", stdin=stdin)
        far = self.accept(server)
        self.assertEqual(self.receive(far, 100_000), data[:100_000])
        return client, far, data


class BytesTest(PipeCase):
    def test_both_directions_byte_for_byte(self):
        server, port = self.serve()
        client = self.telex(f"tcp://127.0.0.1:{port}")
        far = self.accept(server)
        there, back = bytes(range(256)) * 300, random.Random(3).randbytes(300_000)
        client.write(there)
        self.assertEqual(self.receive(far, len(there)), there)
        far.sendall(back)
        client.wait_output(back)
        client.close_stdin()
        self.expect_end(far)  # nothing was added
        far.sendall(b"after your end")
        far.close()
        client.wait_end(0)
        self.assertEqual(client.stdout.copy(), back + b"after your end")
        self.assertEqual(client.stderr.copy(), b"")

    def test_commands_are_data(self):
        server, port = self.serve()
        client = self.telex("127.0.0.1", port)
        far = self.accept(server)
        text = b"/quit\n@1 x\n\n//x\n/bytes 00\nno newline at the end"
        client.write(text)
        client.close_stdin()
        self.assertEqual(self.receive_all(far), text)
        far.close()
        client.wait_end(0)

    def test_output_comes_before_input(self):
        server, port = self.serve()
        client = self.telex(port)
        far = self.accept(server)
        far.sendall(b"welcome")
        client.wait_output("welcome")

    def test_peer_that_ends_first(self):
        server, port = self.serve()
        client = self.telex(f"127.0.0.1:{port}", stdin=subprocess.DEVNULL)
        far = self.accept(server)
        self.expect_end(far)
        far.sendall(b"goodbye")
        far.close()
        client.wait_end(0)
        self.assertEqual(client.stdout.copy(), b"goodbye")

    def test_regular_file_both_ways(self):
        server, port = self.serve()
        data = random.Random(4).randbytes(2_000_000)
        source, sink = self.file("source", data), self.path("sink")
        with open(source, "rb") as stdin, open(sink, "wb") as stdout:
            client = self.telex(f"127.0.0.1:{port}", stdin=stdin, stdout=stdout)
        far = self.accept(server)
        self.assertTrue(self.receive_all(far) == data)
        far.sendall(data)
        far.close()
        client.wait_end(0)
        with open(sink, "rb") as file:
            self.assertTrue(file.read() == data)

    def test_peer_that_reads_slowly(self):
        server = self.listener(receive_buffer=65536)
        data = random.Random(6).randbytes(12_000_000)  # more than all buffers on the way
        with open(self.file("big", data), "rb") as stdin:
            client = self.telex(f"tcp://{name_of(server)}", stdin=stdin)
        far = self.accept(server)
        far.sendall(b"x" * 100_000)
        client.wait_output(b"x" * 100_000)  # while its own sending stands still
        self.assertTrue(self.receive_all(far) == data)
        far.close()
        client.wait_end(0)

    def test_output_that_is_not_read_holds_the_peer_back(self):
        server, port = self.serve()
        client = self.telex(f"127.0.0.1:{port}")
        far = self.accept(server)
        far.sendall(b"begin")
        client.wait_output("begin")
        client.stdout.pause()
        far.setblocking(False)
        sent = 0
        while sent < 64_000_000 and select.select([], [far], [], 1)[1]:
            sent += far.send(b"x" * 65536)
        self.assertLess(sent, 64_000_000, "it is read without bound")
        client.stdout.resume()
        client.close_stdin()
        far.close()
        self.assertEqual(len(client.wait_output_end()), sent + 5)
        client.wait_end(0)

    def test_against_telexd(self):
        daemon = self.daemon("tcp://127.0.0.1:0?reply=echo")
        data = random.Random(5).randbytes(100_000)
        self.assertEqual(self.run_telex("127.0.0.1", daemon.port, data=data), data)
        daemon.wait("close", peer=1, reason="eof", received=100_000, sent=100_000)

    def test_operator_answers_after_the_end_of_input(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        client = self.telex("127.0.0.1", daemon.port)
        client.write("question")
        client.close_stdin()
        daemon.wait("half-close", peer=1)
        daemon.command("@1 answer")
        daemon.command("/close 1")
        client.wait_end(0)
        self.assertEqual(client.stdout.copy(), b"answer\n")

    def test_ipv6(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        server = self.listener("::1")
        client = self.telex(f"[::1]:{server.getsockname()[1]}")
        client.write("x")
        client.close_stdin()
        far = self.accept(server)
        self.assertEqual(self.receive_all(far), b"x")
        far.close()
        client.wait_end(0)

    def test_name(self):
        server, port = self.serve()
        client = self.telex("localhost", port)
        far = self.accept(server)
        far.sendall(b"x")
        client.wait_output("x")

    def test_bind(self):
        server, port = self.serve()
        self.telex("--bind", "127.0.0.5", f"127.0.0.1:{port}")
        far = self.accept(server)
        self.assertEqual(far.getpeername()[0], "127.0.0.5")

    def test_unix(self):
        path = self.path("a.sock")
        server = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(path)
        server.listen()
        client = self.telex(f"unix:{path}")
        far = self.accept(server)
        client.write("hello")
        client.close_stdin()
        self.assertEqual(self.receive_all(far), b"hello")
        far.sendall(b"world")
        far.close()
        client.wait_end(0)
        self.assertEqual(client.stdout.copy(), b"world")

    def test_stdout_closed(self):
        server, port = self.serve()
        reading, writing = os.pipe()
        os.close(reading)
        client = self.telex(f"127.0.0.1:{port}", stdout=writing)
        os.close(writing)
        far = self.accept(server)
        client.write("still sent")
        client.close_stdin()
        self.expect(far, "still sent")
        far.close()
        client.wait_end(0)  # nothing came that could not be written


class PeerEndsTest(PipeCase):
    def test_input_goes_on(self):
        server, port = self.serve()
        endless, bounded = self.telex(port), self.telex("--wait", "1.5", port)
        peers = [self.accept(server) for _ in range(2)]
        for far in peers:
            far.sendall(b"bye")
            far.shutdown(socket.SHUT_WR)
        bounded.wait_end(0)  # so long was nothing said
        self.assertEqual(bounded.stderr.copy(), b"")
        endless.write("late")
        endless.close_stdin()
        self.assertEqual(sorted(self.receive_all(far) for far in peers), [b"", b"late"])
        endless.wait_end(0)
        self.assertEqual(endless.stdout.copy(), b"bye")

    def test_wait_begins_anew_with_each_byte(self):
        server, port = self.serve()
        client = self.telex("--wait", "4", port)
        far = self.accept(server)
        far.shutdown(socket.SHUT_WR)
        for text in "abcde":
            client.write(text)
            self.expect(far, text)
            select.select([far], [], [], 1)
        client.close_stdin()
        self.expect_end(far)
        client.wait_end(0)

    def test_big_input_after_the_end(self):
        server, port = self.serve(receive_buffer=65536)
        data = random.Random(8).randbytes(8_000_000)
        client = self.telex(f"127.0.0.1:{port}", stdin=subprocess.PIPE)
        far = self.accept(server)
        far.shutdown(socket.SHUT_WR)
        writer = threading.Thread(target=lambda: (client.write(data), client.close_stdin()))
        writer.start()
        self.assertTrue(self.receive_all(far) == data)
        writer.join()
        client.wait_end(0)

    def test_it_waits_until_all_has_arrived(self):
        path = self.path("a.sock")
        server = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(path)
        server.listen()
        client = self.telex(f"unix:{path}")
        far = self.accept(server)
        far.shutdown(socket.SHUT_WR)
        client.write("not read yet")
        client.close_stdin()
        select.select([far], [], [])
        with self.assertRaises(subprocess.TimeoutExpired):
            client.process.wait(1)
        self.assertEqual(self.receive_all(far), b"not read yet")
        client.wait_end(0)

    def test_half_close_key_bounds_it(self):
        server, port = self.serve()
        client = self.telex(f"tcp://127.0.0.1:{port}?half-close=0.2")
        far = self.accept(server)
        far.shutdown(socket.SHUT_WR)
        self.expect_end(far)
        client.wait_end(0)


class RefusedTest(PipeCase):
    """The peer takes no more, and there is more."""

    def test_reset_with_bytes_on_their_way(self):
        client, far, data = self.stalled(12_000_000)
        self.reset(far)
        client.wait_end(1)
        lost = self.check_said(client, r"tcp://127\.0\.0\.1:\d+: Connection reset by peer; "
                                       r"at least (\d+) bytes were not delivered")
        self.assertGreater(int(lost[1]), len(data) - 1_000_000)
        self.assertLess(int(lost[1]), len(data))

    def test_last_words_before_the_reset(self):
        """What had arrived before the reset is written, though it is met by a write."""
        client, far, _ = self.stalled(12_000_000)
        far.sendall(b"x" * 4_000_000)  # the client's kernel takes more at a time from here on
        self.wait_size(client, 4_000_000)
        client.signal(signal.SIGSTOP)
        far.setblocking(False)
        sent = 4_000_000
        while select.select([], [far], [], 0.5)[1]:
            sent += far.send(b"x" * 65536)
        arrived = sent - self.unacknowledged(far)
        self.reset(far)
        client.signal(signal.SIGCONT)
        client.wait_end(1)
        self.assertGreaterEqual(len(client.stdout.copy()), arrived)

    def wait_size(self, client, size):
        client.until(lambda: len(client.stdout.data) >= size or None, f"{size} bytes")

    @staticmethod
    def unacknowledged(one):
        return struct.unpack("i", fcntl.ioctl(one, termios.TIOCOUTQ, bytes(4)))[0]

    def test_a_few_bytes_after_the_end(self):
        server, port = self.serve()
        client = self.telex(port)
        self.accept(server).close()
        client.write("few")
        client.close_stdin()
        client.wait_end(1)
        self.check_said(client, r"tcp://\S+: Connection reset by peer; "
                                r"(at least )?3 bytes were not delivered")

    def test_endless_input(self):
        server, port = self.serve()
        client = Program(self, ["sh", "-c", 'yes | exec "$0" "$@"', program("TELEX"),
                                str(port)])
        far = self.accept(server)
        self.expect(far, b"y\n" * 1000)
        far.close()
        client.wait_end(1)
        self.check_said(client, r"\S+: Connection reset by peer; at least \d+ bytes were not "
                                r"delivered")

    def test_reset_with_nothing_on_its_way(self):
        server, port = self.serve()
        client = self.telex(port)
        far = self.accept(server)
        client.write("x")
        self.expect(far, "x")
        self.reset(far)
        client.wait_end(1)
        self.check_said(client, r"\S+: Connection reset by peer")

    def test_unix_peer_that_does_not_read(self):
        path = self.path("a.sock")
        server = self.make_socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(path)
        server.listen()
        client = self.telex(f"unix:{path}")
        far = self.accept(server)
        client.write("not read")
        client.close_stdin()
        select.select([far], [], [])
        far.close()
        client.wait_end(1)
        self.check_said(client, r"unix:\S+: Connection reset by peer.*")


class OutputTest(PipeCase):
    """stdout takes no more, and there is more."""

    def peer_says(self, client, server, data=b"hello"):
        far = self.accept(server)
        far.sendall(data)
        far.close()
        client.wait_end(1)

    def test_full_disk(self):
        server, port = self.serve()
        with open("/dev/full", "wb", buffering=0) as full:
            client = self.telex(port, stdin=subprocess.DEVNULL, stdout=full)
        self.peer_says(client, server)
        self.check_said(client, "cannot write to stdout: No space left on device; 5 bytes were "
                                "not written")

    def test_reader_that_went_away(self):
        server, port = self.serve()
        reading, writing = os.pipe()
        os.close(reading)
        client = self.telex(port, stdin=subprocess.DEVNULL, stdout=writing)
        os.close(writing)
        self.peer_says(client, server)
        self.check_said(client, "cannot write to stdout: Broken pipe; 5 bytes were not written")

    def test_reader_that_has_enough(self):
        server, port = self.serve()
        reading, writing = os.pipe()
        client = self.telex(port, stdin=subprocess.DEVNULL, stdout=writing)
        os.close(writing)
        far = self.accept(server)
        far.sendall(b"a line\n" * 100_000)
        self.assertEqual(os.read(reading, 7), b"a line\n")
        os.close(reading)
        client.wait_end(1)
        self.check_said(client, r"cannot write to stdout: Broken pipe; \d+ bytes were not written")

    def test_reader_that_has_enough_while_input_goes_on(self):
        server, port = self.serve()
        reading, writing = os.pipe()
        client = self.telex(port, stdout=writing)
        os.close(writing)
        os.close(reading)
        far = self.accept(server)
        client.write("question")
        self.expect(far, "question")
        far.sendall(b"answer")
        self.expect_end(far)
        client.wait_end(1)
        self.check_said(client, "cannot write to stdout: Broken pipe; 6 bytes were not written")

    def test_json_without_a_reader(self):
        server, port = self.serve()
        reading, writing = os.pipe()
        os.close(reading)
        client = self.telex("--json", port, stdout=writing)
        os.close(writing)
        self.expect_end(self.accept(server))
        client.wait_end(1)
        self.check_said(client, "cannot write to stdout: Broken pipe")

    def test_closed(self):
        server, port = self.serve()
        client = self.with_closed(">&-", port)
        self.peer_says(client, server)
        self.check_said(client, "cannot write to stdout: Bad file descriptor; 5 bytes were not "
                                "written")

    def test_closed_and_not_needed(self):
        server, port = self.serve()
        client = self.with_closed(">&-", port)
        self.accept(server).close()
        client.wait_end(0)
        self.assertEqual(client.stderr.copy(), b"")


class InputTest(PipeCase):
    def test_directory(self):
        server, port = self.serve()
        directory = os.open("/", os.O_RDONLY)
        client = self.telex(port, stdin=directory)
        os.close(directory)
        far = self.accept(server)
        self.expect_end(far)
        far.sendall(b"answer")
        far.close()
        client.wait_end(1)
        self.check_said(client, "cannot read stdin: Is a directory")
        self.assertEqual(client.stdout.copy(), b"answer")

    def test_closed(self):
        server, port = self.serve()
        client = self.with_closed("<&-", port)
        far = self.accept(server)
        self.expect_end(far)
        far.sendall(b"answer")
        far.close()
        client.wait_end(0)
        self.assertEqual((client.stdout.copy(), client.stderr.copy()), (b"answer", b""))

    def test_socket(self):
        server, port = self.serve()
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        client = self.telex(port, stdin=theirs, stdout=theirs)
        theirs.close()
        far = self.accept(server)
        ours.sendall(b"there")
        self.expect(far, "there")
        far.sendall(b"back")
        self.assertEqual(self.receive(ours, 4), b"back")
        ours.shutdown(socket.SHUT_WR)
        self.expect_end(far)
        far.close()
        client.wait_end(0)

    def test_socket_that_is_reset(self):
        server, port = self.serve()
        inner, inner_port = self.serve()
        theirs = self.tcp(inner_port)
        ours = self.accept(inner)
        client = self.telex(port, stdin=theirs)
        theirs.close()
        far = self.accept(server)
        ours.sendall(b"there")
        self.expect(far, "there")
        self.reset(ours)
        self.expect_end(far)
        far.close()
        client.wait_end(1)
        self.check_said(client, "cannot read stdin: Connection reset by peer")


class SignalTest(PipeCase):
    NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def test_it_dies_by_the_signal(self):
        for number in self.NUMBERS:
            with self.subTest(number=number):
                server, port = self.serve()
                client = self.telex(port)
                far = self.accept(server)
                far.sendall(b"there")
                client.wait_output("there")
                client.signal(number)
                self.expect_end(far)
                client.wait_end(-number)
                self.assertEqual(client.stderr.copy(), b"")

    def test_while_it_calls(self):
        for number in self.NUMBERS:
            client = self.telex("--reconnect", self.free_port())
            client.wait_diagnostic("trying again")
            client.signal(number)
            client.wait_end(-number)

    def test_in_the_middle_of_a_file(self):
        client, far, data = self.stalled(12_000_000)
        client.signal(signal.SIGTERM)
        rest = self.receive_all(far)
        self.assertTrue(data.startswith(data[:100_000] + rest))
        client.wait_end(-signal.SIGTERM)
        lost = self.check_said(client, r"at least (\d+) bytes were not delivered")
        self.assertGreaterEqual(int(lost[1]), len(data) - 100_000 - len(rest))

    def insist(self, client, number):
        while client.process.poll() is None:
            client.signal(number)
            try:
                client.process.wait(0.2)
            except subprocess.TimeoutExpired:
                pass
        client.wait_end(-number)

    def test_said_again(self):
        client, far, _ = self.stalled(12_000_000)
        self.insist(client, signal.SIGINT)
        self.check_said(client, r"at least \d+ bytes were not delivered")
        far.close()

    def test_while_the_reader_of_output_stands_still(self):
        server, port = self.serve()
        client = self.telex(port, stdin=subprocess.DEVNULL)
        client.stdout.pause()
        far = self.accept(server)
        far.sendall(b"x" * 400_000)
        self.expect_end(far)
        far.close()
        self.insist(client, signal.SIGTERM)
        self.check_said(client, r"\d+ bytes were not written")

    def test_ignored_ones_stay_ignored(self):
        for number in self.NUMBERS:
            server, port = self.serve()
            client = self.telex(port, preexec=lambda: signal.signal(number, signal.SIG_IGN))
            far = self.accept(server)
            client.signal(number)
            client.write("there")
            self.expect(far, "there")
            client.close_stdin()
            self.expect_end(far)
            far.close()
            client.wait_end(0)


class EolTest(PipeCase):
    def translated(self, eol, *pieces, key=False):
        """What a peer gets of these pieces."""
        server, port = self.serve()
        where = f"tcp://127.0.0.1:{port}"
        client = self.telex(f"{where}?eol={eol}") if key else self.telex("-e", eol, where)
        far = self.accept(server)
        got = b""
        for piece in pieces:
            client.write(piece)
            got += far.recv(1000) if piece != b"\n" else b""
        client.close_stdin()
        got += self.receive_all(far)
        far.close()
        client.wait_end(0)
        return got

    def test_each_newline(self):
        text = b"one\n\ntwo\r\nend"
        for eol, wanted in (("crlf", b"one\r\n\r\ntwo\r\nend"), ("nul", b"one\0\0two\r\0end"),
                            ("none", b"onetwo\rend"), ("lf", text)):
            with self.subTest(eol=eol):
                self.assertEqual(self.translated(eol, text), wanted)

    def test_cut_anywhere(self):
        self.assertEqual(self.translated("crlf", b"one\r", b"\n", b"two\n"), b"one\r\ntwo\r\n")

    def test_as_a_key(self):
        self.assertEqual(self.translated("crlf", b"one\n", key=True), b"one\r\n")

    def test_a_big_file(self):
        server, port = self.serve()
        data = b"".join(b"%d\n" % number for number in range(300_000))
        with open(self.file("lines", data), "rb") as stdin:
            client = self.telex("--eol", "crlf", f"127.0.0.1:{port}", stdin=stdin)
        far = self.accept(server)
        self.assertTrue(self.receive_all(far) == data.replace(b"\n", b"\r\n"))
        far.close()
        client.wait_end(0)


class UdpTest(PipeCase):
    def test_lines_are_datagrams(self):
        far = self.udp(bind=("127.0.0.1", 0))
        client = self.telex("--wait", "20", f"udp://{name_of(far)}")
        client.write("one\n\ntwo words\nlast")
        client.close_stdin()
        for wanted in (b"one", b"", b"two words", b"last"):
            data, address = far.recvfrom(1 << 16)
            self.assertEqual(data, wanted)
        far.sendto(b"answer", address)
        far.sendto(b"", address)
        far.sendto(b"more", address)
        client.wait_output("answermore")

    def test_eol_puts_the_newline_back(self):
        far = self.udp(bind=("127.0.0.1", 0))
        self.run_telex("-e", "lf", "--wait", "0.1", f"udp://{name_of(far)}", data=b"one\n\ntwo\n")
        for wanted in (b"one\n", b"\n", b"two\n"):
            self.expect(far, wanted)
        self.check_silent(far)

    def test_whole(self):
        far = self.udp(bind=("127.0.0.1", 0))
        for data in (b"one\ntwo\n", b"w" * 65507, b"\0\n\xff"):
            self.run_telex("--whole", "--wait", "0.1", f"udp://{name_of(far)}", data=data)
            self.expect(far, data)
            self.check_silent(far)

    def test_wait_after_the_last_datagram(self):
        daemon = self.daemon("udp://127.0.0.1:0")
        output = self.run_telex("--wait", "0.5", f"udp://127.0.0.1:{daemon.port}", data=b"hi\n")
        self.assertRegex(output, rb"\A" + STAMP + rb"hi\Z")

    def test_every_answer(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo")
        lines = [b"line %d" % number for number in range(30)]
        output = self.run_telex("--wait", "0.5", f"udp://127.0.0.1:{daemon.port}",
                                data=b"\n".join(lines) + b"\n")
        self.assertEqual(output, b"".join(lines))

    def test_only_the_peer_is_heard(self):
        far, stranger = self.udp(bind=("127.0.0.1", 0)), self.udp()
        client = self.telex("--wait", "20", f"udp://{name_of(far)}")
        client.line("x")
        _, address = far.recvfrom(100)
        stranger.sendto(b"intruder", address)
        far.sendto(b"answer", address)
        self.assertEqual(client.wait_output("answer"), b"answer")

    def test_largest_answer(self):
        daemon = self.daemon("udp://127.0.0.1:0?reply=echo")
        data = b"l" * 65507
        self.assertEqual(self.run_telex("--wait", "0.5", f"udp://127.0.0.1:{daemon.port}",
                                        data=data + b"\n"), data)


class UdpLossTest(PipeCase):
    def test_lines_that_are_too_long(self):
        far = self.udp(bind=("127.0.0.1", 0))
        client = self.telex("--wait", "0.1", f"udp://{name_of(far)}")
        client.write(b"one\n" + (b"l" * 65508 + b"\n") * 3 + b"five")
        client.close_stdin()
        client.wait_end(1)
        self.expect(far, "one")
        self.expect(far, "five")
        self.assertEqual(client.stderr.copy(),
                         b"telex: line 2 is too long: a datagram holds at most 65507 bytes\n"
                         b"telex: 2 datagrams were not sent\n")

    def test_whole_that_is_too_long(self):
        far = self.udp(bind=("127.0.0.1", 0))
        client = self.telex("--whole", "--wait", "0.1", f"udp://{name_of(far)}")
        client.write(b"l" * 65508)
        client.close_stdin()
        client.wait_end(1)
        self.check_said(client, "the input is too long: a datagram holds at most 65507 bytes")
        self.check_silent(far)

    def test_refused(self):
        for wait in ("0", "20"):
            with self.subTest(wait=wait):
                port = self.free_port(socket.SOCK_DGRAM)
                client = self.telex("--wait", wait, f"udp://127.0.0.1:{port}")
                client.line("anyone?")
                client.close_stdin()
                client.wait_end(1)
                self.check_said(client, r"udp://127\.0\.0\.1:\d+: Connection refused")

    def test_answers_that_nobody_reads(self):
        far = self.udp(bind=("127.0.0.1", 0))
        client = self.telex("--wait", "20", f"udp://{name_of(far)}")
        client.line("go")
        _, address = far.recvfrom(100)
        client.stdout.pause()
        answers = [b"x" * 10_000] * 400  # more than a pipe and the queue hold
        for answer in answers:
            far.sendto(answer, address)
            client.line("more")
            far.recv(100)
        client.stdout.resume()
        while b"end" not in client.stdout.copy():
            answers.append(b"end")
            far.sendto(b"end", address)
            client.line("more")
            far.recv(100)
        self.wait_taken(address[1])
        client.signal(signal.SIGTERM)
        client.wait_end(-signal.SIGTERM)
        lost = self.check_said(client, r"(\d+) bytes were not written")
        self.assertEqual(len(client.stdout.copy()) + int(lost[1]), sum(map(len, answers)))


if __name__ == "__main__":
    main()
