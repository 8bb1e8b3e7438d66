import { expect, test } from "vitest";
import { documentMetadata } from "./document-fields.ts";

test.each([
  ["a number among the tags", { tags: ["a", 2024] }, { tags: ["a", "2024"] }],
  ["a title that is a year", { title: 1984 }, { title: "1984" }],
  ["an author with an address", { author: { name: "Ada" } }, { author: '{"name":"Ada"}' }],
  ["a day", { date: "2024-02-29" }, { date: "2024-02-29" }],
  ["a day that does not exist", { date: "2023-02-29" }, {}],
  ["a date as Jekyll writes it", { date: "2024-03-01 09:30:00 +0100" }, { date: "2024-03-01T09:30:00+0100" }],
  ["a date in words", { date: "last week" }, {}],
  ["a draft in words", { draft: "perhaps" }, {}],
  ["what is no field", { weight: { a: 1 }, date: null }, { weight: { a: 1 } }],
])("converts metadata to its fields: %s", (_, given, fitted) => {
  expect(documentMetadata.parse(given)).toEqual(fitted);
});
