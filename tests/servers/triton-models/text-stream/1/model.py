# Has the tensors of Triton's vLLM backend. It answers with the prompt's words in reverse order, 5 ms each, one request
# after another. The word FAIL raises an error, EXIT ends the process, and SPLIT is sent as half a character each.
import json, os, time
import numpy as np
import triton_python_backend_utils as pb

def value(request, name, default):
    tensor = pb.get_input_tensor_by_name(request, name)
    return default if tensor is None else tensor.as_numpy().reshape(-1)[0]

def text(content):
    return np.array([content], dtype=np.object_)

def pieces(words):
    for index, word in enumerate(words):
        space = b" " if index else b""
        if word == "FAIL":
            raise RuntimeError("failed on purpose")
        if word == "EXIT":
            os._exit(3)
        if word == "SPLIT":
            yield space + "é".encode()[:1]
            yield "é".encode()[1:]
        else:
            yield space + word.encode()

def answer(request, sender):
    if not value(request, "exclude_input_in_output", False):
        raise ValueError("a stream needs exclude_input_in_output")
    words = value(request, "text_input", b"").decode().split()
    sampling = json.loads(value(request, "sampling_parameters", b"{}"))
    kept = words[::-1][: sampling.get("max_tokens", 1000)]
    reason = "length" if len(kept) < len(words) else "stop"
    for index, piece in enumerate(pieces(kept)):
        if request.is_cancelled() or sender.is_cancelled():
            return
        time.sleep(0.005)
        tensors = [pb.Tensor("text_output", text(piece))]
        if value(request, "return_finish_reason", False):
            tensors.append(pb.Tensor("finish_reason", text(reason if index >= len(kept) - 1 else "None")))
        if value(request, "return_num_input_tokens", False):
            tensors.append(pb.Tensor("num_input_tokens", np.array([len(words)], np.uint32)))
        if value(request, "return_num_output_tokens", False):
            tensors.append(pb.Tensor("num_output_tokens", np.array([1], np.uint32)))
        sender.send(pb.InferenceResponse(tensors))

class TritonPythonModel:
    def execute(self, requests):
        for request in requests:
            sender = request.get_response_sender()
            try:
                answer(request, sender)
            except Exception as error:
                sender.send(pb.InferenceResponse(error=pb.TritonError(f"Error generating stream: {error}")))
            sender.send(flags=pb.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
        return None
