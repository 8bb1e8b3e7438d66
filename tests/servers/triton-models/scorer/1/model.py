# Scores a document by the share of the query's words that it has.
import re
import numpy as np
import triton_python_backend_utils as pb

def words(text):
    return set(re.findall(r"\w+", text.decode().lower()))

def score(query, document):
    wanted = words(query)
    return len(wanted & words(document)) / max(1, len(wanted))

class TritonPythonModel:
    def execute(self, requests):
        answers = []
        for request in requests:
            queries, documents = (pb.get_input_tensor_by_name(request, name).as_numpy().reshape(-1)
                                  for name in ("query", "document"))
            scores = [[score(*pair)] for pair in zip(queries, documents)]
            answers.append(pb.InferenceResponse([pb.Tensor("score", np.array(scores, np.float32))]))
        return answers
