import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { startChromium } from "../servers/chromium.ts";

// `npm run screenshot` starts the demo without a model, asks its page some questions and writes the images
// docs/images/{chat*,collections,analytics}.png. It needs the browser of tests/servers/prepare.sh.
const first = "How many days of vacation do I get?";
const followUp = "And when do they expire?";
const later = ["Who is on call?", "How do I get a laptop?", "What is the boiling point of xenon?"];
const wide = { width: 1000, height: 700 };
const phone = { width: 390, height: 780 };

const repository = resolve(import.meta.dirname, "../..");
const data = await mkdtemp(join(tmpdir(), "binnacle-screenshot-"));
const demo = spawn(
  process.execPath,
  ["--conditions=@binnacle/source", "examples/rag-server/src/bin/demo.ts", "--port", "0", "--data", data],
  { cwd: repository, stdio: ["ignore", "pipe", "inherit"] },
);
const browser = await startChromium();
try {
  const page = await browser.newPage({ viewport: wide });
  const address = await addressOf(demo.stdout);
  await page.goto(address);
  await page.locator("#examples button").first().waitFor();
  await save(page, "chat-empty");
  await ask(page, first);
  await ask(page, followUp);
  await save(page, "chat");
  await openSource(page);
  await save(page, "chat-opened");
  await page.emulateMedia({ colorScheme: "dark" });
  await save(page, "chat-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(phone);
  await page.reload();
  await openSource(page);
  await save(page, "chat-phone");
  await page.setViewportSize(wide);
  for (const question of later) await ask(page, question);
  await showPages(page, address);
} finally {
  await browser.close();
  demo.kill();
  await once(demo, "close");
  await rm(data, { recursive: true });
}

/** Takes the pages beside the chat. */
async function showPages(page: Page, address: string): Promise<void> {
  await page.goto(new URL("collections", address).href);
  await page.locator("tbody a").first().click();
  await page.fill("#search-text", "vacation");
  await page.keyboard.press("Enter");
  await page.getByText(/hits? by/).waitFor();
  await page.locator("#points summary").first().click();
  await save(page, "collections");
  await page.goto(new URL("analytics", address).href);
  await page.locator("#hours").selectOption("1");
  await page.locator("svg").first().waitFor();
  await save(page, "analytics");
}

async function ask(page: Page, question: string): Promise<void> {
  const turns = await page.locator(".turn").count();
  await page.fill("#question", question);
  await page.keyboard.press("Enter");
  await page.locator(".turn").nth(turns).locator(".actions").waitFor();
}

/** Opens the first source of the last answer and waits for the text around it. */
async function openSource(page: Page): Promise<void> {
  const turn = page.locator(".turn").last();
  const read = page.waitForResponse(/\/passage\?/);
  await turn.locator(".sources summary").first().click();
  await read;
  await turn.locator(".passage mark").first().waitFor();
}

async function save(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(repository, `docs/images/${name}.png`) });
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
