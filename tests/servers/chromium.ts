import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** Why there is no browser, for a suite's name; undefined where there is one. */
export function chromiumMissing(): string | undefined {
  return existsSync(executablePath)
    ? undefined
    : `no browser at ${executablePath}; run tests/servers/prepare.sh`;
}

/** Starts a browser that talks to nobody but the page under test. */
export function startChromium(): Promise<Browser> {
  const args = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath, args });
}
