import { expect, onTestFinished, test } from "vitest";
import { examplesOf } from "./code-blocks.ts";
import { createReaderFolder } from "./reader-folder.ts";

// The guide's own servers, with a slow model and a reader who leaves before it answers.
const leaving = `
for (const address of [server.address(), app.server.address(), honoServer.address()]) {
  if (address === null || typeof address === "string") continue;
  const left = new AbortController();
  const url = \`http://127.0.0.1:\${address.port}/?q=When+are+backups+taken\`;
  const asked = fetch(url, { signal: left.signal }).then((response) => response.text());
  await new Promise((resolve) => setTimeout(resolve, 300));
  left.abort();
  await asked.catch(() => undefined);
}
await new Promise((resolve) => setTimeout(resolve, 1_500));
`;

test("stops the model of each handler when the reader leaves", async () => {
  const [guide] = examplesOf("docs/guides/http-handlers.md");
  const whole = guide?.code ?? "";
  const asking = whole.indexOf("for (const address of");
  const closing = whole.indexOf("await app.close()");
  const code = whole.slice(0, asking) + leaving + whole.slice(closing);
  const reader = await createReaderFolder();
  onTestFinished(reader.remove);
  const output = await reader.run(
    code.replace(
      'replies: ["At 02:30 [1]."]',
      'replies: () => new Promise((resolve) => setTimeout(resolve, 1_500, "At 02:30 [1]."))',
    ),
  );
  expect(output).toBe("the reader left\n".repeat(3));
});
