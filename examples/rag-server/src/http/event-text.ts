/** Returns a server-sent event whose data is JSON. */
export function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Headers of a stream of events. */
export const eventHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
} as const;

/** Returns true if the client asks for a stream of events. */
export function wantsEvents({
  headers,
}: {
  readonly headers: { readonly accept?: string | undefined };
}): boolean {
  return (headers.accept ?? "").includes("text/event-stream");
}
