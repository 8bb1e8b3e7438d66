import assert from "node:assert/strict";
import { BinnacleError } from "../errors/binnacle-error.ts";
import type { ContentPart } from "../spec/content-part.ts";
import type { EmbedInput, EmbedOptions, EmbedResult, Embedder } from "../spec/embedder.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

const texts = [
  "The harbour master keeps the tide tables.",
  "Bread rises in a warm kitchen.",
  "naïve café 🙂 日本語 e\u0301",
] as const;
const pixel = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const image: ContentPart = {
  type: "image",
  image: { mediaType: "image/gif", data: Uint8Array.from(atob(pixel), (c) => c.charCodeAt(0)) },
};

/** The contract of embedders. It makes no assumption about the model. */
export function embedderContract(create: () => Promise<Embedder>): readonly ContractCase[] {
  return contractCases(create, (embedder) => embedder.close(), [
    ...vectorPromises,
    ...batchPromises,
    ...badInputPromises,
    ...callPromises,
  ]);
}

type Promised = readonly [name: string, body: (embedder: Embedder) => Promise<void>];

const vectorPromises: readonly Promised[] = [
  [
    "describes itself, and the same way again",
    async (embedder) => {
      const info = await embedder.describe();
      assert.notEqual(info.space.id, "");
      assert.ok(info.accepts.includes("text"));
      for (const count of [info.space.dimensions, info.maxItems, info.concurrency])
        assert.ok(Number.isInteger(count) && count >= 1, String(count));
      assert.deepEqual(await embedder.describe(), info);
    },
  ],
  [
    "returns a vector of its space for each text: finite numbers, not all zero",
    async (embedder) => {
      const { space } = await embedder.describe();
      const result = await embed(embedder, texts);
      assert.equal(result.spaceId, space.id);
      for (const vector of vectors(result)) {
        assert.equal(vector.length, space.dimensions);
        assert.ok(vector.every(Number.isFinite));
        assert.ok(vector.some((value) => value !== 0));
      }
    },
  ],
  [
    "embeds queries into the same space as documents",
    async (embedder) => {
      const [query, document] = await Promise.all([
        embed(embedder, texts, { role: "query" }),
        embed(embedder, texts, { role: "document" }),
      ]);
      assert.equal(query.spaceId, document.spaceId);
      assert.equal(vectors(query).length, vectors(document).length);
    },
  ],
  [
    "returns the same vector for a text as a string and as a part",
    async (embedder) => {
      const [text] = texts;
      const [bare, wrapped] = vectors(await embed(embedder, [text, { content: [{ type: "text", text }] }]));
      assertSame(bare, wrapped);
    },
  ],
  [
    "returns vectors that do not overlap in memory",
    async (embedder) => {
      const [first, second] = vectors(await embed(embedder, texts));
      const before = second?.slice();
      first?.fill(9);
      assert.deepEqual(second, before);
    },
  ],
];

const batchPromises: readonly Promised[] = [
  [
    "returns no outcomes for no inputs",
    async (embedder) => assert.deepEqual((await embed(embedder, [])).outcomes, []),
  ],
  [
    "keeps the order, even in a list longer than its batches",
    async (embedder) => {
      const { maxItems } = await embedder.describe();
      const count = Math.min(2 * maxItems, 300) + 1;
      const many = vectors(await embed(embedder, numbered(count)));
      assert.equal(many.length, count);
      for (const index of [0, Math.min(maxItems, count - 1), count - 1]) {
        const [alone] = vectors(await embed(embedder, numbered(count).slice(index, index + 1)));
        assertSame(many[index], alone);
      }
    },
  ],
  [
    "returns its own vectors to each of several simultaneous calls",
    async (embedder) => {
      const together = await Promise.all(texts.map((text) => embed(embedder, [text])));
      const [first, second] = together.flatMap(vectors);
      const alone = vectors(await embed(embedder, texts));
      assertSame(first, alone[0]);
      assertSame(second, alone[1]);
    },
  ],
];

const badInputPromises: readonly Promised[] = [
  [
    "reports an input without parts in its own outcome",
    (embedder) => costsOnlyItself(embedder, { content: [] }),
  ],
  [
    "reports a text over its limit in its own outcome instead of cutting it, and accepts long texts without a limit",
    async (embedder) => {
      const { maxTokensPerItem } = await embedder.describe();
      const words = "harbour ".repeat((maxTokensPerItem ?? 1000) + 1); // a word has at least one token
      if (maxTokensPerItem !== undefined) return costsOnlyItself(embedder, words);
      assert.equal(vectors(await embed(embedder, [words])).length, 1);
    },
  ],
  [
    "embeds an image or refuses it, as its `accepts` says",
    (embedder) => embedsOrReports(embedder, "image", { content: [image] }),
  ],
  [
    "embeds a text and an image as one input or refuses them, as its `accepts` says",
    (embedder) =>
      embedsOrReports(embedder, "text+image", { content: [{ type: "text", text: texts[0] }, image] }),
  ],
];

const callPromises: readonly Promised[] = [
  [
    "rejects every call with the reason of a signal that is already aborted",
    async (embedder) => {
      const reason = new Error("too late");
      const signal = AbortSignal.abort(reason);
      await assert.rejects(embedder.describe({ signal }), (error) => error === reason);
      await assert.rejects(embed(embedder, texts, { signal }), (error) => error === reason);
    },
  ],
  [
    "rejects a running call with the reason of the abort",
    async (embedder) => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const result = embed(embedder, numbered(50), { signal: controller.signal });
      controller.abort(reason);
      await assert.rejects(result, (error) => error === reason);
    },
  ],
  [
    "rejects immediately if the deadline has passed",
    (embedder) => assert.rejects(embed(embedder, texts, { deadlineAt: Date.now() - 1 }), { code: "timeout" }),
  ],
  [
    "closes twice, and then rejects every call with `closed`",
    async (embedder) => {
      await embedder.close();
      await embedder.close();
      await assert.rejects(embedder.describe(), { code: "closed" });
      await assert.rejects(embed(embedder, texts), { code: "closed" });
    },
  ],
];

function embed(
  embedder: Embedder,
  inputs: readonly EmbedInput[],
  options?: Partial<EmbedOptions>,
): Promise<EmbedResult> {
  return embedder.embed(inputs, { role: "document", ...options });
}

/** Embeds a bad input between good ones, and asserts that only the bad one fails. */
async function costsOnlyItself(embedder: Embedder, bad: EmbedInput): Promise<void> {
  const [first, second] = texts;
  const { outcomes } = await embed(embedder, [first, bad, second]);
  assert.equal(outcomes.length, 3);
  assert.ok(BinnacleError.isInstance(outcomes[1]), "the bad input has no error");
  const [alone] = vectors(await embed(embedder, [second]));
  assert.ok(
    outcomes[0] instanceof Float32Array && outcomes[2] instanceof Float32Array,
    "a good input failed",
  );
  assertSame(outcomes[2], alone);
}

async function embedsOrReports(
  embedder: Embedder,
  kind: "image" | "text+image",
  input: EmbedInput,
): Promise<void> {
  const { accepts } = await embedder.describe();
  if (!accepts.includes(kind)) return costsOnlyItself(embedder, input);
  assert.equal(vectors(await embed(embedder, [input, texts[0]])).length, 2);
}

function vectors({ outcomes }: EmbedResult): readonly Float32Array[] {
  return outcomes.map((outcome) => {
    assert.ok(outcome instanceof Float32Array, String(outcome));
    return outcome;
  });
}

/** Asserts that vectors are equal up to rounding, because a server may add in another order in a batch. */
function assertSame(left: Float32Array | undefined, right: Float32Array | undefined): void {
  assert.ok(left && right);
  let [dot, leftSquares, rightSquares] = [0, 0, 0];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    dot += value * other;
    leftSquares += value * value;
    rightSquares += other * other;
  }
  const cosine = dot / Math.sqrt(leftSquares * rightSquares);
  assert.ok(cosine > 0.999, `cosine ${cosine}`);
}

function numbered(count: number): readonly string[] {
  const things = ["anchor", "kettle", "violin", "meadow", "ledger", "comet", "glacier"];
  return Array.from({ length: count }, (_, index) => `${things[index % things.length]} number ${index}`);
}
