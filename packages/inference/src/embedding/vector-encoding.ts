import { InferenceError } from "@binnacle/core";
import type { Embeddings } from "./parse-embeddings.ts";

/**
 * Remembers the form in which a server sends vectors. Base64 costs a third of the time of numbers, but some
 * servers refuse the request for it.
 */
export class VectorEncoding {
  #format: "unknown" | "base64" | "float" = "unknown";

  /**
   * Sends a request for base64. If a server refuses the first such request, it is sent once more for numbers,
   * and numbers are then requested for good.
   */
  async send(request: (format: "base64" | "float") => Promise<Embeddings>): Promise<Embeddings> {
    if (this.#format !== "unknown") return await request(this.#format);
    try {
      const answer = await request("base64");
      this.#format = "base64";
      return answer;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // If the request itself was wrong, numbers are refused too, and the first error is the one to tell.
      const answer = await request("float").catch(() => Promise.reject(error));
      this.#format = "float";
      return answer;
    }
  }
}

function isRefusal(error: unknown): boolean {
  return InferenceError.isInstance(error) && ["invalid-request", "unsupported"].includes(error.kind);
}
