import fc from "fast-check";
import { expect, test } from "vitest";
import { epochStep, epochText, sourceKey, type EpochOperation, type Sentinel } from "./epoch-chain.ts";

/** Applies operations to a sentinel like a server. */
function apply(sentinel: Sentinel | undefined, operations: readonly EpochOperation[]): Sentinel | undefined {
  let state = sentinel;
  for (const operation of operations) {
    if ("upsert" in operation) state ??= operation.upsert.points[0].payload;
    else if (state) {
      const { payload, filter } = operation.set_payload;
      const held: Sentinel = state;
      const holds = (condition: unknown): boolean => matches(condition, held);
      if (filter.must.every(holds) && !(filter.must_not ?? []).some(holds)) state = { ...state, ...payload };
    }
  }
  return state;
}

interface AnyCondition {
  readonly key: string;
  readonly match?: { readonly value?: string; readonly any?: readonly string[] };
  readonly is_empty?: { readonly key: string };
  readonly has_id?: readonly string[];
}

function matches(condition: unknown, sentinel: Sentinel): boolean {
  const { key, match, is_empty, has_id }: AnyCondition = JSON.parse(JSON.stringify(condition));
  if (has_id) return has_id.includes("id");
  if (is_empty) return sentinel[is_empty.key] === undefined;
  const held = sentinel[key] ?? "";
  return match?.any ? match.any.includes(held) : match?.value === held;
}

const whole = (step: ReturnType<typeof epochStep>): readonly EpochOperation[] => [
  ...step.before,
  ...step.after,
];

test.each([undefined, "source"])(
  "ends in the announced state without other writers, with the source %s",
  (source) => {
    const first = epochStep("id", {}, source);
    const once = apply(undefined, whole(first));
    expect(epochText("i", once ?? {}, source)).toBe(epochText("i", first.next, source));
    const second = epochStep("id", first.next, source);
    expect(apply(once, whole(second))).toMatchObject(second.next);
  },
);

test("changes nothing more when a write is repeated", () => {
  const step = epochStep("id", {}, undefined);
  const once = apply(undefined, whole(step));
  expect(apply(once, whole(step))).toEqual(once);
  expect(apply(apply(once, step.before), whole(step))).toEqual(once);
});

test("changes the epoch with an interrupted write, and ends in the announced state after its repetition", () => {
  const step = epochStep("id", {}, "s");
  const broken = apply(undefined, step.before);
  expect(epochText("i", broken ?? {}, "s")).not.toBe(epochText("i", {}, "s"));
  expect(epochText("i", broken ?? {})).not.toBe(epochText("i", {}));
  expect(apply(broken, whole(step))).toMatchObject(step.next);
});

test("never ends in the announced state after a missed write, and the other writer notices", () => {
  for (const [mine, theirs] of [
    [undefined, undefined],
    [undefined, "s"],
    ["s", undefined],
    ["s", "s"],
  ]) {
    const start = apply(undefined, whole(epochStep("id", {}, mine)));
    const stale = epochStep("id", start ?? {}, mine);
    const other = epochStep("id", start ?? {}, theirs);
    const after = apply(apply(start, whole(other)), whole(stale));
    expect(epochText("i", after ?? {}, mine)).not.toBe(epochText("i", stale.next, mine));
    expect(epochText("i", after ?? {}, theirs)).not.toBe(epochText("i", other.next, theirs));
  }
});

test("ends in the announced state for at most one of two interleaved writes", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 5, maxLength: 10 }), (turns) => {
      const a = epochStep("id", {}, undefined);
      const b = epochStep("id", {}, undefined);
      const [left, right] = [[...whole(a)], [...whole(b)]];
      let state: Sentinel | undefined;
      for (const turn of turns) state = apply(state, (turn ? left : right).splice(0, 1));
      state = apply(apply(state, left), right);
      const epoch = epochText("i", state ?? {});
      const said = [a, b].map(({ next }) => epochText("i", next));
      if (said.includes(epoch)) expect(said.indexOf(epoch)).toBe(1);
    }),
  );
});

test("keeps the epochs of other sources for a fenced write, and changes all for an unfenced write", () => {
  const start = apply(undefined, whole(epochStep("id", {}, "a"))) ?? {};
  const fenced = apply(start, whole(epochStep("id", start, "a"))) ?? {};
  expect(epochText("i", fenced, "b")).toBe(epochText("i", start, "b"));
  expect(epochText("i", fenced, "a")).not.toBe(epochText("i", start, "a"));
  const unfenced = apply(fenced, whole(epochStep("id", fenced, undefined))) ?? {};
  for (const source of ["a", "b", undefined])
    expect(epochText("i", unfenced, source)).not.toBe(epochText("i", fenced, source));
});

test("makes a valid payload key of any source", () => {
  expect(sourceKey('a."b[]')).toMatch(/^s_[0-9a-f]{32}$/);
});
