"""Records the bytes that Qdrant's engine stores for a point, by dimensions and quantization. Runs the engine in this
process through PyPI `qdrant-edge-py`. A server holds the copies and the graph in memory too, because the driver asks
for that.

    python record_sizes.py > packages/retriever/src/stores/qdrant/fixtures/qdrant-edge-sizes.json
"""

import json
import os
import random
import tempfile
from importlib.metadata import version

from qdrant_edge import (
    BinaryQuantizationConfig,
    CompressionRatio,
    Distance,
    EdgeConfig,
    EdgeOptimizersConfig,
    EdgeShard,
    EdgeVectorParams,
    HnswIndexConfig,
    Point,
    ProductQuantizationConfig,
    ScalarQuantizationConfig,
    ScalarType,
    UpdateOperation,
)

POINTS = 2000
DIMENSIONS = [384, 768, 1536, 2048, 4096]
# As collection-options.ts creates them.
QUANTIZATIONS = {
    "none": lambda: None,
    "int8": lambda: ScalarQuantizationConfig(ScalarType.Int8, quantile=0.99, always_ram=True),
    "product": lambda: ProductQuantizationConfig(CompressionRatio.X16, always_ram=True),
    "binary": lambda: BinaryQuantizationConfig(always_ram=True),
}


def filled(folder, size, quantization):
    graph = HnswIndexConfig(m=16, ef_construct=200, full_scan_threshold=10)
    dense = EdgeVectorParams(
        size, Distance.Cosine, on_disk=True, hnsw_config=graph, quantization_config=quantization
    )
    # One segment, so that every point is in the same index.
    optimizers = EdgeOptimizersConfig(indexing_threshold=10, default_segment_number=1)
    shard = EdgeShard.create(folder, EdgeConfig(vectors={"dense": dense}, optimizers=optimizers))
    numbers = random.Random(7)
    for first in range(0, POINTS, 250):
        ids = range(first, first + 250)
        points = [Point(i, {"dense": [numbers.gauss(0, 1) for _ in range(size)]}) for i in ids]
        shard.update(UpdateOperation.upsert_points(points))
    shard.optimize()
    shard.close()


def bytes_per_point(folder, wanted):
    total = 0
    for path, _, names in os.walk(folder):
        total += sum(os.path.getsize(os.path.join(path, name)) for name in names if wanted(path, name))
    return round(total / POINTS)


def measured(size, quantization):
    with tempfile.TemporaryDirectory() as folder:
        filled(folder, size, quantization)
        return {
            "originals": bytes_per_point(folder, lambda _, name: name == "matrix.dat"),
            "copies": bytes_per_point(folder, lambda _, name: name == "quantized.data"),
            "graph": bytes_per_point(
                folder, lambda path, name: path.endswith("vector_index-dense") and name.endswith(".bin")
            ),
        }


print(
    json.dumps(
        {
            "engine": f"qdrant-edge-py {version('qdrant-edge-py')}",
            "points": POINTS,
            "sizes": {
                size: {name: measured(size, make()) for name, make in QUANTIZATIONS.items()}
                for size in DIMENSIONS
            },
        }
    )
)
