import { expect, test } from "vitest";
import { parsed } from "../fixtures/parsed.ts";
import { ipynbParser } from "./ipynb-parser.ts";

const notebook = (cells: readonly object[]): string =>
  JSON.stringify({ cells, nbformat: 4, metadata: { language_info: { name: "python" } } });

test("reads text cells, code and the text of outputs, and leaves out images (T33)", async () => {
  const image = "iVBORw0KGgo".repeat(200);
  const { text, title, mediaType, metadata } = await parsed(
    ipynbParser,
    notebook([
      { cell_type: "markdown", source: ["# Tides\n", `![plot](data:image/png;base64,${image}) follows.`] },
      {
        cell_type: "code",
        source: ["x = 6 * 7\n", "print(x)"],
        outputs: [
          { output_type: "stream", name: "stdout", text: ["\u001b[31m42\u001b[0m\n"] },
          { output_type: "display_data", data: { "image/png": image, "text/plain": ["<Figure>"] } },
          { output_type: "display_data", data: { "image/png": image } },
          { output_type: "error", ename: "ValueError", evalue: "too deep", traceback: [] },
        ],
      },
      { cell_type: "code", source: [], outputs: [] },
    ]),
  );
  expect({ title, mediaType, metadata }).toEqual({
    title: "Tides",
    mediaType: "text/markdown",
    metadata: { language: "python" },
  });
  expect(text).toBe(
    [
      "# Tides\nplot follows.",
      "```python\nx = 6 * 7\nprint(x)\n```",
      "```text\n42\n```",
      "```text\n<Figure>\n```",
      "```text\nValueError: too deep\n```",
    ].join("\n\n"),
  );
});

test("cuts a very long output, and reports it", async () => {
  const outputs = [{ output_type: "stream", text: "row\n".repeat(5_000) }];
  const { text, ignored } = await parsed(
    ipynbParser,
    notebook([{ cell_type: "code", source: "f()", outputs }]),
  );
  expect(text.length).toBeLessThan(9_000);
  expect(ignored.map(({ code }) => code)).toEqual(["output_cut"]);
});

test("refuses a file that was cut off, and JSON that is no notebook", async () => {
  for (const content of ["", notebook([]).slice(0, -5), "{}", "[1]", '{"cells":3}'])
    await expect(parsed(ipynbParser, content)).rejects.toMatchObject({ code: "damaged_file" });
});

test("keeps what a progress display wrote last in each line", async () => {
  const output = "10%\r50%\r100%\r\ndone\r\r\n\r\n1\r2";
  const cell = { cell_type: "code", source: "f()", outputs: [{ output_type: "stream", text: output }] };
  expect((await parsed(ipynbParser, notebook([cell]))).text).toContain("```text\n100%\ndone\n\n2\n```");
});

test("replaces pasted images only, and keeps links that are never closed", async () => {
  const source = "![a](attachment:a.png) ![b](b.png) ![[c](data:x) ![ ![d](data:) ![e](data:";
  const { text } = await parsed(ipynbParser, notebook([{ cell_type: "markdown", source }]));
  expect(text).toBe("a ![b](b.png) [c  ![d ![e](data:");
});

test("reads long lines, and many images that are never closed, in linear time", async () => {
  const output = "x".repeat(400_000);
  const outputs = [{ output_type: "stream", text: `${output}\nlast` }];
  const started = performance.now();
  await parsed(ipynbParser, notebook([{ cell_type: "code", source: "f()", outputs }]));
  for (const [mark, end] of [
    ["![", ""],
    ["![", "]"],
    ["![](data:", ""],
  ] as const) {
    const source = mark.repeat(200_000) + end;
    expect((await parsed(ipynbParser, notebook([{ cell_type: "markdown", source }]))).text).toBe(source);
  }
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("reads code with 200,000 fences", async () => {
  const source = "```\n".repeat(200_000);
  const { text } = await parsed(ipynbParser, notebook([{ cell_type: "code", source }]));
  expect(text.startsWith("````python\n```\n")).toBe(true);
});
