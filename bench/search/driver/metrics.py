"""How good a ranking is: nDCG@10 (Järvelin and Kekäläinen, 2002) and recall@10, gains of 0 or 1."""
import math

DEPTH = 10


def ndcg(ranking, relevant):
    gain = sum(1 / math.log2(place + 2) for place, id in enumerate(ranking[:DEPTH])
               if id in relevant)
    best = sum(1 / math.log2(place + 2) for place in range(min(DEPTH, len(relevant))))
    return gain / best


def recall(ranking, relevant):
    return len(set(ranking[:DEPTH]) & set(relevant)) / len(relevant)


def means(rankings, queries):
    """The means of nDCG@10 and recall@10 over all queries; `rankings` has one for each."""
    assert len(rankings) == len(queries) > 0
    pairs = [(ndcg(ranking, set(query.relevant)), recall(ranking, query.relevant))
             for ranking, query in zip(rankings, queries)]
    return tuple(sum(column) / len(pairs) for column in zip(*pairs))
