import { FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { plainMessage } from "./plain-message.ts";
import { answererOf } from "./rag-system.ts";
import { openHandbook } from "./testing/open-handbook.ts";

const options = /FolderSource|createAnswerer|max[A-Z]/;

test("reports a question that is too long without options of the library", async () => {
  const opened = await openHandbook();
  const capabilities = { contextTokens: 410 };
  const small = opened.answeredBy(new FakeInferenceBackend({ replies: ["x"], capabilities }));
  const error = await answererOf(small).answer("When are backups taken?").catch(String);
  await opened.dispose();
  const message = plainMessage(String(error).replace("InferenceError: ", ""));
  expect(message).toMatch(/^no source fits .* 410 tokens.*\. Shorten the question, or serve the model with/);
  expect(message).not.toMatch(options);
});
