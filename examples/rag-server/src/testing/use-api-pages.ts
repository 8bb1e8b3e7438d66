import { FakeEmbedder } from "@binnacle/core/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { chromiumMissing, startChromium } from "../../../../tests/servers/chromium.ts";
import { startServer, type ListenOptions, type RunningServer } from "../serve.ts";
import { openHandbook, type OpenedHandbook } from "./open-handbook.ts";

/** A page of a server over the indexed handbook. */
export interface ApiPage {
  readonly page: Page;
  readonly url: string;
  /** Posts JSON to a route of the API and expects success. */
  post(path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<unknown>;
}

/** Pages for the tests of one file. */
export interface ApiPages {
  /** Reason why the tests cannot run. Undefined if they can. */
  readonly missing: string | undefined;
  /** The reason in brackets, for the end of a test's name. Empty if the tests can run. */
  readonly because: string;
  /** Starts a server with an embedder of eight dimensions, and opens an empty page. Both end with the test. */
  open(options?: Pick<ListenOptions, "keys">): Promise<ApiPage>;
}

/** Starts one browser for all tests of the calling file. A page that reports an error fails its test. */
export function useApiPages(): ApiPages {
  const missing = chromiumMissing();
  let browser: Browser;
  let opened: { page: Page; server: RunningServer; handbook: OpenedHandbook } | undefined;
  let errors: string[] = [];
  beforeAll(async () => {
    if (missing === undefined) browser = await startChromium();
  });
  afterEach(async () => {
    await opened?.page.close();
    await opened?.server.close();
    await opened?.handbook.dispose();
    opened = undefined;
    expect(errors).toEqual([]);
    errors = [];
  });
  afterAll(async () => {
    if (missing === undefined) await browser.close();
  });
  return {
    missing,
    because: missing === undefined ? "" : ` (${missing})`,
    open: async ({ keys } = {}) => {
      const handbook = await openHandbook();
      const system = { ...handbook.system, embedder: new FakeEmbedder({ dimensions: 8 }) };
      const server = await startServer(system, { host: "127.0.0.1", port: 0, keys });
      const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
      page.on("pageerror", (error) => void errors.push(error.message));
      page.on("console", (message) => {
        const text = message.text();
        // A browser also reports each status of 400 or more as an error.
        if (message.type() === "error" && !text.startsWith("Failed to load resource")) errors.push(text);
      });
      opened = { page, server, handbook };
      return { page, url: server.url, post: poster(server.url) };
    },
  };
}

function poster(url: string): ApiPage["post"] {
  return async (path, body, headers = {}) => {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: "POST",
      headers: { ...type, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  };
}
