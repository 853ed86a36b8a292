"""Parts that take time: ingest, save, latency, foreground, memory."""
import json
import os
import statistics
import subprocess
import time

from driver import sets
from driver.mounting import Handle, Mount, write_files
from driver.report import percentile

MEBIBYTE = 1 << 20
SET = "wordnet-glosses"  # Short texts: a passage each.
LONGER_SET = "debian"


def some_documents(options, name, count):
    """As many documents as are wanted, with the set repeated where it has fewer."""
    whole = sets.load(name, options.work)
    times = -(-count // len(whole.documents))
    return (whole.documents * times)[:count], whole.queries


def filled(options, name, set_name, count):
    source = options.fresh_folder(name)
    os.makedirs(source)
    documents, queries = some_documents(options, set_name, count)
    write_files(documents, source)
    return source, [query.text for query in queries]


def timed(ask, requests):
    seconds = []
    for request in requests:
        start = time.perf_counter()
        ask(request)
        seconds.append(time.perf_counter() - start)
    return seconds


def figures(report, name, seconds, aim=""):
    for percent, its_aim in ((50, ""), (99, aim)):
        report.figure(f"{name}, p{percent}", percentile(seconds, percent) * 1e3, "ms", its_aim)


def measure_ingest(options, report):
    source, _ = filled(options, "ingest", LONGER_SET, options.files)
    with Mount(options.vexfs, source) as mounted:
        start = time.monotonic()
        progress = mounted.index()
        seconds = time.monotonic() - start
    if progress["documents"] != options.files:
        raise SystemExit(f"{progress['documents']} of {options.files} files were indexed")
    report.figure(f"ingest of {options.files:,} small files", options.files / seconds, "files/s",
                  ">= 3,000/s")


def measure_save(options, report):
    source, _ = filled(options, "save", LONGER_SET, 1000)
    seconds = []
    with Mount(options.vexfs, source) as mounted, Handle(source, "query") as handle:
        mounted.index()
        for turn in range(options.saves):
            word = f"saved{turn}qzx"
            time.sleep(0.2)  # The mount becomes idle again.
            with open(f"{source}/note.txt", "w", encoding="utf-8") as file:
                file.write(f"A note about {word} and other things.\n")
            start = time.perf_counter()
            while not handle.ask({"text": word, "mode": "lexical"})["hits"]:
                if time.perf_counter() - start > 10:
                    raise SystemExit(f"{word} was not found within 10 s")
                time.sleep(0.002)
            seconds.append(time.perf_counter() - start)
    report.figure(f"from close to found, {options.saves} saves, median",
                  statistics.median(seconds) * 1e3, "ms")
    report.figure("from close to found, the longest", max(seconds) * 1e3, "ms", "<= 200 ms")


def measure_latency(options, report):
    source, questions = filled(options, "latency", SET, options.passages)
    questions = questions[: options.questions]
    with Mount(options.vexfs, source) as mounted:
        progress = mounted.index()
        report.figure("passages", progress["passages"])
        with Handle(source, "query") as handle:
            requests = as_requests(questions, "hybrid")
            figures(report, "`query`, hybrid, while vectors are being linked",
                    timed(handle.exchange, requests[:500]))
            mounted.settle()
            for mode in ("lexical", "semantic", "hybrid"):
                requests = as_requests(questions, mode)
                timed(handle.exchange, requests[:20])
                seconds = timed(handle.exchange, requests[20:])
                figures(report, f"`query`, {mode}", seconds, "<= 3 ms")
            figures(report, "`query`, hybrid, asked again", timed(handle.exchange, requests[20:]))
        few = questions[: options.processes]
        figures(report, "`ls .vexfs/search/QUESTION`",
                timed(lambda text: os.listdir(f"{source}/.vexfs/search/{name_of(text)}"), few))
        command = [options.vexfs, "search", "--json"]
        figures(report, "`vexfs search QUESTION`", timed(
            lambda text: subprocess.run([*command, text, source], check=False,
                                        stdout=subprocess.DEVNULL), few))


def as_requests(questions, mode):
    return [json.dumps({"text": text, "mode": mode}).encode() for text in questions]


def name_of(text):
    """The question as a directory's name."""
    return text.replace("/", " ").encode()[:200].decode(errors="ignore")


def churn(folder, seconds):
    """Makes, looks at and removes small files in turn; returns how many a second."""
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        path = f"{folder}/{count % 64}"
        with open(path, "wb") as file:
            file.write(b"x" * 4096)
        os.stat(path)
        os.unlink(path)
        count += 1
    return count / seconds


def fio(folder, pattern, seconds):
    done = subprocess.run(
        ["fio", "--name=foreground", f"--directory={folder}", f"--rw={pattern}", "--bs=64k",
         "--size=64m", f"--runtime={seconds}", "--time_based", "--output-format=json"],
        check=True, capture_output=True, text=True)
    job = json.loads(done.stdout)["jobs"][0]
    return job["read"]["iops"] + job["write"]["iops"]


FOREGROUND = {
    "small files": churn,
    "random reads": lambda folder, seconds: fio(folder, "randread", seconds),
    "writes": lambda folder, seconds: fio(folder, "write", seconds),
}


def measure_foreground(options, report):
    """The same work on the same mount while it indexes, beside before and afterwards, both: a
    machine is faster in one minute than in another. Medians of rounds."""
    lost = {name: [] for name in FOREGROUND}
    for _ in range(options.rounds):
        source, _ = filled(options, "foreground", LONGER_SET, options.foreground_files)
        folder = f"{source}/work"
        os.mkdir(folder)
        with open(f"{source}/.vexfsignore", "w", encoding="utf-8") as file:
            file.write("work/\n")
        os.sync()  # What was made is written now, and not during the measurement.

        def rates():
            return {name: work(folder, options.seconds) for name, work in FOREGROUND.items()}

        with Mount(options.vexfs, source) as mounted:
            before = rates()
            mounted.control(index=True)
            meanwhile = rates()
            progress = mounted.status()["text"]
            if not (progress["pending"] or progress["scanning"]):
                raise SystemExit("indexing was over too soon; raise --foreground-files")
            mounted.index()
            mounted.settle()
            after = rates()
        for name, ratios in lost.items():
            ratios.append(1 - meanwhile[name] / statistics.mean([before[name], after[name]]))
    for name, ratios in lost.items():
        report.figure(f"foreground {name}, lost while indexing, median of {len(ratios)} rounds",
                      statistics.median(ratios) * 100, "%", "<= 10 %")
        report.figure(f"foreground {name}, the worst round", max(ratios) * 100, "%")


def measure_memory(options, report):
    source, questions = filled(options, "memory", LONGER_SET, 10_000)
    with Mount(options.vexfs, source) as mounted:
        mounted.index()
        with Handle(source, "query") as handle:
            for text in questions[:200]:
                handle.ask({"text": text})
        everything, own = mounted.resident()
    report.figure("10,000 files indexed and searched, resident", everything / MEBIBYTE, "MiB",
                  "<= 50 MB")
    report.figure("of that not pages of files", own / MEBIBYTE, "MiB")
    with Mount(options.vexfs, source) as mounted, Handle(source, "query") as handle:
        for text in questions[:200]:
            handle.ask({"text": text})
        report.figure("the same after a remount", mounted.resident()[0] / MEBIBYTE, "MiB",
                      "<= 50 MB")
