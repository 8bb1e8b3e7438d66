/** Removes the version of an OpenAI-compatible API from the end of an address. */
export function serverRoot(url: string): string {
  return url.replace(/(?:\/v1)?\/*$/, "");
}
