"""Records what Qdrant's engine answers where the double's local mode differs from it: HNSW, quantization, and IDF
after deletions. Runs the engine in this process through PyPI `qdrant-edge-py`.

    python record_edge.py > packages/retriever/src/stores/qdrant/fixtures/qdrant-edge.json
"""

import json
import tempfile
from importlib.metadata import version

from qdrant_edge import (
    Distance,
    EdgeConfig,
    EdgeOptimizersConfig,
    EdgeShard,
    EdgeSparseVectorParams,
    EdgeVectorParams,
    HnswIndexConfig,
    Modifier,
    Point,
    QuantizationSearchParams,
    Query,
    QueryRequest,
    ScalarQuantizationConfig,
    ScalarType,
    SearchParams,
    SparseVector,
    UpdateOperation,
)

POINTS, SIZE, QUERIES, LIMIT = 2000, 16, 8, 10
GRAPH = {"m": 16, "ef_construct": 200}
QUANTILE, OVERSAMPLING = 0.99, 2.0


class Numbers:
    """The same numbers in every language. Each is exact in float32."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return ((self.state >> 16) % 2048 - 1024 + 0.5) / 1024


def vectors(count, seed):
    numbers = Numbers(seed)
    return [[numbers.next() for _ in range(SIZE)] for _ in range(count)]


def shard(config):
    return EdgeShard.create(tempfile.mkdtemp(), config)


def hits(found):
    return {"ids": [hit.id for hit in found], "scores": [round(hit.score, 7) for hit in found]}


def search(opened, vector, params):
    request = QueryRequest(limit=LIMIT, query=Query.Nearest(vector, using="dense"), params=params)
    return hits(opened.query(request))


def dense(distance, quantized):
    graph = HnswIndexConfig(full_scan_threshold=10, **GRAPH)
    scalar = ScalarQuantizationConfig(type=ScalarType.Int8, quantile=QUANTILE)
    params = EdgeVectorParams(
        SIZE, distance, hnsw_config=graph, quantization_config=scalar if quantized else None
    )
    opened = shard(
        EdgeConfig(vectors={"dense": params}, optimizers=EdgeOptimizersConfig(indexing_threshold=10))
    )
    points = [Point(i, {"dense": vector}) for i, vector in enumerate(vectors(POINTS, 7))]
    opened.update(UpdateOperation.upsert_points(points))
    opened.optimize()
    return opened


def ranked():
    answers = {}
    for name, distance in (("cosine", Distance.Cosine), ("dot", Distance.Dot), ("euclid", Distance.Euclid)):
        opened = dense(distance, quantized=False)
        asked = vectors(QUERIES, 11)
        answers[name] = {
            "exact": [search(opened, vector, SearchParams(exact=True)) for vector in asked],
            "graph": [search(opened, vector, SearchParams(exact=False)) for vector in asked],
        }
        opened.close()
        opened = dense(distance, quantized=True)
        rescore = QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING)
        params = SearchParams(exact=False, quantization=rescore)
        answers[name]["int8"] = [search(opened, vector, params) for vector in asked]
        opened.close()
    return answers


def sparse():
    opened = shard(EdgeConfig(sparse_vectors={"sparse": EdgeSparseVectorParams(modifier=Modifier.Idf)}))
    terms = {1: [1, 2], 2: [1], 3: [1, 3], 4: [2, 3], 5: [3]}
    points = [Point(i, {"sparse": SparseVector(t, [1.5] * len(t))}) for i, t in terms.items()]
    opened.update(UpdateOperation.upsert_points(points))

    def scores():
        found = {}
        for term in (1, 2, 3):
            query = Query.Nearest(SparseVector([term], [1.0]), using="sparse")
            found[term] = hits(opened.query(QueryRequest(limit=LIMIT, query=query)))
        return found

    before = scores()
    opened.update(UpdateOperation.delete_points([2, 3]))
    return {"terms": terms, "weight": 1.5, "before": before, "deleted": [2, 3], "after": scores()}


print(
    json.dumps(
        {
            "engine": f"qdrant-edge-py {version('qdrant-edge-py')}",
            "points": POINTS,
            "dimensions": SIZE,
            "queries": QUERIES,
            "graph": GRAPH,
            "quantile": QUANTILE,
            "oversampling": OVERSAMPLING,
            "ranked": ranked(),
            "sparse": sparse(),
        }
    )
)
