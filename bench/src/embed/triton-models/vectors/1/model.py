# Returns the same vectors for any texts, so that nearly all time is spent on the wire.
import numpy as np
import triton_python_backend_utils as pb

class TritonPythonModel:
    def initialize(self, args):
        self.vectors = np.random.default_rng(7).standard_normal((256, 1024)).astype(np.float32)

    def execute(self, requests):
        rows = [pb.get_input_tensor_by_name(request, "texts").shape()[0] for request in requests]
        return [pb.InferenceResponse([pb.Tensor("vectors", self.vectors[:count])]) for count in rows]
