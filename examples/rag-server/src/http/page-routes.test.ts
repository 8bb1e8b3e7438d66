import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { handbook } from "../testing/handbook.ts";
import { openHandbook, type OpenedHandbook } from "../testing/open-handbook.ts";
import { createApp } from "./create-app.ts";
import { neighbourhood } from "./passage-route.ts";
import { chatReply } from "./schemas.ts";

const passageReply = z.object({
  text: z.string(),
  textStart: z.int(),
  isFirst: z.boolean(),
  isLast: z.boolean(),
});
const described = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const aboutReply = z.object({ sources: z.array(z.unknown()), questions: z.array(z.string()) });

let opened: OpenedHandbook;
let app: FastifyInstance;

beforeAll(async () => {
  opened = await openHandbook();
  app = await createApp(opened.system);
});

afterAll(async () => {
  await app.close();
  await opened.dispose();
});

describe("GET /passage", () => {
  test("returns a citation with the text around it, at exact offsets (T3)", async () => {
    const asked = await app.inject({
      method: "POST",
      url: "/chat",
      payload: { message: "When are backups taken?" },
    });
    const [citation] = chatReply.parse(asked.json()).citations;
    if (citation === undefined) throw new Error("no citation");
    const { documentId, start, end, text } = citation;
    const query = { document: documentId, start: String(start), end: String(end) };
    const reply = passageReply.parse((await app.inject({ url: "/passage", query })).json());
    const from = start - reply.textStart;
    expect(reply.text.slice(from, from + text.length)).toBe(text);
    expect(reply.text.length).toBeGreaterThan(text.length);
    expect(handbook[documentId]).toContain(reply.text.trim());
    expect(reply).toMatchObject({ isFirst: true, isLast: true });
  });

  test("refuses a passage that is not indexed, and a wrong range", async () => {
    const ask = async (query: Record<string, string>) =>
      (await app.inject({ url: "/passage", query })).statusCode;
    expect(await ask({ document: "nothing.md", start: "0", end: "5" })).toBe(404);
    expect(await ask({ document: "backups.md", start: "90000", end: "90005" })).toBe(404);
    expect(await ask({ document: "backups.md", start: "5", end: "5" })).toBe(400);
    expect(await ask({ document: "backups.md", start: "0", end: "30000" })).toBe(400);
    expect(await ask({ document: "backups.md", start: "x", end: "5" })).toBe(400);
  });
});

describe("the neighbourhood of a range", () => {
  const line = "One line of twenty-odd characters.\n";
  const page = line.repeat(200);
  const chunks = Array.from({ length: 20 }, (_, index) => {
    const start = Math.max(0, index * 350 - 50);
    const end = Math.min(page.length, (index + 1) * 350);
    return { start, end, text: page.slice(start, end) };
  });

  test("joins overlapping chunks by their offsets, and begins and ends with a line", () => {
    const found = neighbourhood(chunks, 3000, 3100);
    if (found === undefined) throw new Error("nothing found");
    expect(page.slice(found.textStart, found.textStart + found.text.length)).toBe(found.text);
    expect(found.textStart % line.length).toBe(0);
    expect(found.text.endsWith(".")).toBe(true);
    expect(found.text.length).toBeGreaterThan(1200);
    expect([found.isFirst, found.isLast]).toEqual([false, false]);
    expect(neighbourhood(chunks, 0, 100)).toMatchObject({ isFirst: true, textStart: 0 });
  });

  test("keeps the offsets over white space that no chunk has", () => {
    const gap = [
      { start: 0, end: 3, text: "One" },
      { start: 6, end: 9, text: "two" },
    ];
    expect(neighbourhood(gap, 6, 9)?.text).toBe("One\n\n\ntwo");
    expect(neighbourhood(gap, 20, 30)).toBeUndefined();
  });
});

describe("GET /about", () => {
  test("names what is indexed, without paths, and asks what the documents answer (T3)", async () => {
    const response = await app.inject({ url: "/about" });
    const { sources, questions } = aboutReply.parse(response.json());
    expect(sources).toEqual([{ name: expect.any(String), documents: 3, chunks: expect.any(Number) }]);
    expect(response.body).not.toContain(opened.paths[0]);
    expect(questions.length).toBeGreaterThan(2);
    for (const message of questions) {
      const reply = await app.inject({ method: "POST", url: "/chat", payload: { message } });
      expect(chatReply.parse(reply.json()).mode, message).toBe("extractive");
    }
  });
});

describe("the pages' scripts", () => {
  test("calls only routes of the API that exist (Q62)", async () => {
    const { paths } = described.parse((await app.inject({ url: "/docs/json" })).json());
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const calls = await callsOfPages();
    expect(calls.length).toBeGreaterThan(10);
    const isRoute = (call: string): boolean => {
      const shape = new RegExp(`^${call.replaceAll("…", "[^/]+")}$`);
      return routes.some((route) => shape.test(route));
    };
    expect(calls.filter((call) => !isRoute(call))).toEqual([]);
  });
});

/** The calls in the scripts whose path begins with a fixed part. "…" stands for each variable part. */
async function callsOfPages(): Promise<string[]> {
  const folder = join(import.meta.dirname, "../../public");
  const calls: string[] = [];
  for await (const name of glob("**/*.js", { cwd: folder })) {
    const script = await readFile(join(folder, name), "utf8");
    for (const call of script.matchAll(/\brequest(?:Json)?\(\s*(["`])(\w.*?)\1([^)]*)/g)) {
      const [, , path = "", options = ""] = call;
      const [route = ""] = path.replaceAll(/\$\{[^}]*\}/g, "…").split("?");
      const method = /method: "(\w+)"/.exec(options)?.[1] ?? (/\bbody\b/.test(options) ? "POST" : "GET");
      calls.push(`${method} /api/v1/${route}`);
    }
  }
  return calls;
}
