import { expect, test } from "vitest";
import { recentTurns } from "./recent-turns.ts";

const words = { count: (text: string) => text.split(" ").length };
const turns = ["one", "two two", "three three three"].map((question) => ({ question, answer: "yes yes" }));

test("takes whole turns from the newest one backwards (T46)", () => {
  expect(recentTurns(turns, 9, words)).toEqual({ turns: turns.slice(1), tokens: 9, cut: 1 });
  expect(recentTurns(turns, 8, words)).toEqual({ turns: turns.slice(2), tokens: 5, cut: 2 });
  expect(recentTurns(turns, 4, words)).toEqual({ turns: [], tokens: 0, cut: 3 });
  expect(recentTurns([], 4, words)).toEqual({ turns: [], tokens: 0, cut: 0 });
});
