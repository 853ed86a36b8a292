"""Clustered sets of the tool's own generator."""

QUERIES = "5000"


def make(steps, rows, dim, decay, normalised, seed):
    files = [steps.path("base.fbin"), steps.path("query.fbin")]
    shape = [rows, QUERIES, dim, decay, normalised, seed]
    steps.run([steps.tool, "clustered", *files, *shape], f"generating {rows} vectors")


def make_mix128(steps):
    make(steps, "1000000", "128", "0.55", "0", "1234")


def make_mix768(steps):
    make(steps, "200000", "768", "0.60", "1", "4321")
