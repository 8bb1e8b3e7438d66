import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** Returns the reason why there is no browser, for a suite's name, or undefined. */
export function chromiumMissing(): string | undefined {
  return existsSync(executablePath)
    ? undefined
    : `no browser at ${executablePath}; run tests/servers/prepare.sh`;
}

/** Starts a browser that connects only to the page under test. */
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
