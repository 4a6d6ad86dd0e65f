# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes of HACKING.md ("Adding to it"): a copy of the tree gets a toy of each kind by the
steps that stand there and no others, is built, and the toys are used."""

import os
import re
import shutil
import socket
import subprocess
import tempfile

from telex_test import HERE, TestCase, main

ROOT = os.path.dirname(os.path.dirname(HERE))

COMMAND = r"""/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/hub.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    operator_done(session, "%u on the line", hub_living(session->hub));
}

const struct command cmd_count = {
    .name = "count",
    .arguments = "",
    .summary = "say how many are on the line",
    .help = "Those that are closing count too.\n",
    .read_only = true,
    .run = run,
};
"""

SCHEME = r"""/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <sys/socket.h>

#include "core/hub.h"
#include "loop/bind.h"
#include "loop/dial.h"
#include "transport/line.h"
#include "transport/line_listener.h"
#include "transport/transport.h"

static void describe(const struct link *link, struct link_description *description)
{
    (void)link;
    snprintf(description->remote, sizeof description->remote, "a toy");
}

static const struct line_kind kind = {.ops = {LINE_OPS, .describe = describe},
                                      .socket = STREAM_END_NUMBERED};

static void take(struct switchboard *board, struct listener *listener, int fd,
                 const union address *remote)
{
    line_accept(board, &kind, &listener->origin, fd, remote);
}

static const struct line_listener_ops listener_ops = {.take = take};

static bool toy_listen(struct switchboard *board, struct listener *listener,
                       const struct resolved *host, char **error)
{
    struct bound bound;
    if (!bind_endpoint(&listener->origin.endpoint, host, SOCK_STREAM, &bound, error))
        return false;
    origin_set_port(&listener->origin, bound.port);
    return line_listener_create(board, listener, bound.fds, bound.count, &listener_ops, NULL,
                                error);
}

static bool toy_adopt(struct switchboard *board, struct listener *listener, int fd,
                      char **error)
{
    return line_listener_create(board, listener, &fd, 1, &listener_ops, NULL, error);
}

static void connected(void *context, int fd, const union address *remote)
{
    line_connected(CAST(line, context), fd, remote);
}

static struct peer *toy_call(struct switchboard *board, struct origin *origin, char **error)
{
    static const struct dial_callbacks callbacks = {.connected = connected,
                                                    .failed = line_call_failed};
    (void)error;
    struct line *line = line_call(board, &kind, origin);
    line->dial = dial_create(board->loop, origin->endpoint.host, origin->endpoint.port,
                                 &board->settings.dial, &callbacks, line);
    return line->link.peer;
}

const struct transport transport_toy = {
    .listen = toy_listen, .adopt = toy_adopt, .call = toy_call};
"""

AGENT = r"""/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>

#include "core/agent.h"
#include "core/agents.h"
#include "core/hub.h"

static void message(struct hub *hub, struct peer *peer, const struct message *message)
{
    UT_string *text = &hub->scratch;
    utstring_clear(text);
    utstring_bincpy(text, message->data, message->size);
    for (size_t i = 0; i < utstring_len(text); i++)
        utstring_body(text)[i] = (char)toupper((unsigned char)utstring_body(text)[i]);
    hub_answer(hub, peer, utstring_body(text), utstring_len(text));
}

const struct agent agent_shout = {.name = "shout", .answers = true, .message = message};
"""

FRAMING = r"""/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "framing/framing_pieces.h"

static bool parse(struct framing *framing, const char *argument, char **error)
{
    (void)argument, (void)error;
    framing->end.bytes[0] = ';';
    framing->end.size = 1;
    return true;
}

const struct framing_ops framing_semicolon = {
    .parse = parse, .cut = framing_cut_ended, .end = framing_end_bytes};
"""


class Tree:
    """A copy of the tree, which toys are added to."""

    def __init__(self, folder):
        self.root = os.path.join(folder, "telex")
        self.build = os.path.join(folder, "build")
        shutil.copytree(ROOT, self.root, ignore=shutil.ignore_patterns("build", ".git"))
        self.text = self._read("HACKING.md").partition("\n## Adding to it\n")[2]
        self.recipe = None

    def _read(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8") as file:
            return file.read()

    def _write(self, path, text):
        with open(os.path.join(self.root, path), "w", encoding="utf-8") as file:
            file.write(text)

    def _change(self, path, pattern, replacement):
        text, count = re.subn(pattern, replacement, self._read(path), count=1, flags=re.S)
        assert count == 1, f"{path} has no place for {replacement}"
        self._write(path, text)

    def add(self, kind, file, name, content, header, table, entry):
        """By the recipe "**A kind**": file, with name for its x, a line of a table (not the
        first), and one of meson.build."""
        found = re.search(rf"^\*\*An? {kind}\*\*.*?(?=\n\n)", self.text, re.S | re.M)
        assert found, f"there is no recipe for a {kind}"
        recipe = " ".join(found.group().split())
        folder = os.path.dirname(file)
        path = re.sub(r"x\.c$", f"{name}.c", file)
        for step in (f"`{file}`", f"`{table}` (`{header}`)", f"`{folder}/meson.build`"):
            assert step in recipe, f"the recipe does not say {step}:\n{recipe}"
        self._write(path, content)
        self._change(self._header(header, folder), rf"(#define {table}\([^\n]*\n[^\n]*\\\n)",
                     rf"\1    {entry} \\\n")
        self._change(os.path.join(folder, "meson.build"), r"(static_library\('[^']*',\n)",
                     rf"\1    '{os.path.basename(path)}',\n")

    @staticmethod
    def _header(header, folder):
        """The recipes write one of the same room by its name alone."""
        return os.path.join("src" if "/" in header else folder, header)

    def make(self):
        """The programs, as fast as they can be built."""
        options = ["--buildtype=plain", "-Dc_args=-O0", "-Db_ndebug=false", "-Dwerror=true",
                   "-Dtests=disabled", "-Dman=disabled", "-Dbaseline=disabled"]
        for command in (["meson", "setup", self.build, self.root, *options],
                        ["ninja", "-C", self.build, "src/telexd", "src/telex"]):
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, check=False)
            assert done.returncode == 0, done.stdout[-4000:]


class RecipesTest(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="telex")
        cls.addClassCleanup(folder.cleanup)
        tree = Tree(folder.name)
        tree.add("command", "src/command/cmd_x.c", "count", COMMAND,
                 "command.h", "COMMANDS", "X(count)")
        tree.add("scheme", "src/transport/x.c", "toy", SCHEME,
                 "base/scheme.h", "SCHEMES", 'X(toy, TOY, HOST, 4711, STREAM, ANYBODY, "toy")')
        tree.add("agent", "src/core/agent_x.c", "shout", AGENT,
                 "agents.h", "AGENTS", 'X(shout, " (the message in capitals)")')
        tree.add("framing", "src/framing/framing_x.c", "semicolon", FRAMING,
                 "framing.h", "FRAMINGS", 'X(semicolon, "semicolon", "")')
        tree.make()
        for name in ("telexd", "telex"):
            variable = name.upper()
            was = os.environ[variable]
            cls.addClassCleanup(os.environ.__setitem__, variable, was)
            os.environ[variable] = os.path.join(tree.build, "src", name)

    def listen(self, endpoint):
        """A daemon that listens there, and its port."""
        telexd = self.daemon(endpoint, count=1)
        return telexd, int(re.search(r"://127\.0\.0\.1:(\d+)",
                                     telexd.listening[0]["endpoint"]).group(1))

    def test_command(self):
        telexd, port = self.listen("tcp://127.0.0.1:0")
        self.assertEqual(telexd.command("/count")["note"], "0 on the line")
        self.tcp(port)
        telexd.wait("open")
        self.assertEqual(telexd.command("/cou")["note"], "1 on the line")
        names = [command["command"] for command in telexd.command("/help")["help"]]
        self.assertIn("count", names)

    def test_scheme(self):
        telexd, port = self.listen("toy://127.0.0.1:0?reply=echo")
        self.assertEqual(telexd.listening[0]["endpoint"], f"toy://127.0.0.1:{port}")
        peer = self.tcp(port)
        opened = telexd.wait("open")
        self.assertEqual((opened["transport"], opened["remote"]), ("toy", "a toy"))
        peer.sendall(b"hello")
        self.expect(peer, b"hello")
        self.assertEqual(telexd.command("/stats")["stats"]["toy_peers"], 1)
        self.refuse_daemon(["toi://127.0.0.1:0"], 2, "toy")

    def test_scheme_of_a_call(self):
        _, port = self.listen("toy://127.0.0.1:0?reply=echo")
        answer = self.run_telex(f"toy://127.0.0.1:{port}", data=b"hello\n")
        self.assertEqual(answer, b"hello\n")

    def test_agent(self):
        telexd, port = self.listen("tcp://127.0.0.1:0?reply=shout")
        peer = self.tcp(port)
        peer.sendall(b"hello")
        self.expect(peer, b"HELLO")
        listeners = telexd.command("/listeners")["listeners"]
        self.assertEqual(listeners[0]["reply"], "shout")
        self.assertIn("listener 1 replies with none", telexd.command("/reply 1 none")["note"])
        self.refuse_daemon(["--reply=whisper"], 2, "none, shout, echo, stamp")

    def test_framing(self):
        telexd, port = self.listen("tcp://127.0.0.1:0?framing=semicolon&reply=shout")
        peer = self.tcp(port)
        peer.sendall(b"a;bc;d")
        self.expect(peer, b"A;BC;")
        peer.sendall(b"e;f")
        peer.shutdown(socket.SHUT_WR)
        telexd.wait("close")
        self.assertEqual([(event["text"], event.get("partial"))
                          for event in telexd.seen("message")],
                         [("a;", None), ("bc;", None), ("de;", None), ("f", True)])
        self.refuse_daemon(["tcp://127.0.0.1:0?framing=comma"], 2, "raw", "semicolon")


if __name__ == "__main__":
    main()
