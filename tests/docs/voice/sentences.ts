/** Returns the sentences of a paragraph. Code in backticks counts as one word. */
export function sentencesIn(paragraph: string): readonly string[] {
  return paragraph
    .replaceAll(/`[^`]*`/g, "`code`")
    .replaceAll(/\{@link ([^}]+)\}/g, "$1")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\b(e\.g|i\.e|etc|vs)\./g, "$1")
    .split(/(?<=[.!?:;])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/**
 * Returns the paragraphs of a docblock without its stars. Each tag begins a paragraph, and examples are left
 * out.
 */
export function docblockParagraphs(block: string): readonly string[] {
  const text = block
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s?/, ""))
    .join("\n");
  return paragraphsIn(text.replaceAll(/\n(?=@|- )/g, "\n\n").replaceAll(/@example[\s\S]*?(?=\n@|$)/g, ""))
    .map((paragraph) => paragraph.replace(/^@\w+\s*/, ""))
    .filter((paragraph) => paragraph !== "");
}

/**
 * Returns the paragraphs of a Markdown page without code, tables and headings. Each list item is a paragraph.
 */
export function pageParagraphs(page: string): readonly string[] {
  const text = page
    .replaceAll(/^(`{3,})[\s\S]*?^\1\s*$/gm, "")
    .replaceAll(/^(\||#|>|<).*$/gm, "")
    .replaceAll(/\n(?=\s*([-*]|\d+\.) )/g, "\n\n");
  return paragraphsIn(text).map((paragraph) => paragraph.replace(/^([-*]|\d+\.) /, ""));
}

function paragraphsIn(text: string): readonly string[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "");
}
