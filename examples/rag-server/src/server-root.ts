/** The address of a server without the version of its OpenAI-compatible API, with which people often name it. */
export function serverRoot(url: string): string {
  return url.replace(/(?:\/v1)?\/*$/, "");
}
