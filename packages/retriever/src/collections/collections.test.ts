import { ConfigurationError } from "@binnacle/core";
import { describe, expect, expectTypeOf, test } from "vitest";
import { MemoryStore } from "../stores/memory/index.ts";
import {
  conversationsCollection,
  documentsCollection,
  knowledgeBaseCollection,
  learningDataCollection,
  userProfilesCollection,
} from "./collection-presets.ts";
import type { FieldsMetadata } from "../indexing/options/index-types.ts";
import { forEmbeddings } from "./for-embeddings.ts";

const spaceId = "model";

describe("forEmbeddings", () => {
  test("builds a spec field by field, whose types the compiler knows (Q43)", async () => {
    const spec = forEmbeddings("notes", { spaceId, dimensions: 3 })
      .withPayloadField("title", "text")
      .withPayloadField("pages", "integer")
      .withMetric("dot")
      .build();
    expect(spec).toEqual({
      name: "notes",
      dense: { spaceId, dimensions: 3, metric: "dot" },
      fields: { title: "text", pages: "integer" },
    });
    expectTypeOf<FieldsMetadata<typeof spec.fields>["pages"]>().toEqualTypeOf<
      number | readonly number[] | null | undefined
    >();
    const { outcome } = await new MemoryStore().ensureCollection(spec);
    expect(outcome).toBe("created");
  });

  test("shares a start between two builders", () => {
    const start = forEmbeddings("notes", { spaceId, dimensions: 3 }).withPayloadField("title", "text");
    start.withPayloadField("pages", "integer");
    expect(start.build().fields).toEqual({ title: "text" });
    expect(start.withTenants().build().tenancy).toBe("required");
  });

  test("refuses a second field of the same name, and the store a path as a name", async () => {
    const start = forEmbeddings("notes", { spaceId, dimensions: 3 }).withPayloadField("title", "text");
    expect(() => start.withPayloadField("title", "keyword")).toThrow(/already has the field/);
    const path = forEmbeddings("../notes", { spaceId, dimensions: 3 }).build();
    await expect(new MemoryStore().ensureCollection(path)).rejects.toThrow(ConfigurationError);
  });
});

describe("the presets", () => {
  test("keeps the names, widths and fields of the brief (Q40, Q41, Q42)", () => {
    expect(documentsCollection({ spaceId })).toEqual({
      name: "documents",
      dense: { spaceId, dimensions: 768 },
      fields: { title: "text", category: "keyword", created_at: "datetime", author: "keyword" },
    });
    expect(conversationsCollection({ spaceId })).toEqual({
      name: "conversations",
      dense: { spaceId, dimensions: 384 },
      fields: { user_id: "keyword", session_id: "keyword", intent: "keyword", sentiment: "float" },
    });
    const all = [knowledgeBaseCollection, learningDataCollection, userProfilesCollection];
    const names = all.map((preset) => preset({ spaceId }).name);
    expect(names).toEqual(["knowledge_base", "learning_data", "user_profiles"]);
  });

  test("accepts the width of the app's own model, and any store creates the collections", async () => {
    const store = new MemoryStore();
    const presets = [
      documentsCollection,
      conversationsCollection,
      knowledgeBaseCollection,
      learningDataCollection,
    ];
    for (const preset of [...presets, userProfilesCollection]) {
      const { dense } = await store.ensureCollection(preset({ spaceId, dimensions: 4 }));
      expect(dense?.dimensions).toBe(4);
    }
  });
});
