/**
 * Tokens a text may have, without any vocabulary: meant to err on the high side for English prose, code and CJK with the
 * vocabularies in use today. For an exact budget use the model's own tokenizer.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(/[a-z\d\u00aa-\u024f]+|\s+|[^]/giu)) tokens += tokensOf(run);
  return Math.ceil(tokens);
}

/** Words cost a token per four characters, a line break one, a single blank none: it belongs to the next word. */
function tokensOf(run: string): number {
  if (/^\s/u.test(run)) return run === " " ? 0 : Math.ceil(run.length / 4);
  if (/^[a-z\d\u00aa-\u024f]/iu.test(run)) return Math.ceil(run.length / 4);
  return run.length;
}
