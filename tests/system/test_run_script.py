# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/run: what a newcomer sees of the build. ninja and telexd are small scripts here."""

import os
import re
import shutil

from telex_test import HERE, Program, Terminal, TestCase, main

TOOLS = os.path.join(HERE, "..", "..", "tools")

# Says what ninja would with NINJA_STATUS="%f/%t ", and waits before the third step.
NINJA = """#!/bin/sh
case $* in *-n*) cat dry 2>/dev/null; exit 0 ;; esac
[ "$NINJA_STATUS" = '%f/%t ' ] || exit 9
echo '1/3 Compiling a'
echo '2/3 Compiling b'
read go <go
echo '3/3 Linking telexd'
exit $(cat status 2>/dev/null || echo 0)
"""


class RunTest(TestCase):
    def setUp(self):
        super().setUp()
        os.makedirs(self.path("build/release/src"))
        os.mkdir(self.path("tools"))
        for name in ("run", "lib.sh"):
            shutil.copy(os.path.join(TOOLS, name), self.path("tools"))
        self.file("build/release/build.ninja", "")
        os.mkdir(self.path("bin"))
        self.script("bin/ninja", NINJA)
        self.script("build/release/src/telexd", '#!/bin/sh\necho "telexd $*"\n')
        os.mkfifo(self.path("go"))
        self.argv = [self.path("tools/run"), "--some", "9999"]
        self.env = {"PATH": self.path("bin") + ":" + os.environ["PATH"]}

    def script(self, name, content):
        os.chmod(self.file(name, content), 0o755)

    def go_on(self):
        with open(self.path("go"), "w", encoding="ascii") as go:
            go.write("\n")

    def test_in_a_pipe(self):
        run = Program(self, self.argv, env=self.env)
        run.wait_diagnostic("building telexd\n")
        self.go_on()
        run.wait_end(0)
        self.assertEqual(run.stdout.copy(), b"telexd --some 9999\n")
        self.assertRegex(run.stderr.copy().decode(), r"\Abuilding telexd\nbuilt in \d+ s\n\Z")

    def test_at_a_terminal(self):
        run = Terminal(self, self.argv, env=self.env, whole=True)
        run.wait_seen("building telexd, 2 of 3 steps, ")
        run.wait_screen(lambda terminal: any(re.search(r"2 of 3 steps, [1-9]\d* s", line)
                                             for line in terminal.lines()), "time that goes on")
        self.go_on()
        run.wait_seen("telexd --some 9999")
        text = "\n".join(run.lines())
        self.assertRegex(text, r"building telexd\s*\nbuilt in \d+ s\s*\ntelexd --some 9999")
        self.assertNotIn("steps", text)

    def test_nothing_to_do(self):
        self.file("dry", "ninja: no work to do.\n")
        run = Program(self, self.argv, env=self.env)
        run.wait_end(0)
        self.assertEqual(run.stdout.copy(), b"telexd --some 9999\n")
        self.assertEqual(run.stderr.copy(), b"")

    def test_a_build_that_fails(self):
        self.file("status", "1")
        run = Program(self, self.argv, env=self.env)
        run.wait_diagnostic("building telexd\n")
        self.go_on()
        run.wait_end(1)
        self.assertEqual(run.stdout.copy(), b"")
        for part in ("1/3 Compiling a", "3/3 Linking telexd", "run: the build failed"):
            self.assertIn(part, run.stderr.copy().decode())


if __name__ == "__main__":
    main()
