import assert from "node:assert/strict";
import { sparseVectorIssue } from "../kit/vectors.ts";
import type { SparseEncoder } from "../spec/sparse-encoder.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

const TEXTS = [
  "The backup runs at three in the morning.",
  "Restore a backup with the restore command.",
  "Größe, naïve café 显存不足 🙂",
] as const;

/** The contract of sparse encoders. */
export function sparseEncoderContract(create: () => Promise<SparseEncoder>): readonly ContractCase[] {
  return contractCases(create, () => Promise.resolve(), [
    ["returns one vector per text, in order", inOrder],
    ["returns no vectors for no texts", noTexts],
    ["returns an empty vector for a text without terms", emptyText],
    ["returns strictly ascending indices and finite values, for queries and documents", wellFormed],
    ["returns no term for a query that a document with the same words does not have", sharedTerms],
    ["counts a word of a part with a weight above 1 more than a word of plain text", weightedParts],
    [
      "returns the same vector for the same text, beside other texts and in simultaneous calls",
      deterministic,
    ],
    ["accepts lone surrogates, NUL and 2 000 texts", hostileTexts],
    ["rejects with the reason of an aborted signal", aborted],
    ["has an id that is not empty and does not change with use", stableId],
  ]);
}

async function inOrder(encoder: SparseEncoder): Promise<void> {
  const together = await encoder.encode(TEXTS, { role: "document" });
  const apart = await Promise.all(TEXTS.map((text) => encoder.encode([text], { role: "document" })));
  assert.equal(together.length, TEXTS.length);
  assert.deepEqual(together, apart.flat());
}

async function noTexts(encoder: SparseEncoder): Promise<void> {
  assert.deepEqual(await encoder.encode([], { role: "document" }), []);
  assert.deepEqual(await encoder.encode([], { role: "query" }), []);
}

async function emptyText(encoder: SparseEncoder): Promise<void> {
  const vectors = await encoder.encode(["", " \n\t", TEXTS[0]], { role: "document" });
  assert.deepEqual(
    vectors.map(({ indices }) => indices.length > 0),
    [false, false, true],
  );
}

async function wellFormed(encoder: SparseEncoder): Promise<void> {
  for (const role of ["query", "document"] as const)
    for (const vector of await encoder.encode(TEXTS, { role })) {
      assert.equal(sparseVectorIssue(vector), undefined);
      assert.ok(vector.indices.length > 0);
    }
}

async function sharedTerms(encoder: SparseEncoder): Promise<void> {
  for (const text of TEXTS) {
    const [query] = await encoder.encode([text], { role: "query" });
    const [document] = await encoder.encode([text], { role: "document" });
    const held = new Set(document?.indices);
    assert.ok(query !== undefined && query.indices.length > 0);
    assert.ok(query.indices.every((term) => held.has(term)));
  }
}

async function weightedParts(encoder: SparseEncoder): Promise<void> {
  const [text, parted, heavy, word] = await encoder.encode(
    [
      "backup restore",
      [
        { text: "backup", weight: 1 },
        { text: "restore", weight: 1 },
      ],
      [
        { text: "backup", weight: 3 },
        { text: "restore", weight: 1 },
      ],
      "backup",
    ],
    { role: "document" },
  );
  assert.deepEqual(parted, text);
  assert.deepEqual(heavy?.indices, text?.indices);
  const gaining = heavy?.indices.filter((_, i) => (heavy.values[i] ?? 0) > (text?.values[i] ?? 0));
  assert.deepEqual(gaining, word?.indices);
}

async function deterministic(encoder: SparseEncoder): Promise<void> {
  const [first] = await encoder.encode([TEXTS[1]], { role: "document" });
  const runs = await Promise.all(
    Array.from({ length: 8 }, () => encoder.encode([TEXTS[0], TEXTS[1]], { role: "document" })),
  );
  for (const [, second] of runs) assert.deepEqual(second, first);
}

async function hostileTexts(encoder: SparseEncoder): Promise<void> {
  const texts = [
    "\ud800 alone",
    "nul \u0000 byte",
    ...Array.from({ length: 1998 }, (_, i) => `text number ${i}`),
  ];
  const vectors = await encoder.encode(texts, { role: "document" });
  assert.equal(vectors.length, 2000);
  for (const vector of vectors) assert.equal(sparseVectorIssue(vector), undefined);
}

async function aborted(encoder: SparseEncoder): Promise<void> {
  const reason = new Error("enough");
  const call = encoder.encode(TEXTS, { role: "query", signal: AbortSignal.abort(reason) });
  await assert.rejects(call, (error) => error === reason);
}

async function stableId(encoder: SparseEncoder): Promise<void> {
  const { id } = encoder;
  await encoder.encode(TEXTS, { role: "query" });
  assert.notEqual(id, "");
  assert.equal(encoder.id, id);
}
