# Measures tritonclient over gRPC. For each line on standard input it makes that many calls, and prints their times as JSON.
import json, sys, time
import numpy as np
import tritonclient.grpc as triton

client = triton.InferenceServerClient(sys.argv[1])
rows = int(sys.argv[2])
texts = np.array([[f"text number {row}".encode()] for row in range(rows)], dtype=np.object_)

def call():
    tensor = triton.InferInput("texts", [rows, 1], "BYTES")
    tensor.set_data_from_numpy(texts)
    answer = client.infer("vectors", [tensor], outputs=[triton.InferRequestedOutput("vectors")])
    return answer.as_numpy("vectors")

for line in sys.stdin:
    walls, cpus, total = [], [], 0.0
    for _ in range(int(line)):
        started, cpu = time.perf_counter(), time.process_time()
        total = float(call().sum())
        walls.append((time.perf_counter() - started) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    print(json.dumps({"wallMs": walls, "cpuMs": cpus, "sum": total}), flush=True)
