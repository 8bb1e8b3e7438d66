import type { FastifyInstance, FastifyRequest } from "fastify";
import { RequestFault } from "./request-fault.ts";

/** Most objects and arrays within each other. */
const maxDepth = 64;

/**
 * Reads JSON bodies strictly. Refuses bytes that are not UTF-8, which the usual parser replaces, and deep
 * nesting, on which recursive code would fail.
 */
export function readStrictJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers(); // every other route reads only JSON
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (request: FastifyRequest, body: Buffer) => {
      const text = decode(body);
      if (text === "") throw new RequestFault(400, "the body is empty; send JSON");
      refuseDepth(text);
      return await new Promise((resolve, reject) => {
        void parse(request, text, (error, value) => (error ? reject(error) : resolve(value)));
      });
    },
  );
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new RequestFault(400, "the body is not UTF-8");
  }
}

/** Counts brackets outside of strings, without parsing. */
function refuseDepth(json: string): void {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (isInString) {
      if (code === 0x5c) i += 1;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > maxDepth) throw new RequestFault(400, `the body is nested deeper than ${maxDepth} levels`);
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
}
