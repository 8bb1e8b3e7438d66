import { InvalidResponseError } from "../../errors/invalid-response-error.ts";

/** An event as https://html.spec.whatwg.org/multipage/server-sent-events.html dispatches it. */
export interface ServerSentEvent {
  readonly type: "event";
  /** The event's name; `message` where the server gave none. */
  readonly event: string;
  /** The data lines, joined by line feeds. */
  readonly data: string;
  /** The last id that the stream gave, on this event or before; empty if none. */
  readonly id: string;
}

/** A line without meaning that shows the server is alive. */
export interface ServerSentComment {
  readonly type: "comment";
  readonly text: string;
}

/** The bytes ended inside an event or line, which is not dispatched: the stream was cut. Always the last item. */
export interface ServerSentCut {
  readonly type: "unfinished";
}

/** One piece of a server-sent event stream. */
export type ServerSentItem = ServerSentEvent | ServerSentComment | ServerSentCut;

/** Turns the bytes of one stream, cut anywhere, into its items. `retry` fields are ignored: nothing here reconnects. */
export class EventStreamDecoder {
  readonly #maxEventBytes: number;
  readonly #decoder = new TextDecoder(); // keeps a cut character for the next bytes, drops a leading byte order mark
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

  /** The items that these bytes complete. Throws `InvalidResponseError` where an event grows beyond the limit. */
  *push(bytes: Uint8Array): Generator<ServerSentItem, void, void> {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return;
    // A line feed after a carriage return ends no second line, even where the two were cut apart.
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

  /** What the end of the stream leaves over: nothing, or that it was cut. */
  *end(): Generator<ServerSentItem, void, void> {
    const cutCharacter = this.#decoder.decode();
    if (this.#eventBytes + this.#lineBytes + cutCharacter.length > 0) yield { type: "unfinished" };
  }

  #extendLine(piece: string): void {
    this.#line += piece;
    this.#lineBytes += Buffer.byteLength(piece);
    if (this.#eventBytes + this.#lineBytes <= this.#maxEventBytes) return;
    throw new InvalidResponseError(
      `an event of the stream is larger than ${this.#maxEventBytes} bytes; raise maxEventBytes if that is expected`,
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
