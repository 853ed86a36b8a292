"""What is measured, a function a part. Each yields rows; peers take turns wherever time counts."""
import contextlib
import os

from driver import priority
from driver.peers import PeerError

OURS = "vexfs"


def curve(peers, arguments):
    """Recall against speed: every ef, every peer, one repetition after the other."""
    for peer in peers:
        yield from attempt(peer, "describe")
        yield from built(peer, arguments)
    for repetition in range(arguments.repetitions):
        for ef in arguments.ef:
            for peer in rotated(peers, repetition):
                yield from attempt(peer, "search", ef=ef)
        for peer in peers:
            if peer.name == OURS:  # 0 means a search without options, which only ours has.
                for row in attempt(peer, "search", ef=0):
                    yield {**row, "command": "default_search"}


def built(peer, arguments):
    """Builds each peer's index; with --reuse, loads it if an earlier run has built the same."""
    if not arguments.reuse or (peer.name == OURS and not arguments.reuse_ours):
        yield from attempt(peer, "build", threads=arguments.threads)
        return
    shape = f"m{arguments.m}.ef{arguments.ef_construction}"
    path = os.path.join(arguments.reuse, f"{peer.data_set.name}.{peer.name}.{shape}.index")
    if os.path.exists(path) and list(attempt(peer, "load", path=path)):
        return
    yield from attempt(peer, "build", threads=arguments.threads)
    list(attempt(peer, "save", path=path))


def load(peers, arguments):
    """Saves, and loads three times; searches after the last one must be as good."""
    for peer in peers:
        path = f"{arguments.scratch}/{peer.data_set.name}.{peer.name}.index"
        rows = list(attempt(peer, "save", path=path))
        yield from rows
        for _ in range(3 if rows else 0):
            yield from attempt(peer, "load", path=path)


def filters(peers, arguments):
    """Searches that may find only some rows, between two without a filter."""
    peers = [peer for peer in peers if list(attempt(peer, "filter", percent=50))]
    percents = [100, *arguments.percents, 100] if peers else []
    for repetition in range(arguments.repetitions):
        for percent in percents:
            for peer in rotated(peers, repetition):
                if list(attempt(peer, "filter", percent=percent)):
                    for row in attempt(peer, "search", ef=arguments.filter_ef):
                        yield {**row, "command": "filtered", "percent": percent}


def churn(peers, arguments):
    """Rounds of taking out random rows and putting them back; recall after each."""
    values = {"rows": arguments.churn_rows} if arguments.churn_rows else {}
    for peer in peers:
        yield from marked(attempt(peer, "build", threads=arguments.threads, **values), 0)
        yield from marked(attempt(peer, "search", ef=arguments.churn_ef), 0)
        for number in range(1, arguments.churn_rounds + 1):
            erased = list(marked(attempt(peer, "erase", percent=30, seed=number), number))
            yield from erased
            if not erased:
                break
            yield from marked(attempt(peer, "search", ef=arguments.churn_ef), number, "without")
            yield from marked(attempt(peer, "insert"), number)
            yield from marked(attempt(peer, "search", ef=arguments.churn_ef), number)


def build_rates(peers, arguments):
    """The same build on one thread and on two, on so many of the first rows."""
    for _ in range(arguments.build_repetitions):
        for threads in (1, 2):
            for peer in peers:
                for row in attempt(peer, "build", threads=threads, rows=arguments.build_rows):
                    yield {**row, "command": "build_rate"}


PARTS = {
    "curve": curve,
    "filters": filters,
    "load": load,
    "churn": churn,
    "build": build_rates,
}


def marked(rows, number, step=""):
    for row in rows:
        yield {**row, "command": "churn_" + row["command"], "round": number, "step": step}


def rotated(peers, by):
    by %= len(peers)
    return peers[by:] + peers[:by]


def attempt(peer, command, **values):
    """Yields the answer, or nothing after a line that says why."""
    try:
        with priority.ahead() if command == "search" else contextlib.nullcontext():
            row = peer.ask(command, **values)
        yield row
    except PeerError as error:
        if "not supported" not in str(error):
            print(f"run: {error}")
