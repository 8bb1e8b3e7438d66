import { InvalidResponseError } from "../../errors/invalid-response-error.ts";

/** A server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface ServerSentEvent {
  readonly type: "event";
  /** The event's name. `message` if the server sent no name. */
  readonly event: string;
  /** The data lines, joined by line feeds. */
  readonly data: string;
  /** The last id that the stream sent, with this event or earlier. Empty if it sent no id. */
  readonly id: string;
}

/** A comment line, which shows that the server is alive. */
export interface ServerSentComment {
  readonly type: "comment";
  readonly text: string;
}

/** The stream ended inside an event or a line, which is dropped. Always the last item. */
export interface ServerSentCut {
  readonly type: "unfinished";
}

/** One item of a server-sent event stream. */
export type ServerSentItem = ServerSentEvent | ServerSentComment | ServerSentCut;

/** Turns the bytes of one stream into its items. Pieces may start and end anywhere. Ignores `retry` fields,
 * because it does not reconnect. */
export class EventStreamDecoder {
  readonly #maxEventBytes: number;
  readonly #decoder = new TextDecoder(); // joins characters across pieces and drops a leading byte order mark
  #line = "";
  #lineBytes = 0;
  #eventBytes = 0;
  #afterCarriageReturn = false;
  #event = "";
  #data: string | undefined;
  #id = "";

  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
  }

  /** Yields the items that these bytes complete. Throws an `InvalidResponseError` if an event exceeds the
   * limit. */
  *push(bytes: Uint8Array): Generator<ServerSentItem, void, void> {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return;
    // CR and LF together end one line, even if they arrive in different pieces.
    let start = this.#afterCarriageReturn && text.startsWith("\n") ? 1 : 0;
    let lineFeed = text.indexOf("\n", start);
    let carriageReturn = text.indexOf("\r", start);
    while (lineFeed !== -1 || carriageReturn !== -1) {
      const atReturn = carriageReturn !== -1 && (lineFeed === -1 || carriageReturn < lineFeed);
      const end = atReturn ? carriageReturn : lineFeed;
      this.#extendLine(text.slice(start, end));
      const item = this.#endLine();
      if (item !== undefined) yield item;
      start = atReturn && lineFeed === end + 1 ? end + 2 : end + 1;
      if (lineFeed !== -1 && lineFeed < start) lineFeed = text.indexOf("\n", start);
      if (atReturn) carriageReturn = text.indexOf("\r", start);
    }
    this.#afterCarriageReturn = text.endsWith("\r");
    this.#extendLine(text.slice(start));
  }

  /** Ends the stream. Yields an `unfinished` item if the stream ended inside an event or a line. */
  *end(): Generator<ServerSentItem, void, void> {
    const cutCharacter = this.#decoder.decode();
    if (this.#eventBytes + this.#lineBytes + cutCharacter.length > 0) yield { type: "unfinished" };
  }

  #extendLine(piece: string): void {
    this.#line += piece;
    this.#lineBytes += Buffer.byteLength(piece);
    if (this.#eventBytes + this.#lineBytes <= this.#maxEventBytes) return;
    throw new InvalidResponseError(
      `An event of the stream is larger than ${this.#maxEventBytes} bytes. Raise \`maxEventBytes\` if that is expected.`,
    );
  }

  #endLine(): ServerSentItem | undefined {
    const line = this.#line;
    const bytes = this.#lineBytes;
    this.#line = "";
    this.#lineBytes = 0;
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return { type: "comment", text: line.slice(1) };
    this.#eventBytes += bytes;
    const colon = line.indexOf(":");
    if (colon === -1) this.#setField(line, "");
    else this.#setField(line.slice(0, colon), line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1));
    return undefined;
  }

  #setField(name: string, value: string): void {
    if (name === "data") this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
  }

  #dispatch(): ServerSentEvent | undefined {
    const data = this.#data;
    const event = this.#event === "" ? "message" : this.#event;
    this.#data = undefined;
    this.#event = "";
    this.#eventBytes = 0;
    return data === undefined ? undefined : { type: "event", event, data, id: this.#id };
  }
}
