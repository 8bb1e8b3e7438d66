import { expect, test } from "vitest";
import { parsed } from "../fixtures/parsed.ts";
import { emlParser } from "./eml-parser.ts";

const mail = (lines: readonly string[]): string => lines.join("\r\n");
const head = [
  "From: =?UTF-8?Q?J=C3=BCrgen?= <j@harbour.test>",
  "To: office@harbour.test, Ada <ada@harbour.test>",
  "Subject: =?UTF-8?B?TWVzc2FnZSDigJQgZ2F0ZQ==?=",
  "Date: Mon, 02 Mar 2026 09:30:00 +0100",
  "MIME-Version: 1.0",
];

test("decodes headers and text, and names the attachments (T33)", async () => {
  const { text, title, metadata } = await parsed(
    emlParser,
    mail([
      ...head,
      'Content-Type: multipart/mixed; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "The gate =E2=80=94 as agreed =",
      "=E2=80=94 opens at six.",
      "--b",
      'Content-Type: application/pdf; name="plan.pdf"',
      'Content-Disposition: attachment; filename="plan.pdf"',
      "Content-Transfer-Encoding: base64",
      "",
      "JVBERi0xLjQ=",
      "--b--",
    ]),
  );
  expect(text).toBe(
    [
      "Subject: Message — gate",
      "From: Jürgen <j@harbour.test>",
      "To: office@harbour.test, Ada <ada@harbour.test>",
      "Date: Mon, 02 Mar 2026 09:30:00 +0100",
      "",
      "The gate — as agreed — opens at six.",
      "",
      "Attachments: plan.pdf",
    ].join("\n"),
  );
  expect({ title, metadata }).toEqual({
    title: "Message — gate",
    metadata: {
      author: "Jürgen <j@harbour.test>",
      to: ["office@harbour.test", "Ada <ada@harbour.test>"],
      date: "2026-03-02T08:30:00.000Z",
      attachments: ["plan.pdf"],
    },
  });
});

test("reads what a reader sees of a message in HTML only, in its own encoding", async () => {
  const html = "<style>p{}</style><h1>Gate</h1><p>Caf\u00e9<span style='display:none'>4711</span></p>";
  const source = mail([...head, "Content-Type: text/html; charset=iso-8859-1", "", html]);
  const { text, outline = [] } = await parsed(emlParser, Buffer.from(source, "latin1"));
  expect(text).toMatch(/\n\nGate\n\nCafé$/);
  expect(outline.map(({ start, end, path }) => [text.slice(start, end), ...path])).toEqual([
    ["Gate\n\nCafé", "Gate"],
  ]);
});

test("refuses a file that is no mail", async () => {
  for (const bytes of ["", "just some text", Buffer.from([0, 1, 2, 0xff])])
    await expect(parsed(emlParser, bytes)).rejects.toMatchObject({ code: "damaged_file" });
});

test("reads what is left of a mail that was cut off", async () => {
  const cut = mail([...head, 'Content-Type: multipart/mixed; boundary="b"', "", "--b", "", "The gate op"]);
  expect((await parsed(emlParser, cut)).text).toMatch(/The gate op$/);
});
