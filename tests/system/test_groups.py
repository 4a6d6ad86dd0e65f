# SPDX-License-Identifier: GPL-3.0-or-later
"""Datagrams to many: groups, and broadcasts, all on the loopback interface."""

import socket
import struct

from telex_test import TestCase, main, name_of

GROUP = "239.77.1.2"
GROUP6 = "ff02::7:1"
BROADCAST = "127.255.255.255"  # of the loopback interface
IP_RECVTTL = 12
LO = socket.if_nametoindex("lo")


class GroupCase(TestCase):
    def on_loopback(self, one):
        """Has what a socket sends to groups leave by the loopback interface."""
        if one.family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, LO)
        else:
            one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                           struct.pack("=4s4si", bytes(4), bytes(4), LO))
        return one

    def sender(self):
        return self.on_loopback(self.udp(bind=("127.0.0.1", 0)))

    def member(self, port=0, host="0.0.0.0"):
        """A socket that has joined GROUP, beside others of the same port."""
        one = self.make_socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host, port))
        one.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                       struct.pack("=4s4si", socket.inet_aton(GROUP), bytes(4), LO))
        return one

    def members(self, count):
        """Members of one port, and a socket of its own for each to answer from."""
        first = self.member()
        return [first] + [self.member(first.getsockname()[1]) for _ in range(count - 1)]

    def connect(self, daemon, endpoint):
        daemon.command(f"/connect {endpoint}")
        return daemon.open(remote=endpoint.removeprefix("udp://").partition("?")[0])


class ListenTest(GroupCase):
    def test_joins(self):
        daemon = self.daemon(f"udp://{GROUP}:0?interface=lo")
        # It can be typed back: on the interface of the system's choice it would be another.
        self.assertEqual(daemon.listening[0]["endpoint"],
                         f"udp://{GROUP}:{daemon.port}?interface=lo")
        one = self.sender()
        one.sendto(b"to all", (GROUP, daemon.port))
        peer = daemon.open(remote=name_of(one))
        daemon.wait("message", peer=peer, text="to all")
        daemon.command(f"@{peer} to you")
        self.expect(one, "to you")  # and no stamp before it: nothing to many is answered
        stats = daemon.command("/stats")
        self.assertEqual(stats["stats"]["suppressed_broadcast"], 1)

    def test_leaves(self):
        daemon = self.daemon(f"udp://{GROUP}:0?interface=lo")
        port, endpoint = daemon.port, daemon.listening[0]["endpoint"]
        daemon.command("/unlisten 1")
        daemon.command(f"/listen {endpoint}")
        one = self.sender()
        one.sendto(b"again", (GROUP, port))
        daemon.wait("message", text="again")

    def test_what_others_joined(self):
        """Groups that another socket of this machine has joined are not ours."""
        for host in ("0.0.0.0", "*"):
            daemon = self.daemon(f"udp://{host}:0?reply=none")
            self.member()
            one = self.sender()
            one.sendto(b"not yours", (GROUP, daemon.port))
            one.sendto(b"yours", ("127.0.0.1", daemon.port))
            self.assertEqual(daemon.wait("message")["text"], "yours")

    def test_only_over_an_interface(self):
        daemon = self.daemon("udp://0.0.0.0:0?interface=lo&reply=echo")
        one = self.udp(daemon.port)
        one.send(b"ping")
        self.expect(one, "ping")

    def test_no_such_interface(self):
        for host in (GROUP, "0.0.0.0", f"[{GROUP6}]"):
            self.refuse_daemon([f"udp://{host}:0?interface=no-such-one"], 1, "cannot listen on",
                               "no-such-one")
        self.refuse_daemon([f"udp://[{GROUP6}]:0"], 1, "another address on each interface",
                           f"[{GROUP6}%eth0]")

    def test_ipv6(self):
        if not self.have_ipv6():
            self.skipTest("no IPv6")
        joined = f"{LO}\tlo\t{socket.inet_pton(socket.AF_INET6, GROUP6).hex()}"
        for endpoint in (f"udp://[{GROUP6}%lo]:0", f"udp://[{GROUP6}]:0?interface=lo"):
            daemon = self.daemon(endpoint)
            self.assertEqual(daemon.listening[0]["endpoint"],
                             f"udp://[{GROUP6}%lo]:{daemon.port}")
            with open("/proc/net/igmp6", encoding="ascii") as groups:
                found = ["\t".join(line.split()[:3]) for line in groups]
            self.assertIn(joined, found)
            daemon.stop()


class CallTest(GroupCase):
    def setUp(self):
        super().setUp()
        self.daemon_ = self.daemon("udp://127.0.0.1:0?reply=none")

    def check_answers(self, call, members):
        """Each member gets what is said to all, and becomes a peer by answering."""
        daemon = self.daemon_
        daemon.command(f"@{call} who is there?")
        for number, member in enumerate(members):
            data, caller = member.recvfrom(100)
            self.assertEqual(data, b"who is there?")
            one = self.udp(bind=("127.0.0.1", 0))
            one.sendto(b"me", caller)
            opened = daemon.wait("open", remote=name_of(one))
            self.assertEqual((opened.get("listener"), opened["transport"]), (None, "udp"))
            daemon.wait("message", peer=opened["peer"], text="me")
            daemon.command(f"@{opened['peer']} hello {number}")
            self.expect(one, f"hello {number}")
            yield opened["peer"], one

    def test_group(self):
        members = self.members(2)
        port = members[0].getsockname()[1]
        call = self.connect(self.daemon_, f"udp://{GROUP}:{port}?interface=lo")
        answers = list(self.check_answers(call, members))
        self.daemon_.command(f"/close {call}")
        self.daemon_.wait("close", peer=call, reason="operator")
        for peer, one in answers:  # who has answered stays
            self.daemon_.command(f"@{peer} still there?")
            self.expect(one, "still there?")
            self.daemon_.command(f"/close {peer}")
            self.daemon_.wait("close", peer=peer)

    def test_after_the_call(self):
        """Once the call is closed, nobody new comes on its socket."""
        member = self.member()
        endpoint = f"udp://{GROUP}:{member.getsockname()[1]}?interface=lo"
        call = self.connect(self.daemon_, endpoint)
        (peer, one), = self.check_answers(call, [member])
        self.daemon_.command(f"/close {call}")
        port = int(self.daemon_.command(f"/info {peer}")["peer"]["local"].rpartition(":")[2])
        self.udp(bind=("127.0.0.1", 0)).sendto(b"too late", ("127.0.0.1", port))
        one.sendto(b"in time", ("127.0.0.1", port))
        self.assertEqual(self.daemon_.wait("message")["text"], "in time")

    def test_ttl(self):
        member = self.member()
        member.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
        for ttl in (0, 1, 7, 255):
            call = self.connect(self.daemon_,
                                f"udp://{GROUP}:{member.getsockname()[1]}?interface=lo&ttl={ttl}")
            self.daemon_.command(f"@{call} x")
            _, control, _, _ = member.recvmsg(100, 100)
            self.assertEqual(struct.unpack("=i", control[0][2])[0], ttl)

    def test_from_a_listener(self):
        member = self.member()
        call = self.connect(self.daemon_, f"udp://{GROUP}:{member.getsockname()[1]}"
                            "?from=1&interface=lo&ttl=1")
        self.daemon_.command(f"@{call} from there")
        data, caller = member.recvfrom(100)
        self.assertEqual((data, caller), (b"from there", ("127.0.0.1", self.daemon_.port)))
        self.daemon_.command("/connect udp://127.0.0.1:9?from=1&ttl=1")
        self.daemon_.wait("close", error=lambda error: error and "only a group" in error)

    def test_broadcast(self):
        one = self.udp(bind=("0.0.0.0", 0))
        call = self.connect(self.daemon_, f"udp://{BROADCAST}:{one.getsockname()[1]}")
        list(self.check_answers(call, [one]))

    def test_broadcast_from_a_listener(self):
        daemon = self.daemon("udp://0.0.0.0:0?reply=none")
        one = self.udp(bind=("0.0.0.0", 0))
        call = self.connect(daemon, f"udp://{BROADCAST}:{one.getsockname()[1]}?from=1")
        for _ in range(2):
            daemon.command(f"@{call} all")
            data, caller = one.recvfrom(100)
            self.assertEqual((data, caller[1]), (b"all", daemon.port))

    def test_what_cannot_be(self):
        for keys, part in (("interface=no-such-one", "No such device"), ("ttl=0", "argument")):
            self.daemon_.command(f"/connect udp://127.0.0.1:9?{keys}")
            self.daemon_.wait("close", reason="error",
                              error=lambda error, part=part: part in error)

    def test_telex(self):
        """What others answer comes out of a pipe too."""
        member = self.member()
        client = self.telex(f"udp://{GROUP}:{member.getsockname()[1]}?interface=lo")
        client.write(b"who?\n")
        data, caller = member.recvfrom(100)
        self.assertEqual(data, b"who?")
        self.udp(bind=("127.0.0.1", 0)).sendto(b"I\n", caller)
        self.udp(bind=("127.0.0.1", 0)).sendto(b"me too\n", caller)
        client.wait_output(b"me too\n")
        client.close_stdin()
        client.wait_end(0)


class UsageTest(GroupCase):
    def test_keys(self):
        for endpoint, *parts in ((f"udp://{GROUP}:0?ttl=1", "ttl", "interface"),
                                 (f"udp://{GROUP}:0?loop=no", "loop"),
                                 (f"udp://{GROUP}:0?interface=", "interface=eth0"),
                                 (f"udp://{GROUP}:0?interface=sixteen-letters-", "interface="),
                                 ("tcp://127.0.0.1:0?interface=lo", "interface", "use one of"),
                                 ("unix:/tmp/never?interface=lo", "interface")):
            self.refuse_daemon([endpoint], 2, *parts)
        for key, part in (("ttl=256", "0 to 255"), ("ttl=-1", "0 to 255"), ("ttl=", "0 to 255"),
                          ("loop=maybe", "no or yes")):
            self.refuse_telex([f"udp://{GROUP}:1?{key}"], 2, key, part)


if __name__ == "__main__":
    main()
