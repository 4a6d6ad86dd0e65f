# SPDX-License-Identifier: GPL-3.0-or-later
"""What people have at hand as peers of telexd, and as servers for telex."""

import random
import shutil
import time

from telex_test import DEADLINE, STAMP, Program, TestCase, main


class PeerTest(TestCase):
    """A tool as a client: it says something, is answered, and sees the end."""

    tool = None

    def setUp(self):
        super().setUp()
        if not self.tool or not shutil.which(self.tool):
            self.skipTest(f"{self.tool} is not installed")

    def run_tool(self, *args):
        return Program(self, [shutil.which(self.tool), *map(str, args)])

    def wait_listening(self, server, port):
        """Waits until somebody listens on the port, without calling there."""
        end = time.monotonic() + DEADLINE
        wanted = f":{port:04X} 00000000:0000 0A"
        while True:
            with open("/proc/net/tcp", encoding="ascii") as table:
                if wanted in table.read():
                    return
            if server.process.poll() is not None or time.monotonic() > end:
                server.fail("nobody listens")

    def check_stream(self, *args, daemon):
        """The tool calls daemon's only listener by args."""
        client = self.run_tool(*args)
        client.line("hello")
        daemon.wait_data(1, "hello\n")
        daemon.command("@1 well met")
        client.wait_output("well met\n")
        client.line("more")
        daemon.wait_data(1, "hello\nmore\n")
        daemon.command("@1 bye")
        daemon.command("/close 1")
        client.wait_output("bye\n")
        client.close_stdin()
        client.wait_end(None)
        self.assertEqual(client.stdout.copy(), b"well met\nbye\n")
        daemon.wait("close", peer=1, reason="operator", sent=13, received=11, unsent=0)

    def check_half_close(self, *args, daemon):
        """The tool's input ends, and it still gets the answer."""
        client = self.run_tool(*args)
        client.write("question")
        client.close_stdin()
        daemon.wait("half-close", peer=1)
        daemon.command("@1 answer")
        daemon.command("/close 1")
        client.wait_end(None)
        self.assertEqual(client.stdout.copy(), b"answer\n")

    def check_datagrams(self, *args, daemon):
        client = self.run_tool(*args)
        client.write("hello")
        output = client.wait_output("] hello")
        self.assertRegex(output, rb"\A" + STAMP + rb"hello\Z")
        daemon.wait("message", peer=1, text="hello")
        daemon.command("@1 by hand")
        client.wait_output("] helloby hand")

    def tcp_daemon(self):
        return self.daemon("tcp://127.0.0.1:0")

    def udp_daemon(self):
        return self.daemon("udp://127.0.0.1:0")

    def unix_daemon(self):
        daemon = self.daemon(f"unix:{self.path('a.sock')}")
        return daemon, self.path("a.sock")


class NcTest(PeerTest):
    tool = "nc"

    def test_tcp(self):
        daemon = self.tcp_daemon()
        self.check_stream("127.0.0.1", daemon.port, daemon=daemon)

    def test_half_close(self):
        daemon = self.tcp_daemon()
        self.check_half_close("-N", "127.0.0.1", daemon.port, daemon=daemon)

    def test_udp(self):
        daemon = self.udp_daemon()
        self.check_datagrams("-u", "127.0.0.1", daemon.port, daemon=daemon)

    def test_unix(self):
        daemon, path = self.unix_daemon()
        self.check_stream("-U", path, daemon=daemon)

    def test_as_server(self):
        port = self.free_port()
        server = self.run_tool("-l", "-N", "127.0.0.1", port)
        self.wait_listening(server, port)
        client = self.telex("127.0.0.1", port)
        client.line("hello")
        server.wait_output("hello\n")
        server.line("well met")
        client.wait_output("well met\n")
        client.close_stdin()
        server.close_stdin()
        client.wait_end(0)

    def test_a_file_to_a_server(self):
        port = self.free_port()
        server = self.run_tool("-l", "-N", "127.0.0.1", port)
        server.close_stdin()  # it ends its side first
        self.wait_listening(server, port)
        data = random.Random(1).randbytes(3_000_000)
        with open(self.file("data", data), "rb") as stdin:
            client = self.telex("127.0.0.1", port, stdin=stdin)
        client.wait_end(0)
        self.assertTrue(server.wait_output_end() == data)
        server.wait_end(0)


class NcatTest(PeerTest):
    tool = "ncat"

    def test_tcp(self):
        daemon = self.tcp_daemon()
        self.check_stream("127.0.0.1", daemon.port, daemon=daemon)

    def test_half_close(self):
        daemon = self.tcp_daemon()
        self.check_half_close("127.0.0.1", daemon.port, daemon=daemon)

    def test_udp(self):
        daemon = self.udp_daemon()
        self.check_datagrams("-u", "127.0.0.1", daemon.port, daemon=daemon)

    def test_unix(self):
        daemon, path = self.unix_daemon()
        self.check_stream("-U", path, daemon=daemon)


class SocatTest(PeerTest):
    tool = "socat"

    def test_tcp(self):
        daemon = self.tcp_daemon()
        self.check_stream("-", f"TCP4:127.0.0.1:{daemon.port}", daemon=daemon)

    def test_half_close(self):
        daemon = self.tcp_daemon()
        self.check_half_close("-t", "20", "-", f"TCP4:127.0.0.1:{daemon.port}", daemon=daemon)

    def test_udp(self):
        daemon = self.udp_daemon()
        self.check_datagrams("-", f"UDP4:127.0.0.1:{daemon.port}", daemon=daemon)

    def test_unix(self):
        daemon, path = self.unix_daemon()
        self.check_stream("-", f"UNIX-CONNECT:{path}", daemon=daemon)

    def test_tcp6(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        daemon = self.daemon("tcp://[::1]:0")
        self.check_stream("-", f"TCP6:[::1]:{daemon.port}", daemon=daemon)

    def serve(self, address):
        port = self.free_port()
        server = self.run_tool(f"TCP-LISTEN:{port},bind=127.0.0.1,rcvbuf=65536", address)
        self.wait_listening(server, port)
        data = random.Random(2).randbytes(4_000_000)
        with open(self.file("data", data), "rb") as stdin:
            client = self.telex("127.0.0.1", port, stdin=stdin)
        return server, client, data

    def test_both_ways_at_once(self):
        server, client, data = self.serve("EXEC:cat")
        client.wait_end(0)
        self.assertTrue(client.stdout.copy() == data)
        server.wait_end(0)

    def test_as_a_server_that_takes_a_part(self):
        server, client, data = self.serve("EXEC:head -c 1000")
        client.wait_end(1)
        self.assertTrue(data[:1000].startswith(client.stdout.copy()))
        self.assertRegex(client.stderr.copy(), rb"\Atelex: [^\n]*: Connection reset by peer; "
                                               rb"(at least )?\d+ bytes were not delivered\n\Z")
        server.wait_end(None)


class CurlTest(PeerTest):
    tool = "curl"

    def test_telnet(self):
        daemon = self.tcp_daemon()
        client = self.run_tool("--silent", "--no-buffer", f"telnet://127.0.0.1:{daemon.port}")
        client.line("hello")
        daemon.wait_data(1, "hello\n")
        daemon.command("@1 well met")
        client.wait_output("well met\n")

    def test_request_by_hand(self):
        daemon = self.daemon("tcp://127.0.0.1:0?eol=crlf")
        client = self.run_tool("--silent", "--noproxy", "*", f"http://127.0.0.1:{daemon.port}/x")
        daemon.wait("message", peer=1, text=lambda text: text.startswith("GET /x HTTP/1.1\r\n"))
        for line in ("HTTP/1.1 200 OK", "Content-Length: 6", "Connection: close"):
            daemon.command(f"@1 {line}")
        daemon.command('/bytes 1 0d0a "hello" 0a')
        client.wait_end(0)
        self.assertEqual(client.stdout.copy(), b"hello\n")


del PeerTest  # not a test by itself

if __name__ == "__main__":
    main()
