"""Part `quality`: what the product finds, by words, by meaning and by both."""
import os

from driver import metrics, sets
from driver.mounting import Handle, Mount, write_files
from driver.reference import Fusion, Reference

MODES = ("lexical", "semantic", "hybrid")
LOSS_MOST = 0.02  # How much worse hybrid may be than the better of its halves.


def ask_all(handle, queries, paths, extra):
    rankings = []
    for query in queries:
        request = {"text": query.text, "k": metrics.DEPTH, "fold": False, "text_bytes": 0, **extra}
        hits = handle.ask(request)["hits"]
        rankings.append([paths[hit["path"]] for hit in hits])
    return rankings


def product(options, data, source):
    """{mode: rankings}"""
    os.makedirs(source)
    paths = write_files(data.documents, source)
    found = {}
    with Mount(options.vexfs, source) as mounted:
        mounted.index()
        with Handle(source, "query") as handle:
            for mode in MODES:
                found[mode] = ask_all(handle, data.queries, paths, {"mode": mode})
            for extra in options.variants:
                name = " ".join(f"{key}={value}" for key, value in extra.items())
                found[f"hybrid {name}"] = ask_all(handle, data.queries, paths, extra)
    return found


def reference(options, data):
    fusions = {"hybrid": Fusion(), "hybrid fusion=rrf": Fusion(method="rrf")}
    return Reference(data.documents, options.model).rankings(data.queries, fusions)


def measure(options, report, maker=product):
    report.table("set", "documents", "questions", "mode", "nDCG@10", "recall@10")
    by_mode = {}
    for name in options.sets:
        data = sets.reduced(sets.load(name, options.work), options.documents, options.queries)
        if maker is product:
            found = product(options, data, options.fresh_folder(name))
        else:
            found = maker(options, data)
        for mode, rankings in found.items():
            ndcg, recall = metrics.means(rankings, data.queries)
            by_mode.setdefault(mode, []).append((ndcg, recall))
            report.row(name, len(data.documents), len(data.queries), mode, ndcg, recall)
            report.record(part=maker.__name__, set=name, documents=len(data.documents),
                          questions=len(data.queries), mode=mode, ndcg=ndcg, recall=recall)
    for mode, figures in by_mode.items():
        ndcg, recall = (sum(column) / len(column) for column in zip(*figures))
        report.row("mean", "", "", mode, ndcg, recall)
        report.record(part=maker.__name__, set="mean", mode=mode, ndcg=ndcg, recall=recall)
    verdict(options.sets, by_mode)


def verdict(names, by_mode):
    """Whether fusing pays: better than both halves on the mean, far below neither anywhere."""
    hybrid, *halves = (by_mode[mode] for mode in ("hybrid", "lexical", "semantic"))
    above = all(sum(ndcg for ndcg, _ in hybrid) > sum(ndcg for ndcg, _ in half) for half in halves)
    print(f"\nhybrid is {'above' if above else 'NOT above'} both halves on the mean")
    for at, name in enumerate(names):
        loss = max(half[at][0] for half in halves) - hybrid[at][0]
        if loss > LOSS_MOST:
            print(f"{name}: hybrid is {loss:.3f} below its better half")
