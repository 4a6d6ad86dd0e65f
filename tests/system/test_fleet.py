# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of a fleet as the broker sees them: what they tell, and what does not trouble them."""

import time

from fleet_test import STREAM, FleetTestCase
from telex_test import main


class FleetCase(FleetTestCase):
    def setUp(self):
        super().setUp()
        self.hub = self.broker()
        self.client = self.hub.client()

    def echoed(self, peer, text):
        peer.sendall(text.encode() + b"\n")
        self.expect(peer, text + "\n")

    def until_said(self, text):
        """The records, once a peer was sent that."""
        return self.records(self.client, lambda records: records and records[-1].has_said(text))


class EventsTest(FleetCase):
    def test_all_that_happens_is_kept_once_and_in_order(self):
        nodes = [self.node(name, self.hub) for name in ("berlin", "tokyo")]
        for node in nodes:
            peer = node.peer()
            for number in range(300):
                self.echoed(peer, f"{node.name} {number}")
            peer.close()
        records = self.records(self.client, self.have_closed(2))
        for record in records:
            self.assertEqual(record.events[0]["seq"], 1)
            wanted = [f"{record.node} {number}" for number in range(300)]
            self.assertEqual(record.texts(), wanted)
            self.assertEqual(record.texts("sent"), wanted)
        self.assertEqual({record.node for record in records}, {"berlin", "tokyo"})

    @staticmethod
    def have_closed(count):
        return lambda records: sum(event["event"] == "close" for record in records
                                   for event in record.events) >= count

    def test_the_stream_is_as_asked_for(self):
        self.node("berlin", self.hub, "--max-age", "3600", "--max-bytes", "64M")
        self.consume(self.client).next()
        config = self.client.stream(STREAM)["config"]
        self.assertEqual(config["subjects"], ["telex.e.>"])
        self.assertEqual((config["max_age"], config["max_bytes"]), (3600 * 10**9, 64 << 20))
        self.assertEqual(config["storage"], "file")
        self.assertGreaterEqual(config["duplicate_window"], 120 * 10**9)

    def test_what_happened_before_the_connector_came_is_told_too(self):
        node = self.node("berlin", self.hub)
        peer = node.peer()
        self.echoed(peer, "before")
        node.kill_connector()
        self.echoed(peer, "meanwhile")
        node.start_connector()
        self.echoed(peer, "after")
        records = self.until_said("after")
        self.assertEqual(len(records), 1)
        self.assertEqual(records[0].texts(), ["before", "meanwhile", "after"])


class TroubleTest(FleetCase):
    def p99(self, peer, count=400):
        """Of so many echoes, in seconds."""
        times = []
        for number in range(count):
            begun = time.monotonic()
            self.echoed(peer, f"echo {number}")
            times.append(time.monotonic() - begun)
        return sorted(times)[count * 99 // 100]

    def test_a_broker_that_stands_still_holds_no_line_up(self):
        node = self.node("berlin", self.hub)
        peer = node.peer()
        before = self.p99(peer)
        self.hub.freeze()
        during = self.p99(peer, 2000)
        self.hub.thaw()
        self.assertLess(during, max(10 * before, 0.1))
        self.echoed(peer, "last")
        records = self.until_said("last")
        self.assertEqual(len(records[-1].texts()), 2401)

    def test_an_operator_who_reads_nothing_hurts_nobody(self):
        node = self.node("berlin", self.hub)
        peer = node.peer()
        slow = self.telex("attach", "--follow", self.hub.url)
        self.echoed(peer, "first")
        slow.wait_output("first")
        slow.stdout.pause()
        text = "x" * 4000
        for number in range(1000):
            self.echoed(peer, f"{number} {text}")
        self.echoed(peer, "last")
        records = self.until_said("last")
        self.assertEqual(len(records[-1].texts()), 1002)
        quick = self.telex("attach", "--follow", self.hub.url)
        quick.wait_output("last")
        slow.stdout.resume()

    def test_the_broker_cannot_be_made_to_give_orders(self):
        """Who asks JetStream for a message chooses the subject that it comes on, past all rights."""
        node = self.node("berlin", self.hub)
        peer = node.peer()
        order = {"Telex-Id": "forged", "Telex-Expires": "2999-01-01T00:00:00Z"}
        stored = self.consume(self.client)
        self.client.request("telex.e.berlin.talk", "@1 forged", order)
        stored.find(lambda message: message.data == b"@1 forged")
        consumer = {"stream_name": STREAM, "config": {"ack_policy": "none"}}
        name = self.client.api(f"CONSUMER.CREATE.{STREAM}", consumer)["name"]
        self.client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{name}", '{"batch": 100}',
                            "telex.c.berlin.w")
        node.connector.wait_diagnostic("was dropped")
        self.client.request("telex.c.berlin.w", "@1 asked", {**order, "Telex-Id": "asked"})
        self.expect(peer, "asked\n")


if __name__ == "__main__":
    main()
