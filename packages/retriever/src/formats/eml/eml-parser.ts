import { type DocumentParser, type Metadata, type OutlineNode, type ParsedDocument } from "@binnacle/core";
import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { parseHtml } from "../../sources/parsing/parse-html.ts";
import { damagedFile } from "../shared/damaged-file.ts";

/**
 * Reads mail (`.eml`) with `postal-mime`. The text begins with subject, sender, recipients and date, then the
 * message, decoded, and the names of the attachments. The message is its plain text, or the visible text of
 * its HTML. Rejects with code `damaged_file`.
 */
export const emlParser: DocumentParser = {
  id: "eml@1",
  mediaTypes: ["message/rfc822"],
  async parse(bytes, { signal }) {
    const mail = await read(bytes);
    signal?.throwIfAborted();
    const body = await bodyOf(mail, signal);
    const head = headOf(mail);
    const attached = attachmentLine(mail.attachments);
    const text = [head, body.text, attached].filter((part) => part !== "").join("\n\n");
    const shift = head === "" ? 0 : head.length + 2;
    return {
      text,
      mediaType: "text/plain",
      title: oneLine(mail.subject) || undefined,
      outline: body.outline?.map((node) => shifted(node, shift)),
      metadata: metadataOf(mail),
    };
  },
};

async function read(bytes: Uint8Array): Promise<Email> {
  let mail: Email;
  try {
    mail = await PostalMime.parse(bytes);
  } catch (error) {
    throw damagedFile("mail", error);
  }
  // Any text parses as mail. A message without any known header is no mail.
  if (mail.from === undefined && mail.subject === undefined && mail.date === undefined && !mail.to?.length)
    throw damagedFile("mail", "no sender, recipient, subject or date");
  return mail;
}

async function bodyOf(
  { text = "", html = "" }: Email,
  signal: AbortSignal | undefined,
): Promise<Pick<ParsedDocument, "text" | "outline">> {
  if (text.trim() !== "" || html === "") return { text: clean(text) };
  return await parseHtml(html, signal);
}

function headOf({ subject, from, to = [], cc = [], headers }: Email): string {
  const date = headers.find(({ key }) => key === "date")?.value;
  const lines: readonly (readonly [string, string])[] = [
    ["Subject", oneLine(subject)],
    ["From", from === undefined ? "" : nameOf(from)],
    ["To", to.map(nameOf).join(", ")],
    ["Cc", cc.map(nameOf).join(", ")],
    ["Date", oneLine(date)],
  ];
  return lines.flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${value}`])).join("\n");
}

function nameOf(address: Address): string {
  const { name, address: mail, group } = address;
  if (group !== undefined) return `${oneLine(name)}: ${group.map(nameOf).join(", ")}`;
  if (mail === undefined || mail === "") return oneLine(name);
  return oneLine(name) === "" ? mail : `${oneLine(name)} <${mail}>`;
}

function attachmentLine(attachments: readonly Attachment[]): string {
  const names = attachments.map(({ filename, mimeType }) => oneLine(filename ?? undefined) || mimeType);
  return names.length === 0 ? "" : `Attachments: ${names.join(", ")}`;
}

function metadataOf({ from, to = [], date, attachments }: Email): Metadata {
  const time = Date.parse(date ?? "");
  const names = attachments.flatMap(({ filename }) => (filename === null ? [] : [oneLine(filename)]));
  return {
    author: from === undefined ? undefined : nameOf(from),
    to: to.length === 0 ? undefined : to.map(nameOf),
    date: Number.isNaN(time) ? undefined : new Date(time).toISOString(),
    attachments: names.length === 0 ? undefined : names,
  };
}

function shifted(node: OutlineNode, by: number): OutlineNode {
  const { start, end, header } = node;
  const moved = header && { start: header.start + by, end: header.end + by };
  return { ...node, start: start + by, end: end + by, header: moved };
}

function oneLine(text = ""): string {
  return clean(text).replace(/\s+/gu, " ");
}

function clean(text: string): string {
  return text.replace(/\r\n?/gu, "\n").toWellFormed().trim();
}
