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
  readonly #maxEventLength: number;
  readonly #decoder = new TextDecoder(); // joins characters across pieces and drops a leading byte order mark
  #line = "";
  #eventLength = 0;
  #afterCarriageReturn = false;
  #event = "";
  #data: string | undefined;
  #id = "";

  constructor(maxEventLength: number) {
    this.#maxEventLength = maxEventLength;
  }

  /**
   * Adds the items that these bytes complete to the list. Throws an `InvalidResponseError` if an event exceeds
   * the limit. The list then holds the items before it. A list and no generator, because a stream has an event
   * for each token.
   */
  push(bytes: Uint8Array, items: ServerSentItem[]): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return;
    // CR and LF together end one line, even if they arrive in different pieces.
    let start = this.#afterCarriageReturn && text.startsWith("\n") ? 1 : 0;
    let lineFeed = text.indexOf("\n", start);
    let carriageReturn = text.indexOf("\r", start);
    while (lineFeed !== -1 || carriageReturn !== -1) {
      const atReturn = carriageReturn !== -1 && (lineFeed === -1 || carriageReturn < lineFeed);
      const end = atReturn ? carriageReturn : lineFeed;
      const item = this.#endLine(text.slice(start, end));
      if (item !== undefined) items.push(item);
      start = atReturn && lineFeed === end + 1 ? end + 2 : end + 1;
      if (lineFeed !== -1 && lineFeed < start) lineFeed = text.indexOf("\n", start);
      if (atReturn) carriageReturn = text.indexOf("\r", start);
    }
    this.#afterCarriageReturn = text.endsWith("\r");
    this.#line = this.#checked(this.#line + text.slice(start));
  }

  /** Returns true if the stream ends inside an event or a line. */
  end(): boolean {
    const cutCharacter = this.#decoder.decode();
    return this.#eventLength + this.#line.length + cutCharacter.length > 0;
  }

  #checked(line: string): string {
    if (this.#eventLength + line.length <= this.#maxEventLength) return line;
    throw new InvalidResponseError(
      `An event of the stream is longer than ${this.#maxEventLength} characters. Raise \`maxEventLength\` if that is expected.`,
    );
  }

  #endLine(end: string): ServerSentItem | undefined {
    const line = this.#checked(this.#line === "" ? end : this.#line + end);
    this.#line = "";
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return { type: "comment", text: line.slice(1) };
    this.#eventLength += line.length;
    if (line.startsWith("data: ")) this.#setField("data", line.slice(6));
    else this.#readField(line);
    return undefined;
  }

  #readField(line: string): void {
    const colon = line.indexOf(":");
    if (colon === -1) this.#setField(line, "");
    else this.#setField(line.slice(0, colon), line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1));
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
    this.#eventLength = 0;
    return data === undefined ? undefined : { type: "event", event, data, id: this.#id };
  }
}
