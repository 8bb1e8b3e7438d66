/** A line about a document, named once: messages of some sources begin with its name. */
export function documentLine(documentId: string, message: string): string {
  if (documentId === "" || message.startsWith(`${documentId}: `)) return `  ${message}`;
  return `  ${documentId}: ${message}`;
}
