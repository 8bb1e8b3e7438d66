import type { StreamedAnswer } from "../server/model-server.ts";

/** How a stream's answer begins. */
export interface AnswerBeginning {
  /** As the server names it; empty where it does not. */
  readonly contentType: string;
  /** At most 16 KiB. */
  readonly text: string;
}

const maxBytes = 16 * 1024;

/** Hands on the bytes of an answer and keeps how they begin, for the case that they are no event stream. */
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
