# Has the tensors of a served Qwen3-VL. `image` is base64 text, empty for none. `mode` is generate or embed. Vectors
# are hashed words, so texts that share words are closer. A message "return NaN" gives a vector with NaN.
import base64, re, time, zlib
import numpy as np
import triton_python_backend_utils as pb

SIZE = 64

def embed(text, image):
    vector = np.zeros(SIZE, np.float32)
    for word in re.findall(rb"\w+", text.lower()) or [b""]:
        crc = zlib.crc32(word)
        vector[crc % SIZE] += 1.0 if crc & 0x10000 else -1.0
    if image:
        vector[zlib.crc32(image) % SIZE] += 0.5
    if text == b"return NaN":
        vector[7] = np.nan
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector

def answer(request):
    started = time.perf_counter()
    def column(name, count, default):
        tensor = pb.get_input_tensor_by_name(request, name)
        return [default] * count if tensor is None else list(tensor.as_numpy().reshape(-1))
    messages = column("message", 0, b"")
    count = len(messages)
    modes = set(column("mode", count, b"generate"))
    images = [base64.b64decode(one, validate=True) for one in column("image", count, b"")]
    if len(modes) > 1 or not modes <= {b"generate", b"embed"}:
        raise ValueError("mode must be generate or embed")
    if modes == {b"embed"}:
        texts, vectors = [b""] * count, np.stack([embed(*one) for one in zip(messages, images)])
    else:
        texts = [b"echo: " + text + (b" [image of %d bytes]" % len(image) if image else b"")
                 for text, image in zip(messages, images)]
        vectors = np.zeros((count, 0), np.float32)
    seconds = np.full((count, 1), time.perf_counter() - started, np.float32)
    return pb.InferenceResponse([
        pb.Tensor("response", np.array(texts, dtype=np.object_).reshape(count, 1)),
        pb.Tensor("embedding", vectors.astype(np.float32)),
        pb.Tensor("response_time", seconds)])

class TritonPythonModel:
    def execute(self, requests):
        answers = []
        for request in requests:
            try:
                answers.append(answer(request))
            except ValueError as error:
                answers.append(pb.InferenceResponse(error=pb.TritonError(str(error), pb.TritonError.INVALID_ARG)))
        return answers
