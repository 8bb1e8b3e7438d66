# Returns one FP16 vector per text, seeded by the text. Its tensors have names that no driver knows.
import zlib
import numpy as np
import triton_python_backend_utils as pb

def vector(text):
    return np.random.default_rng(zlib.crc32(text)).standard_normal(16)

class TritonPythonModel:
    def execute(self, requests):
        answers = []
        for request in requests:
            texts = pb.get_input_tensor_by_name(request, "texts").as_numpy().reshape(-1)
            vectors = np.stack([vector(text) for text in texts]).astype(np.float16)
            answers.append(pb.InferenceResponse([pb.Tensor("vectors", vectors)]))
        return answers
