# SPDX-License-Identifier: GPL-3.0-or-later
"""The four programs that Telex comes from, each against its counterpart in Telex."""

import os
import re
import sys
import time

from telex_test import HERE, STAMP, Program, TestCase, main


class SeedTest(TestCase):
    def seed(self, name, *args, **keywords):
        path = os.path.join(HERE, "seed", name + ".py")
        return Program(self, [sys.executable, "-B", path, *map(str, args)], **keywords)

    def seed_server(self, name):
        """A seed server on a free port, and that port."""
        server = self.seed(name, "127.0.0.1", 0)
        text = server.wait_output(b"\n")
        return server, int(re.match(rb"port (\d+)\n", text)[1])


class TcpClientTest(SeedTest):
    """The seed's TCP client calls telexd."""

    def test_operator_answers_by_send(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        client = self.seed("tcp_client", "127.0.0.1", daemon.port)
        for number in range(3):
            client.line(f"question {number}")
            daemon.wait("message", peer=1, text=f"question {number}")
            daemon.command(f"/send 1 answer {number}")
            client.wait_output(f"answer {number}\n")
        daemon.command("/close 1")
        client.line("into the void")
        client.wait_end()

    def test_operator_answers_by_plain_text(self):
        daemon = self.text_daemon("tcp://127.0.0.1:0")
        client = self.seed("tcp_client", "127.0.0.1", daemon.port)
        client.line("what is the time?")
        daemon.wait_output("what is the time?")
        daemon.line("time for tea")
        client.wait_output("time for tea\n")
        client.line("thanks")
        daemon.wait_output("thanks")

    def test_two_clients_at_once_in_any_order(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        clients = []
        for number in (1, 2):
            clients.append(self.seed("tcp_client", "127.0.0.1", daemon.port))
            daemon.wait("open", peer=number)
        for number in (2, 1):
            clients[number - 1].line(f"I am {number}")
        for number in (1, 2):
            daemon.wait("message", peer=number, text=f"I am {number}")
        for number in (2, 1):
            daemon.command(f"@{number} hello {number}")
            clients[number - 1].wait_output(f"hello {number}\n")

    def test_answer_longer_than_its_buffer(self):
        daemon = self.daemon("tcp://127.0.0.1:0")
        client = self.seed("tcp_client", "127.0.0.1", daemon.port)
        client.line("x" * 5000)
        daemon.wait_data(1, "x" * 5000)


class UdpClientTest(SeedTest):
    """The seed's UDP client sends to telexd."""

    def check_time(self, output, offset):
        stamp = re.search(STAMP, output)[0].decode()
        said = time.mktime(time.strptime(stamp, "[%a %b %d %H:%M:%S %Y] "))
        now = time.mktime(time.gmtime(time.time() + offset))
        self.assertLess(abs(said - now), 60)

    def check_stamp(self, offset, **env):
        daemon = self.daemon("udp://127.0.0.1:0", env=env)
        client = self.seed("udp_client", "127.0.0.1", daemon.port)
        client.line("hi there")
        output = client.wait_output("hi there\n")
        self.assertRegex(output, rb"Server : " + STAMP + rb"hi there\n")
        self.check_time(output, offset)
        daemon.wait("message", peer=1, text="hi there")
        sent = daemon.wait("sent", peer=1, by="auto")
        self.assertIn(sent["text"].encode(), output)
        client.line("again")
        client.wait_output("again\n")
        client.line("")
        client.wait_end()

    def test_stamp_is_the_default(self):
        self.check_stamp(0, TZ="UTC0")

    def test_stamp_is_local_time(self):
        self.check_stamp(5.5 * 3600, TZ="TST-5:30")

    def test_stamp_whatever_the_locale(self):
        self.check_stamp(0, TZ="UTC0", LC_ALL="de_DE.UTF-8", LC_TIME="zh_CN.UTF-8")

    def test_stamp_of_text_beyond_ascii(self):
        daemon = self.daemon("udp://127.0.0.1:0")
        client = self.seed("udp_client", "127.0.0.1", daemon.port)
        client.line("电话插口")
        client.wait_output("] 电话插口\n")
        daemon.wait("message", text="电话插口", size=12)

    def test_two_clients_are_two_peers(self):
        daemon = self.daemon("udp://127.0.0.1:0")
        for number in (1, 2):
            client = self.seed("udp_client", "127.0.0.1", daemon.port)
            client.line(f"I am {number}")
            client.wait_output(f"] I am {number}\n")
            daemon.wait("message", peer=number, text=f"I am {number}")


class TcpServerTest(SeedTest):
    """telex calls the seed's TCP server."""

    def test_piped(self):
        server, port = self.seed_server("tcp_server")
        client = self.telex(f"127.0.0.1:{port}")
        client.line("hello")
        client.close_stdin()
        server.wait_output("hello")
        server.wait_output("> ")
        server.line("well met")
        client.wait_end()
        self.assertEqual(client.stdout.copy(), b"well met")

    def test_json(self):
        server, port = self.seed_server("tcp_server")
        client = self.telex_json("127.0.0.1", port)
        client.wait("open", peer=1)
        for number in range(3):
            client.command(f"question {number}")
            server.wait_output(f"question {number}\n")
            server.line(f"answer {number}")
            client.wait_data(1, "".join(f"answer {one}" for one in range(number + 1)))
        client.command("/quit")
        client.wait_end()

    def test_one_after_the_other(self):
        server, port = self.seed_server("tcp_server")
        for number in range(2):
            client = self.telex("127.0.0.1", port)
            client.write(f"I am {number}")
            client.close_stdin()
            server.wait_output(f"I am {number}\n")
            server.line(f"hello {number}")
            client.wait_end()
            self.assertEqual(client.stdout.copy(), f"hello {number}".encode())


class UdpServerTest(SeedTest):
    """telex sends to the seed's UDP server."""

    def test_piped(self):
        server, port = self.seed_server("udp_server")
        client = self.telex("--wait", "5", f"udp://127.0.0.1:{port}")
        client.line("hi")
        output = client.wait_output("] hi")
        self.assertRegex(output, rb"\A" + STAMP + rb"hi\Z")
        server.wait_output("message: hi\n")

    def test_json(self):
        server, port = self.seed_server("udp_server")
        client = self.telex_json(f"udp://127.0.0.1:{port}")
        for text in ("one", "two"):
            client.command(text)
            client.wait("message", peer=1, text=lambda got, text=text: got.endswith("] " + text))
            server.wait_output(f"message: {text}\n")
        client.command("/quit")
        client.wait_end()


if __name__ == "__main__":
    main()
