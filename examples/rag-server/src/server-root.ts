/** Removes the version of an OpenAI-compatible API from the end of an address. */
export function serverRoot(url: string): string {
  return url.replace(/(?:\/v1)?\/*$/, "");
}

/** Returns the addresses of a list that commas separate. */
export function serverAddresses(urls: string): readonly string[] {
  return urls
    .split(",")
    .map((url) => url.trim())
    .filter((url) => url !== "");
}
