# A mode that names an error code, such as INTERNAL, fails with it. RAISE raises an exception, EXIT ends the process,
# and any other text comes back.
import os
import numpy as np
import triton_python_backend_utils as pb

def answer(request):
    mode = pb.get_input_tensor_by_name(request, "mode").as_numpy().reshape(-1)[0].decode()
    if mode == "EXIT":
        os._exit(3)
    if mode == "RAISE":
        raise RuntimeError("raised on purpose")
    code = getattr(pb.TritonError, mode, None) if mode.isupper() else None
    if code is not None:
        return pb.InferenceResponse(error=pb.TritonError(f"{mode} on purpose", code))
    return pb.InferenceResponse([pb.Tensor("out", np.array([[mode.encode()]], dtype=np.object_))])

class TritonPythonModel:
    def execute(self, requests):
        return [answer(request) for request in requests]
