# SPDX-License-Identifier: GPL-3.0-or-later
"""telex: on pipes, as JSON Lines, on a terminal."""

import os
import random
import select
import socket
import subprocess

from telex_test import STAMP, Terminal, TestCase, main, name_of, program


class PipedTest(TestCase):
    def serve(self):
        server = self.listener()
        return server, server.getsockname()[1]

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
        far.close()
        self.assertEqual(len(client.wait_output_end()), sent + 5)
        client.close_stdin()
        client.wait_end(None)

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
        client.wait_end(None)


class FailureTest(TestCase):
    def test_refused(self):
        port = self.free_port()
        text = self.refuse_telex([f"127.0.0.1:{port}"], 1, str(port), "refused")
        self.assertIn("127.0.0.1", text)

    def test_refused_udp(self):
        port = self.free_port(socket.SOCK_DGRAM)
        client = self.telex("--wait", "20", f"udp://127.0.0.1:{port}")
        client.line("anyone?")
        client.wait_end(1)
        self.assertRegex(client.stderr.copy(), rb"\Atelex: [^\n]*refused[^\n]*\n\Z")

    def test_connect_timeout(self):
        port = self.full_listener()
        self.refuse_telex(["--connect-timeout", "0.3", f"127.0.0.1:{port}"], 1, str(port))

    def test_no_such_socket(self):
        self.refuse_telex([f"unix:{self.path('none')}"], 1, "none", os.strerror(2))

    def test_no_such_name(self):
        self.refuse_telex(["no-such-host.invalid:1"], 1, "no-such-host.invalid")

    def test_json_too(self):
        port = self.free_port()
        client = self.telex_json("127.0.0.1", port)
        client.wait_end(1)
        self.assertRegex(client.stderr.copy(), rb"\Atelex: [^\n]*refused[^\n]*\n\Z")

    def test_usage(self):
        for args, part in (([], ""), (["127.0.0.1:70000"], "70000"), (["127.0.0.1", "x"], "x"),
                           (["ftp://127.0.0.1:1"], "ftp"), (["--nonsense", "1"], "nonsense"),
                           (["1", "2", "3"], ""), (["::1", "99999"], "99999"),
                           (["tcp://::1:99"], "[::1"),
                           (["--wait", "soon", "127.0.0.1:1"], "soon"),
                           (["--view", "colour", "127.0.0.1:1"], "colour"),
                           (["127.0.0.1:1?colour=red"], "colour"),
                           (["unix:" + "x" * 108], "107")):
            with self.subTest(args=args):
                self.refuse_telex(args, 2, part)

    def test_reset_while_talking(self):
        server = self.listener()
        client = self.telex(f"127.0.0.1:{server.getsockname()[1]}")
        far = self.accept(server)
        client.write("x")
        self.expect(far, "x")
        self.reset(far)
        client.wait_end(None)
        self.assertIn(client.process.returncode, (0, 1))


class UdpTest(TestCase):
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


class JsonTest(TestCase):
    def test_both_ways(self):
        server = self.listener()
        client = self.telex_json("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        opened = client.wait("open", peer=1, transport="tcp")
        self.assertIn(name_of(server), opened["remote"])
        far.sendall("grüß dich\n".encode())
        client.wait("message", peer=1, text="grüß dich\n", size=12)
        far.sendall(b"\xff\x00")
        client.wait("message", peer=1, base64="/wA=")
        self.assertEqual(client.command("hello")["command"], "send")
        client.wait("sent", peer=1, text="hello\n", by="operator")
        self.expect(far, "hello\n")
        client.command('/bytes de ad "x"')
        self.expect(far, b"\xde\xadx")
        info = client.command("/info")["peer"]
        self.assertEqual((info["peer"], info["state"], info["received"], info["sent"]),
                         (1, "open", 14, 9))
        client.command("/help")
        client.command("/view size")
        client.refused("/peers-nonsense", "peers-nonsense")
        client.command("/quit")
        self.expect_end(far)
        client.wait_end(0)
        client.wait("close", peer=1)

    def test_eol(self):
        server = self.listener()
        client = self.telex_json("--eol", "crlf", "127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        client.wait("open")
        client.command("x")
        self.expect(far, "x\r\n")

    def test_file(self):
        server = self.listener()
        client = self.telex_json("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        client.wait("open")
        data = b"f" * 300_000
        client.command(f"/file {self.file('data', data)}")
        self.assertTrue(self.receive(far, len(data)) == data)
        client.wait("file", peer=1, bytes=len(data))

    def test_close(self):
        server = self.listener()
        client = self.telex_json("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        client.wait("open")
        client.command("bye")
        client.command("/close")
        self.assertEqual(self.receive_all(far), b"bye\n")
        far.close()
        client.wait("close", peer=1, sent=4)

    def test_peer_that_ends(self):
        server = self.listener()
        client = self.telex_json(f"tcp://{name_of(server)}?half-close=0")
        far = self.accept(server)
        client.wait("open")
        far.sendall(b"bye")
        far.close()
        client.wait("message", text="bye")
        client.wait("half-close", peer=1)
        client.wait("close", peer=1, reason="eof")
        client.wait_end(0)

    def test_udp(self):
        far = self.udp(bind=("127.0.0.1", 0))
        client = self.telex_json(f"udp://{name_of(far)}")
        client.wait("open", peer=1, transport="udp")
        client.command("no eol")
        data, address = far.recvfrom(100)
        self.assertEqual(data, b"no eol")
        far.sendto(b"", address)
        client.wait("message", peer=1, size=0)
        far.sendto(b"x" * 65507, address)
        client.wait("message", peer=1, size=65507)


class TerminalTest(TestCase):
    def terminal(self, *args, **keywords):
        return Terminal(self, [program("TELEX"), *map(str, args)], **keywords)

    def test_type_and_see(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        terminal = self.terminal("127.0.0.1", daemon.port)
        daemon.open()
        terminal.wait_prompt()
        terminal.line("hello from the keyboard")
        daemon.wait_data(1, "hello from the keyboard\n")
        daemon.command("@1 hello from the switchboard")
        terminal.wait_seen("hello from the switchboard")
        terminal.wait_prompt()
        terminal.write("half a l")
        terminal.wait_input("half a l")
        daemon.command("@1 in between")
        terminal.wait_seen("in between")
        terminal.wait_input("half a l")
        terminal.line("ine")
        daemon.wait_data(1, "hello from the keyboard\nhalf a line\n")

    def test_end_of_file_twice(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        terminal.wait_prompt()
        terminal.line("last words")
        self.expect(far, "last words\n")
        terminal.write(b"\x04")
        self.expect_end(far)  # the first half-closes
        far.sendall(b"still coming\n")
        terminal.wait_seen("still coming")
        terminal.write(b"\x04")
        terminal.wait_end(0)

    def test_end_of_file_is_for_an_empty_prompt(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        terminal.wait_prompt()
        terminal.write("abc\x01\x04")  # at the beginning of the line it deletes a character
        terminal.line("")
        self.expect(far, "bc\n")

    def test_safe_display(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1], env={"NO_COLOR": "1"})
        far = self.accept(server)
        terminal.wait_prompt()
        far.sendall(b"\x1b]0;owned\x07\x1b[31mred\x1b[2J\xffend\n")
        line = terminal.wait_seen("end")
        self.assertIn("\\x1b[31mred\\x1b[2J\\xffend", line)
        raw = terminal.stdout.copy()
        for attack in (b"\x1b]0;owned", b"\x1b[31m", b"\x1b[2J", b"\xff"):
            self.assertNotIn(attack, raw)

    def test_piped_input_shown_on_a_terminal_is_safe(self):
        server = self.listener()
        reading, writing = os.pipe()
        port = server.getsockname()[1]
        terminal = self.terminal_with_stdin(reading, "127.0.0.1", port)
        os.close(reading)
        far = self.accept(server)
        os.write(writing, b"from a pipe")
        os.close(writing)
        self.assertEqual(self.receive_all(far), b"from a pipe")
        far.sendall(b"\x1b[31mred\n")
        far.close()
        terminal.wait_end(0)
        self.assertIn(b"\\x1b[31mred", terminal.stdout.copy())
        self.assertNotIn(b"\x1b[31mred", terminal.stdout.copy())

    def terminal_with_stdin(self, fd, *args, options=""):
        command = f'exec "$0" {options} "$@" <&{fd}'
        os.set_inheritable(fd, True)
        return Terminal(self, ["sh", "-c", command, program("TELEX"), *map(str, args)],
                        pass_fds=(fd,))

    def test_raw(self):
        server = self.listener()
        reading, writing = os.pipe()
        terminal = self.terminal_with_stdin(reading, "127.0.0.1", server.getsockname()[1],
                                            options="--raw")
        os.close(reading)
        far = self.accept(server)
        far.sendall(b"\x1b[31mred")
        terminal.wait_output(b"\x1b[31mred")
        os.close(writing)
        far.close()
        terminal.wait_end(0)

    def test_quit(self):
        server = self.listener()
        terminal = self.terminal("127.0.0.1", server.getsockname()[1])
        far = self.accept(server)
        terminal.wait_prompt()
        terminal.line("/quit")
        self.expect_end(far)
        terminal.wait_end(0)

    def test_peer_that_ends(self):
        server = self.listener()
        terminal = self.terminal(f"tcp://{name_of(server)}?half-close=0")
        far = self.accept(server)
        terminal.wait_prompt()
        far.sendall(b"goodbye.")
        far.close()
        terminal.wait_seen("goodbye.")
        terminal.wait_end(0)

    def test_udp(self):
        far = self.udp(bind=("127.0.0.1", 0))
        terminal = self.terminal(f"udp://{name_of(far)}")
        terminal.wait_prompt()
        terminal.line("hello")
        data, address = far.recvfrom(100)
        self.assertEqual(data, b"hello")
        far.sendto(b"well met.", address)
        terminal.wait_seen("well met.")
        terminal.write("\x04")
        far.sendto(b"late.", address)
        terminal.write("\x04")
        terminal.wait_end(0)

    def test_refused(self):
        terminal = self.terminal(f"127.0.0.1:{self.free_port()}")
        terminal.wait_end(1)
        self.assertRegex(terminal.stderr.copy(), rb"\Atelex: [^\n]*refused[^\n]*\n\Z")


if __name__ == "__main__":
    main()
