"""From samples to medians and ratios."""
import math
import statistics


class Ratio:
    """Speed of one target over another: of their medians, and the range over the rounds.

    The rounds are paired: noise that lasts longer than a row hits both sides of a pair.
    """

    def __init__(self, samples, over):
        """The samples of both by round, without rounds in which one of them failed."""
        self.value = self.low = self.high = None
        both = samples.keys() & over.keys()
        if both:
            upper, lower = ([side[number] for number in both] for side in (samples, over))
            paired = [a.rate / b.rate for a, b in zip(upper, lower)]
            self.value = median_rate(upper) / median_rate(lower)
            self.low, self.high = min(paired), max(paired)

    def __str__(self):
        return "-" if self.value is None else f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f})"


def median_rate(samples):
    return statistics.median(sample.rate for sample in samples)


def median_detail(samples, name):
    values = [sample.details[name] for sample in samples if name in sample.details]
    return statistics.median(values) if values else None


def geometric_mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


def compared_pairs(targets):
    """(a, b) for each column a/b: all over native, then each VexFS over the first peer."""
    native, *others = targets
    peers = [target for target in others if not hasattr(target, "options")]
    configurations = [target for target in others if hasattr(target, "options")]
    pairs = [(target, native) for target in configurations + peers]
    return pairs + [(target, peers[0]) for target in configurations if peers]
