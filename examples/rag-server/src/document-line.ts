/** Returns a line about a document that names it once, because some messages already begin with its name. */
export function documentLine(documentId: string, message: string): string {
  if (documentId === "" || message.startsWith(`${documentId}: `)) return `  ${message}`;
  return `  ${documentId}: ${message}`;
}
