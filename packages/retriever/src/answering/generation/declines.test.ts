import { expect, test } from "vitest";
import { nothingAnswersThat } from "../answer.ts";
import { declines } from "./declines.ts";

test.each([
  nothingAnswersThat,
  ` ${nothingAnswersThat}\n`,
  `"${nothingAnswersThat}"`,
  `**${nothingAnswersThat}**`,
  `> ${nothingAnswersThat.slice(0, -1)}`,
  `${nothingAnswersThat} [1]`,
  `${nothingAnswersThat} The sources are about keys.`,
])("recognises %j as a refusal", (answer) => expect(declines(answer, 3)).toBe(true));

test.each([
  "Nothing in these documents answers that directly, but the key is rotated once a year [1].",
  `${nothingAnswersThat} Still, the key is rotated once a year [1].`,
  `The manual says: ${nothingAnswersThat}`,
  "",
])("does not take %j for a refusal", (answer) => expect(declines(answer, 3)).toBe(false));
