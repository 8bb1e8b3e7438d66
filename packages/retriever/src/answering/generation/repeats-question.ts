/** Returns true if a text is one of the asked questions or its beginning, apart from marks and white space. */
export function repeatsQuestion(text: string, asked: readonly string[]): boolean {
  const repeated = plain(text);
  return asked.some((question) => plain(question).startsWith(repeated));
}

function plain(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .replace(/^[\s*"“'?!.]+|[\s*"”'?!.]+$/gu, "")
    .toLowerCase();
}
