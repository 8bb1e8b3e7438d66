import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { repository } from "../pages.ts";
import type { ErrorSection } from "./error-section.ts";
import { errorSections } from "./error-sections.ts";

/** Path of the page from the repository's root. */
export const errorsPage = "docs/errors.md";

const introduction = `# Errors

Every error that Binnacle throws on purpose is a \`BinnacleError\`. Its \`code\` is stable, so programs can compare it. Its
\`message\` says what happened and what to do. \`retryable\` is true if the same call may succeed later. \`cause\` holds the
original error.

\`\`\`ts
import { BinnacleError } from "@binnacle/core";
import { MemoryStore } from "@binnacle/retriever";

const store = new MemoryStore();
await store.close();
try {
  await store.listCollections();
} catch (error) {
  if (!BinnacleError.isInstance(error)) throw error;
  console.log(error.code, error.retryable);
}
\`\`\`

\`\`\`text
closed false
\`\`\`

An abort is different: it rejects with the \`reason\` of your own signal, unchanged.

The same codes stand in reports: \`report.failures\`, \`report.incomplete\` and \`report.degraded\`. A \`SyncError\` carries the
code of its cause. The HTTP API of the example app has [more codes](../examples/rag-server/README.md#http).

\`npm run errors\` writes this page from \`tests/docs/errors/sections\`. A test compares it with the sources, so each
code in the sources is here. [Troubleshooting](guides/troubleshooting.md) begins with symptoms instead.
`;

/** The text of the page, formatted as the repository's other pages are. */
export async function renderErrorsPage(): Promise<string> {
  const text = [introduction, ...errorSections.map(renderSection)].join("\n");
  const path = join(repository, errorsPage);
  return await format(text, { ...(await resolveConfig(path)), filepath: path });
}

function renderSection({ title, codes }: ErrorSection): string {
  const rows = Object.entries(codes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { meaning, cause, wayOut }]) => `| \`${code}\` | ${meaning} | ${cause} | ${wayOut} |`);
  return [
    `## ${title}`,
    "",
    "| code | meaning | cause | way out |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
