# Sleeps for `ms` milliseconds, or until the request is cancelled. Its queue holds two requests.
import time
import numpy as np
import triton_python_backend_utils as pb

def answer(request):
    ms = int(pb.get_input_tensor_by_name(request, "ms").as_numpy().reshape(-1)[0])
    end = time.monotonic() + ms / 1000
    while time.monotonic() < end:
        if request.is_cancelled():
            return pb.InferenceResponse(error=pb.TritonError("cancelled", pb.TritonError.CANCELLED))
        time.sleep(0.005)
    return pb.InferenceResponse([pb.Tensor("slept", np.array([[ms]], np.int32))])

class TritonPythonModel:
    def execute(self, requests):
        return [answer(request) for request in requests]
