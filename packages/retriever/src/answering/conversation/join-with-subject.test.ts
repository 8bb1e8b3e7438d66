import { expect, test } from "vitest";
import { isFollowUp } from "./is-follow-up.ts";
import { joinWithSubject } from "./join-with-subject.ts";

const after = (...questions: readonly string[]) =>
  questions.map((question) => ({ question, answer: "Yes." }));

test.each([
  "And how are they deleted?",
  "How often?",
  "Why?",
  "Is it encrypted?",
  "What about contractors?",
  "Who approves those?",
  "Can you give an example?",
  "Und wie lange dauert es?",
  "Combien coûtent-elles ?",
  "¿Y cómo se borran?",
  "它们怎么删除？",
  "IS IT ENCRYPTED?",
  "IT?",
  "And when?",
  "So what is the limit?",
  "And how often for contractors?",
  "E quando?",
  "Hi, how often?",
])("recognises that %j needs the question before it (T46)", (question) => {
  expect(isFollowUp(question)).toBe(true);
});

test.each([
  "What is Kafka?",
  "How do I rotate the signing key?",
  "How long does it take to restore a backup from a snapshot?",
  "Is there a hotel limit?",
  "Was ist das Hotel-Limit?",
  "Gibt es ein Limit?",
  "O que é Kafka?",
  "备份多久保留一次？",
  "What is the IT budget?",
  "What is IT?",
  "What does NOT IN do?",
  "E-mail limits?",
  "E-bike rental?",
  "Y-axis labels?",
  "OR gate?",
  "So what is the hotel limit?",
  "What is C++?",
  "What is c#?",
  "What is R?",
  "Which one-way streets exist?",
  "Thanks!",
  "Thank you very much!",
])("leaves %j alone, which has a subject of its own", (question) => {
  expect(isFollowUp(question)).toBe(false);
  expect(joinWithSubject(question, after("How are backups made?"))).toBeUndefined();
});

test("adds the subject of the last question, as it is written there (T46)", () => {
  expect(joinWithSubject("And how are they deleted?", after("How does Binnacle store Tenants?"))).toBe(
    "And how are they deleted? (Binnacle store Tenants)",
  );
});

test("goes back over follow-ups to the question that names the subject", () => {
  const history = after("How do tenants work?", "And how are they deleted?");
  expect(joinWithSubject("How often?", history)).toMatch(/^How often\? \(deleted tenants\b/);
});

test("takes the nearest subject, and does not repeat the question's own words", () => {
  const history = after("How do tenants work?", "When are backups deleted?");
  expect(joinWithSubject("Are they deleted at night?", history)).toBe("Are they deleted at night? (backups)");
});

test("keeps the words of a script without spaces together", () => {
  expect(joinWithSubject("它们怎么删除？", after("备份存放在哪里？"))).toContain("备份存放");
});

test("takes a name in capitals as a part of the subject", () => {
  expect(joinWithSubject("How often?", after("What is the IT budget?"))).toBe("How often? (IT budget)");
});

test("adds nothing if no earlier question has a subject", () => {
  expect(joinWithSubject("Why?", after("How?", "What?"))).toBeUndefined();
});
