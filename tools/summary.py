# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums up the logs that meson test wrote, one JSON object a line for each test. The last line
is "N passed, N failed"; the exit status is 1 unless all passed and there were some."""

import json
import re
import sys

GOOD = {"OK", "EXPECTEDFAIL"}
NOT_RUN = {"SKIP"}


def cases(output):
    """How many checks a test's output tells of: Check's summary, or unittest's."""
    check = [int(n) for n in re.findall(r"^\d+%: Checks: (\d+)", output, re.M)]
    unittest = [int(n) for n in re.findall(r"^Ran (\d+) tests? in", output, re.M)]
    return sum(check + unittest)


def skipped_cases(output):
    """How many of them unittest has skipped."""
    return sum(int(n) for n in re.findall(r"^(?:OK|FAILED) \(.*skipped=(\d+)", output, re.M))


def main(paths):
    results = []
    for path in paths:
        try:
            with open(path, encoding="utf-8") as log:
                results += [json.loads(line) for line in log]
        except FileNotFoundError:
            pass
    failed = [r["name"] for r in results if r["result"] not in GOOD | NOT_RUN]
    skipped = [r["name"] for r in results if r["result"] in NOT_RUN]
    passed = len(results) - len(failed) - len(skipped)
    outputs = [r.get("stdout", "") + "\n" + r.get("stderr", "") for r in results]
    total = sum(map(cases, outputs))
    left_out = sum(map(skipped_cases, outputs))

    for title, names in ("skipped", skipped), ("failed", failed):
        if names:
            print(f"{title}: {', '.join(names)}")
    print(f"{total} checks in {len(results)} test programs"
          + (f", {left_out} of them skipped" if left_out else ""))
    print(f"{passed} passed, {len(failed)} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
