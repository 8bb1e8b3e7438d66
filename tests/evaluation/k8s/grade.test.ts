import { describe, expect, it } from "vitest";
import type { AssistantAnswer } from "../../../examples/k8s-assistant/src/assistant/assistant-answer.ts";
import { faultOf } from "./grade.ts";

const answer: AssistantAnswer = {
  question: "?",
  route: "list",
  mode: "exact",
  text: "1 Deployment\n- Deployment/shop/web@7 · Ready",
  count: 1,
  sources: [{ object: "Node/n1@3", age: "1 s ago" }],
  cut: "",
  warnings: ['The index has no namespace "bank".'],
  tokens: { used: 1, budget: 2 },
};
const asked = { class: "list", question: "?" } as const;

describe("faultOf", () => {
  it("accepts an answer that counts, names and says what is expected", () => {
    const expected = {
      count: 1,
      objects: ["Deployment/shop/web", "Node/n1"],
      only: true,
      says: ["ready", "bank"],
    };
    expect(faultOf({ ...asked, ...expected }, answer)).toBeUndefined();
    expect(faultOf({ ...asked, none: true }, { ...answer, mode: "none" })).toBeUndefined();
  });

  it.each([
    [{ count: 2 }, "counted 1 instead of 2"],
    [{ objects: ["Deployment/shop/cart"] }, "does not name Deployment/shop/cart"],
    [{ objects: ["Deployment/shop/web"], only: true }, "also names Node/n1"],
    [{ says: ["pending"] }, 'does not say "pending"'],
    [{ none: true }, "answered (exact)"],
  ])("refuses an answer that misses %j", (expected, fault) => {
    expect(faultOf({ ...asked, ...expected }, answer)).toBe(fault);
  });
});
