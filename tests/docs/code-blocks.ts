import { readPage } from "./pages.ts";

/** One fenced block of a page. */
export interface CodeBlock {
  /** Text after the fence, such as `ts`, `ts continued` or `sh`. */
  readonly info: string;
  readonly code: string;
  /** Line of its first line of code in the page. */
  readonly line: number;
  /** Line of its closing fence. */
  readonly end: number;
}

/** A complete TypeScript example: a block and its continuations (`ts continued`). */
export interface Example {
  readonly page: string;
  /** Line of its last block. */
  readonly line: number;
  /** The code, on its lines in the page, so that an error names the page's own line. */
  readonly code: string;
  /** Expected output: the `text` blocks directly after its own. */
  readonly output?: string | undefined;
}

/** Returns the fenced blocks of a page in order. */
export function codeBlocks(text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = text.split("\n");
  let open: { readonly info: string; readonly at: number } | undefined;
  for (const [at, line] of lines.entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) continue;
    if (open === undefined) {
      open = { info: fence[1]?.trim() ?? "", at };
      continue;
    }
    blocks.push({
      info: open.info,
      code: lines.slice(open.at + 1, at).join("\n") + "\n",
      line: open.at + 2,
      end: at + 1,
    });
    open = undefined;
  }
  return blocks;
}

/** Returns the TypeScript examples of a page. */
export function examplesOf(page: string): readonly Example[] {
  const blocks = codeBlocks(readPage(page));
  const examples: Example[] = [];
  let whole: CodeBlock[] = [];
  let output: string | undefined;
  for (const [position, block] of blocks.entries()) {
    if (block.info !== "ts" && block.info !== "ts continued") continue; // others name the file that they show
    if (block.info === "ts continued") examples.pop();
    else [whole, output] = [[], undefined];
    whole.push(block);
    const next = blocks[position + 1];
    // One blank line separates a block from its output.
    if (next?.info === "text" && next.line === block.end + 3) output = (output ?? "") + next.code;
    examples.push({ page, line: block.line, code: onOwnLines(whole), output });
  }
  return examples;
}

/** Returns the first TypeScript example of a page, as a reader would copy it. */
export function firstExample(page: string): string {
  const first = codeBlocks(readPage(page)).find(({ info }) => info === "ts");
  if (first === undefined) throw new Error(`${page} has no TypeScript block`);
  return first.code;
}

function onOwnLines(blocks: readonly CodeBlock[]): string {
  let text = "";
  let line = 1;
  for (const block of blocks) {
    text += "\n".repeat(block.line - line) + block.code;
    line = block.end;
  }
  return text;
}
