// `sink-process.ts URL DELAY_MS`: a server that accepts writes and discards them, and answers each read again
// as the server at URL answered it the first time. It runs in a process of its own, so that its work is not
// measured. Says "listening on URL".
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startFaultProxy, type ProxyAnswer } from "../../../tests/servers/fault-proxy.ts";

const [target, delayMs = "0"] = process.argv.slice(2);
const known = new Map<string, ProxyAnswer>();
const done = { operation_id: 1, status: "completed" };
const answer = (result: unknown): ProxyAnswer => ({
  status: 200,
  body: JSON.stringify({ result, status: "ok", time: 0 }),
});

const proxy = await startFaultProxy(target, async ({ method, path, body }, forward) => {
  if (Number(delayMs) > 0) await sleep(Number(delayMs));
  if (path.includes("/points/batch")) return answer([done]);
  if (method === "PUT" && path.includes("/points")) return answer(done);
  const key = createHash("sha256").update(`${method} ${path} `).update(body).digest("hex");
  const found = known.get(key) ?? (await forward());
  if (method === "GET" || path.includes("/points")) known.set(key, found);
  return found;
});
process.stdout.write(`listening on ${proxy.url}\n`);
