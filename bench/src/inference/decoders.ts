import { toFloat32Array } from "../../node_modules/openai/internal/utils/base64.mjs";
import { parseEmbeddings } from "../../../packages/inference/src/embedding/parse-embeddings.ts";
import { parseVectorJson } from "../../../packages/inference/src/embedding/parse-vector-json.ts";
import { embeddingsBody } from "./wire-fixtures.ts";

type Vectors = readonly ArrayLike<number>[];
interface Reply<Embedding> {
  readonly data: readonly { readonly embedding: Embedding }[];
}

/** Returns the decoders of a received body with this many vectors: ours, that of `openai`, and plain numbers. */
export function decoders(count: number, dimensions: number): Readonly<Record<string, () => Vectors>> {
  const [base64, floats] = [
    embeddingsBody(count, dimensions, "base64"),
    embeddingsBody(count, dimensions, "float"),
  ];
  const text = (body: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(body);
  return {
    ours: () => parseEmbeddings("bench", parseVectorJson(base64), count).vectors,
    openai: () => {
      const reply: Reply<string> = JSON.parse(text(base64));
      return reply.data.map(({ embedding }) => toFloat32Array(embedding));
    },
    floats: () => {
      const reply: Reply<number[]> = JSON.parse(text(floats));
      return reply.data.map(({ embedding }) => Float32Array.from(embedding));
    },
  };
}
