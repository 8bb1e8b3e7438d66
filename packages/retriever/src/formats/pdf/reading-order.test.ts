import { expect, test } from "vitest";
import { readingOrder } from "./reading-order.ts";
import type { TextBox } from "./text-box.ts";

const boxAt = (left: number, baseline: number, text = "x".repeat(20)): TextBox => {
  return { text, left, right: left + 9, baseline, size: 10 };
};

test("orders two columns of 1,900 lines from left to right, whatever order the file has", () => {
  const [left, right] = [10, 300].map((x) => Array.from({ length: 1_900 }, (_, line) => boxAt(x, line)));
  const mixed = left?.flatMap((box, index) => [right?.[index] ?? box, box]) ?? [];
  expect(readingOrder(mixed)).toEqual([left, right]);
});

test("orders a page with 3,900 boxes, each at its own position, in reasonable time", () => {
  const drawing = Array.from({ length: 3_900 }, (_, index) => boxAt(10 * index, index % 800, "x"));
  const columns = Array.from({ length: 3_900 }, (_, index) => boxAt(10 * Math.floor(index / 3), index % 3));
  const started = performance.now();
  expect(readingOrder(drawing)).toEqual([drawing]);
  expect(readingOrder(columns).flat()).toHaveLength(3_900);
  expect(performance.now() - started).toBeLessThan(10_000);
});

/** Places columns of lines beside each other. Each letter is 9 wide. */
const columnsOf = (...columns: readonly (readonly string[])[]): readonly TextBox[] =>
  columns.flatMap((lines, column) =>
    lines.map((text, line) => ({
      text,
      left: 50 + 400 * column,
      right: 50 + 400 * column + 9 * text.length,
      baseline: 14 * line,
      size: 10,
    })),
  );

test.for([
  ["Chinese", "第一条码头的管理员每天晚上记录所有船只的"],
  ["Korean", "부두 관리인은 매일 저녁 모든 배를 기록합니다"],
  ["Hebrew", "מנהל הרציף רושם מדי ערב את הספינות"],
  ["Thai", "ผู้ดูแลท่าเรือบันทึกเรือทุกลำทุกเย็น"],
] as const)("reads three to five columns of %s one after the other", ([, words]) => {
  const lines = Array.from({ length: 30 }, (_, line) =>
    words.slice(line % 4, line % 10 === 9 ? 12 : undefined),
  );
  for (const columns of [
    [lines, lines, lines],
    [lines, lines, lines, lines, lines],
    [lines, lines, lines.slice(0, 25)],
    // The last column is too short to be found by itself.
    [lines, lines, lines.slice(0, 2)],
  ])
    expect(readingOrder(columnsOf(...columns)).map(({ length }) => length)[0]).toBe(30);
});

test("keeps the rows of a table in Chinese together", () => {
  const table = columnsOf(
    ["泊位的种类", "配有电力和饮用水的访客泊位，最长十五米", "浮标泊位", "冬季室内存放，需要提前预订位置"],
    [
      "每晚价格和其他条件的说明",
      "二十二欧元",
      "八欧元，夏季的周末另外加收两欧元，含税",
      "四百一十欧元，从十月到次年四月底",
    ],
    ["询问的地方", "港口办公室，每天早上八点到下午六点开放", "无线电第十二频道，全天都有人值班", "船厂"],
  );
  expect(readingOrder(table)).toEqual([table]);
});
