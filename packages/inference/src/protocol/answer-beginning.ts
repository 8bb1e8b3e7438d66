import type { StreamedAnswer } from "../server/model-server.ts";

/** The beginning of a streamed answer. */
export interface AnswerBeginning {
  /** The content type from the server. Empty if it sends none. */
  readonly contentType: string;
  /** The first bytes as text, at most 16 KiB. */
  readonly text: string;
}

const maxBytes = 16 * 1024;

/** Hands on the bytes of an answer and keeps the first 16 KiB, in case the answer is not an event stream. */
export class KeptBeginning {
  readonly #answer: StreamedAnswer;
  readonly #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(answer: StreamedAnswer) {
    this.#answer = answer;
  }

  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of this.#answer.body) {
      if (this.#size < maxBytes) this.#keep(piece.slice(0, maxBytes - this.#size));
      yield piece;
    }
  }

  get(): AnswerBeginning {
    const text = new TextDecoder().decode(Buffer.concat(this.#pieces));
    return { contentType: this.#answer.contentType ?? "", text };
  }

  #keep(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#size += piece.byteLength;
  }
}
