import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startChromium } from "../servers/chromium.ts";

// `npm run screenshot` starts the demo without a model, asks its page the demo's question and writes
// docs/images/chat.png. It needs the browser of tests/servers/prepare.sh.
const question = "How many days of vacation do I get?";

const repository = resolve(import.meta.dirname, "../..");
const data = await mkdtemp(join(tmpdir(), "binnacle-screenshot-"));
const demo = spawn(
  process.execPath,
  ["--conditions=@binnacle/source", "examples/rag-server/src/bin/demo.ts", "--port", "0", "--data", data],
  { cwd: repository, stdio: ["ignore", "pipe", "inherit"] },
);
const browser = await startChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 560 } });
  await page.goto(await addressOf(demo.stdout));
  await page.fill("#question", question);
  await page.keyboard.press("Enter");
  await page.locator('.answer[data-busy="false"]').waitFor();
  await page.locator(".sources summary").first().click();
  await page.screenshot({ path: join(repository, "docs/images/chat.png") });
} finally {
  await browser.close();
  demo.kill();
  await once(demo, "close");
  await rm(data, { recursive: true });
}

/** Resolves to the address that the demo prints. */
async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  let printed = "";
  for await (const text of output.setEncoding("utf8")) {
    printed += String(text);
    const [address] = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(printed.replace(/.*BINNACLE_LLM_URL.*/g, "")) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`the demo printed no address:\n${printed}`);
}
