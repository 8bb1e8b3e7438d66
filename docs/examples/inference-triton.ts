import { tensorFloats, TritonClient, TritonEmbedder } from "@binnacle/inference/triton";

const url = "grpc://127.0.0.1:8001";
const embedder = new TritonEmbedder({ url, model: "qwen3-vl" });
const { outcomes } = await embedder.embed(["High water at noon."], { role: "document" });
console.log(outcomes.length);

const client = new TritonClient({ url }); // for any other model, with tensors of your own
const pixels = new Float32Array(3 * 224 * 224);
const answer = await client.infer({
  model: "resnet",
  inputs: [{ name: "input", datatype: "FP32", shape: [1, 3, 224, 224], data: pixels }],
});
for (const tensor of answer.outputs) console.log(tensor.name, tensor.shape, tensorFloats(tensor));
await Promise.all([embedder.close(), client.close()]);
