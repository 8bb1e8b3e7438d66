/** What the libraries advise, and what comes to the same in this program. Held to their words by tests. */
const advice: readonly (readonly [theirs: string, ours: string])[] = [
  ["split it, exclude it or raise maxFileBytes", "split it, or leave it out by a .gitignore"],
  [
    "shorten the question, raise maxContextTokens, lower maxTokens or serve the model with a larger context",
    "shorten the question, or serve the model with a larger context",
  ],
];

/** An error in terms of this program, whose user knows no classes of the libraries and cannot set their options. */
export function plainMessage(message: string): string {
  const named = message.replace(/^(FolderSource|createAnswerer): /, "");
  return advice.reduce((text, [theirs, ours]) => text.replace(theirs, ours), named);
}
