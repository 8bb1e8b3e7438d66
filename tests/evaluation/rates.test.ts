import { expect, test } from "vitest";
import { ratesOf, type Outcome } from "./rates.ts";

const outcome = (rest: Partial<Outcome>): Outcome => ({
  set: "held-out",
  kind: "direct",
  isAnswerable: true,
  isAnswered: true,
  ...rest,
});

test("counts each rate as its name says", () => {
  const rates = ratesOf([
    outcome({ rank: 1, isFirstCitationRight: true, isAnyCitationRight: true }),
    outcome({ rank: 5, isFirstCitationRight: false, isAnyCitationRight: true }),
    outcome({ isAnswered: false }),
    outcome({ isAnswerable: false, isAnswered: false }),
    outcome({ isAnswerable: false, isAnswered: false }),
    outcome({ isAnswerable: false }),
  ]);
  expect(rates).toEqual({
    refusalPrecision: 2 / 3,
    refusalRecall: 2 / 3,
    answered: 2 / 3,
    recallAt1: 1 / 3,
    recallAt8: 2 / 3,
    firstCitation: 1 / 2,
    anyCitation: 1,
  });
});
