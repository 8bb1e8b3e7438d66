/** Returns the bytes of a streamed chat completion with this many text events, as llama-server sends them. */
export function chatChunks(events: number): Buffer {
  const common =
    '"created":1790000000,"id":"chatcmpl-Wqk8","model":"replay","system_fingerprint":"b1","object":"chat.completion.chunk"';
  const chunk = (choice: string, more = ""): string => `data: {"choices":[${choice}],${common}${more}}\n\n`;
  const text = (delta: string): string =>
    chunk(`{"finish_reason":null,"index":0,"delta":{"content":${JSON.stringify(delta)}}}`);
  const words = [" the", " harbour", " master", " keeps", " tide", " tables", ",", " naïve", " 🙂", "\n"];
  const pieces = Array.from({ length: events }, (_, index) => text(words[index % words.length] ?? ""));
  return Buffer.from(
    [
      chunk('{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}'),
      ...pieces,
      chunk('{"finish_reason":"stop","index":0,"delta":{}}'),
      chunk("", `,"usage":{"completion_tokens":${events},"prompt_tokens":9,"total_tokens":${events + 9}}`),
      "data: [DONE]\n\n",
    ].join(""),
  );
}

/** Returns the body of `POST /v1/embeddings` with vectors of pseudo-random numbers. */
export function embeddingsBody(count: number, dimensions: number, encoding: "base64" | "float"): Buffer {
  const data = vectors(count, dimensions).map((vector, index) => ({
    object: "embedding",
    index,
    embedding: encoding === "base64" ? Buffer.from(vector.buffer).toString("base64") : [...vector],
  }));
  const usage = { prompt_tokens: count, total_tokens: count };
  return Buffer.from(JSON.stringify({ object: "list", data, model: "replay", usage }));
}

/** Returns the answer for a request's body: as many vectors as it has texts, 256 or 1. */
export function embeddingsAnswer(request: string): Buffer {
  const { input, encoding_format: encoding }: { input: unknown; encoding_format?: string } =
    JSON.parse(request);
  const count = Array.isArray(input) && input.length > 1 ? 256 : 1;
  const key = `${encoding ?? "float"} ${count}`;
  const known = answers.get(key) ?? embeddingsBody(count, 1024, encoding === "base64" ? "base64" : "float");
  answers.set(key, known);
  return known;
}

const answers = new Map<string, Buffer>();

/** Returns vectors of length 1, the same each time. */
export function vectors(count: number, dimensions: number): readonly Float32Array[] {
  let state = 7;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: dimensions }, next);
    const scale = 1 / Math.hypot(...vector);
    return vector.map((value) => value * scale);
  });
}
