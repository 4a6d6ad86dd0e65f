# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with measured numbers: medians, ratios, targets. No program is started here."""

import dataclasses
import math
import statistics


def median(values):
    """None where there is nothing, as where a server was not measured."""
    return statistics.median(values) if values else None


def ratio(ours, theirs):
    """Round by round, then the median: what disturbed a round disturbed both."""
    return median([one / other for one, other in zip(ours, theirs) if other])


def percentile(values, share):
    """The smallest value that at least this share of all (0 to 1) does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


@dataclasses.dataclass(frozen=True)
class Target:
    """at_most or at_least; one of the two."""
    at_most: float = None
    at_least: float = None

    def is_met(self, figure):
        if figure is None:
            return False
        if self.at_most is not None:
            return figure <= self.at_most
        return figure >= self.at_least

    def __str__(self):
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return f">= {self.at_least:g}"


@dataclasses.dataclass
class Finding:
    """One line of the table. Values and rates are lists, a round each, by the server's name."""
    name: str
    unit: str                # of the values
    values: dict = dataclasses.field(default_factory=dict)
    rates: dict = dataclasses.field(default_factory=dict)
    figure: float = None     # what the target is about
    target: Target = None
    trouble: str = ""        # why there is no figure

    def compare(self, ours, theirs):
        self.figure = ratio(self.values.get(ours, []), self.values.get(theirs, []))
        return self

    def take(self, ours):
        """The figure is the value itself."""
        self.figure = median(self.values.get(ours, []))
        return self

    @property
    def missed(self):
        return bool(self.trouble) or (self.target is not None
                                      and not self.target.is_met(self.figure))

    @property
    def verdict(self):
        if self.trouble:
            return "failed"
        if self.target is None:
            return ""
        return "missed" if self.missed else "ok"

    def summary(self):
        """For the list of what was missed."""
        if self.trouble:
            return f"{self.name}: {self.trouble}"
        return f"{self.name}: {self.figure:.3f}, target {self.target}"

    def as_json(self):
        target = self.target and {key: value for key, value
                                  in dataclasses.asdict(self.target).items() if value is not None}
        return {"name": self.name, "unit": self.unit, "figure": self.figure, "target": target,
                "verdict": self.verdict, "trouble": self.trouble or None,
                "values": self.values, "rates": self.rates}


def exit_status(findings, check):
    """What broke is always an error, a missed target only where targets are to be checked."""
    if any(finding.trouble for finding in findings):
        return 1
    return 1 if check and any(finding.missed for finding in findings) else 0
