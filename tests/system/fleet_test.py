# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the fleet share: brokers, nodes, and what must hold of the events stored.

A broker is a real nats-server with a folder of its own, so that it finds its store again when it
is killed and begun anew. A node is a telexd with its connector (telex fleet), on ports that stay
the same. Tests skip where there is no nats-server, or where the fleet was not built
(TELEX_NATS=no).
"""

import collections
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

from nats_client import DEADLINE, Nats, NatsError
from telex_test import Console, Daemon, Program, TestCase, program

STREAM = "TELEX"
KINDS = {"message": "talk", "sent": "talk", "file": "talk", "lost": "lost"}

NATS_SERVER = shutil.which("nats-server", path=os.environ.get("PATH", "") + ":/usr/sbin")


def has_fleet():
    """Whether the programs of the fleet were built."""
    return os.environ.get("TELEX_NATS", "no") == "yes"


class Broker:
    """A nats-server. port is where clients come to, leaf_port where leaf servers do."""

    def __init__(self, case, name="hub", config=None, more="", domain=None, hub=None):
        """config is the whole of it, in place of what would be written here; more is added to
        that. domain is JetStream's. hub, another Broker, makes this a leaf of it."""
        self.case = case
        self.name = name
        self.port = case.free_port()
        self.leaf_port = case.free_port()
        self.store = case.path(f"store-{name}")
        self.file = case.file(f"{name}.conf", config or self._config(domain, hub) + more)
        self.process = None

    def _config(self, domain, hub):
        if hub:
            leaf = f'reconnect: 1, remotes: [{{ url: "nats-leaf://127.0.0.1:{hub.leaf_port}" }}]'
        else:
            leaf = f'listen: "127.0.0.1:{self.leaf_port}"'
        domain = f', domain: "{domain}"' if domain else ""
        return (f'listen: "127.0.0.1:{self.port}"\nserver_name: "{self.name}"\n'
                f'jetstream {{ store_dir: "{self.store}"{domain} }}\nleafnodes {{ {leaf} }}\n')

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    def start(self):
        """Begins it, and waits until it listens; on its store, where there was one before."""
        self.process = Program(self.case, [NATS_SERVER, "-c", self.file], stdin=subprocess.DEVNULL)
        self.process.wait_diagnostic("Server is ready")
        return self

    def kill(self):
        """kill -9."""
        self.process.signal(signal.SIGKILL)
        self.process.wait_end(-signal.SIGKILL)

    def freeze(self):
        """Stands still from now on, with its connections open, until thaw()."""
        self.process.signal(signal.SIGSTOP)

    def thaw(self):
        self.process.signal(signal.SIGCONT)

    def stop(self):
        self.process.signal(signal.SIGTERM)
        self.process.wait_end(None)

    def client(self, **options):
        client = Nats(self.port, **options)
        self.case.addCleanup(client.close)
        return client


class Connector(Program):
    """telex fleet of one node."""

    stop_signal = signal.SIGTERM
    stop_status = 0

    def __init__(self, case, *args, **keywords):
        super().__init__(case, [program("TELEX"), "fleet", *map(str, args)], **keywords)


class Node:
    """A telexd and its connector, each of which can be killed and begun anew."""

    def __init__(self, case, name, broker, *args, options=(), url=None,
                 endpoint="tcp://127.0.0.1:{}?framing=line&reply=echo"):
        """args are the connector's options, options telexd's; url is where it finds the broker.
        {} of the endpoint is the port."""
        self.case = case
        self.name = name
        self.broker = broker
        self.url = url or broker.url
        self.args = args
        self.options = options
        self.control = case.path(f"{name}.sock")
        self.port = case.free_port()
        self.endpoint = endpoint.format(self.port)
        self.telexd = None
        self.connector = None

    def start(self, client=None):
        """Begins both, and returns when the client has heard that the node is there."""
        client = client or self.broker.client()
        announced = client.subscribe(f"telex.n.{self.name}")
        client.flush()
        self.start_telexd()
        self.start_connector()
        announced.next()
        announced.close()
        return self

    def start_telexd(self):
        self.telexd = Daemon(self.case, f"--control={self.control}", *self.options, self.endpoint)

    def start_connector(self):
        self.connector = Connector(self.case, "--node", self.name, "--nats", self.url,
                                   *self.args, self.control)

    def kill_telexd(self):
        self.telexd.signal(signal.SIGKILL)
        self.telexd.wait_end(-signal.SIGKILL)

    def kill_connector(self):
        self.connector.signal(signal.SIGKILL)
        self.connector.wait_end(-signal.SIGKILL)

    def peer(self):
        """A peer that has called."""
        return self.case.tcp(self.port)


class Operator(Console):
    """telex attach nats://… --json."""

    stop_signal = signal.SIGTERM
    stop_status = -signal.SIGTERM

    def __init__(self, case, broker, *args, **keywords):
        super().__init__(case, [program("TELEX"), "attach", "--json", *map(str, args), broker.url],
                         **keywords)


class Record(collections.namedtuple("Record", "node run events")):
    """All events of one run of a node's telexd, in their order."""

    def texts(self, event="message"):
        """What was said, without the ends of lines."""
        return [one["text"].rstrip("\n") for one in self.events if one["event"] == event]

    def has_said(self, text):
        """Whether a peer was sent this."""
        return text in self.texts("sent")


def batch_of(message):
    """The node, run, first seq and events of a stored batch; ValueError where it is not one."""
    *words, kind = message.subject.split(".")
    if words[:2] != ["telex", "e"] or len(words) != 3:
        raise ValueError(f"a batch on {message.subject}")
    node, run, seq = message.headers["Nats-Msg-Id"].rsplit("-", 2)
    if node != words[2]:
        raise ValueError(f"{message.headers['Nats-Msg-Id']} on {message.subject}")
    if not message.data.endswith(b"\n"):
        raise ValueError(f"a batch without its last newline: {message.data[-80:]}")
    events = [json.loads(line) for line in message.data.splitlines()]
    if kind != "lost" and events[0]["seq"] != int(seq):
        raise ValueError(f"id {message.headers['Nats-Msg-Id']}, but first seq {events[0]['seq']}")
    for event in events:
        if KINDS.get(event["event"], "life") != kind:
            raise ValueError(f"a {event['event']} on {message.subject}")
    return node, run, int(seq), events


def records_of(messages):
    """What a stream holds, as one Record for each run of each node. ValueError where within a run
    an event is missing, comes twice or out of order, and was not said to be lost."""
    records = {}
    for message in messages:
        node, run, _, events = batch_of(message)
        record = records.setdefault((node, run), Record(node, run, []))
        for event in events:
            if event["event"] == "lost":
                raise ValueError(f"{node} lost events: {event}")
            last = record.events[-1]["seq"] if record.events else event["seq"] - 1
            if event["seq"] != last + 1:
                raise ValueError(f"{node}, run {run}: {event['seq']} behind {last}")
            record.events.append(event)
    return list(records.values())


class FleetTestCase(TestCase):
    """Gives a test its brokers, nodes and operators, which end with it."""

    needs_fleet = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not NATS_SERVER:
            raise unittest.SkipTest("there is no nats-server")
        if cls.needs_fleet and not has_fleet():
            raise unittest.SkipTest("built without NATS")

    def broker(self, name="hub", **keywords):
        return Broker(self, name, **keywords).start()

    def leaf(self, name, hub):
        """A broker beside the node of that name, with a JetStream domain of that name."""
        return Broker(self, name, domain=name, hub=hub).start()

    def node(self, name, broker, *args, **keywords):
        return Node(self, name, broker, *args, **keywords).start()

    def operator(self, broker, *args, **keywords):
        return Operator(self, broker, *args, **keywords)

    def consume(self, client, stream=STREAM):
        """All that is in the stream, and will be, once it has been made."""
        end = time.monotonic() + DEADLINE
        while not client.stream(stream):
            self.assertLess(time.monotonic(), end, f"there is no {stream}")
        return client.consume(stream)

    def records(self, client, wanted, stream=STREAM, timeout=DEADLINE):
        """The records in the stream as soon as wanted(records) is true of them."""
        messages = self.consume(client, stream)
        end = time.monotonic() + timeout
        found, records = [], []
        try:
            while not wanted(records):
                found.append(messages.next(max(0, end - time.monotonic())))
                found += iter(messages.look, None)
                records = records_of(found)
            return records
        except (NatsError, ValueError) as error:
            return self.fail(f"{error}; {len(found)} batches in {stream}, up to now {records}")

