/** The libraries' advice and its equivalent in this program. Tests keep them in step. */
const advice: readonly (readonly [theirs: string, ours: string])[] = [
  ["Split the file, exclude it, or raise `maxFileBytes`", "Split the file, or exclude it with a .gitignore"],
  [
    "Shorten the question, raise `maxContextTokens`, lower `maxTokens`, or serve the model with a larger window",
    "Shorten the question, or serve the model with a larger window",
  ],
];

/**
 * Rewrites an error message for this program's user, who knows no classes of the libraries and cannot set
 * their options.
 */
export function plainMessage(message: string): string {
  const named = message.replace(/^(FolderSource|createAnswerer): /, "");
  return advice.reduce((text, [theirs, ours]) => text.replace(theirs, ours), named);
}
