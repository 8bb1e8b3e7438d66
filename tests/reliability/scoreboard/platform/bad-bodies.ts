import { atMost, exactly, shown, type Experiment } from "../experiment.ts";
import { startFakeReplica } from "../../../servers/fake-replica/start-fake-replica.ts";
import { readDocumentedReplies } from "./stand/documented-replies.ts";
import { modelEnvironment } from "./stand/model-environment.ts";
import { serverFaults } from "./stand/server-faults.ts";
import { startPlatform } from "./stand/start-platform.ts";

const mebibyte = 2 ** 20;

/** Bodies that no route takes. */
const bodies: Readonly<Record<string, () => string | Uint8Array<ArrayBuffer>>> = {
  "10 MB of JSON": () => JSON.stringify({ text: "x".repeat(10 * mebibyte) }),
  "deep JSON": () => `{"metadata":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
  "deep objects": () => `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  NaN: () => '{"collection":"load","vector":[NaN]}',
  "a number beyond any": () => '{"collection":"load","vector":[1e999,1,1,1,1,1,1,1],"limit":1e999}',
  "bytes that are not UTF-8": () => new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  "half a surrogate": () =>
    '{"collection":"load","text":"\\ud800","message":"\\ud800","input":"\\ud800","unknown":1}',
  "an own __proto__": () => '{"__proto__":{"polluted":true},"collection":"load"}',
  "no JSON": () => "collection=load",
  "an empty body": () => "",
  "an array": () => "[]",
  null: () => "null",
  "unknown fields": () => '{"collection":"load","unknown":true}',
  "a huge batch": () =>
    JSON.stringify({
      collection: "load",
      operations: Array.from({ length: 20_000 }, (_, i) => ({ op: "delete", id: String(i) })),
      searches: Array.from({ length: 20_000 }, () => ({ text: "x" })),
      input: Array.from({ length: 20_000 }, () => "x"),
      messages: Array.from({ length: 20_000 }, () => "x"),
    }),
  "a path as a collection": () => '{"collection":"../../etc/passwd","name":"../../etc/passwd","text":"x"}',
};

/** SB-P7: each route that reads JSON gets bodies that it cannot take. */
export const badBodies: Experiment = {
  title: "bodies that no route can take, to every route",
  missing: () => Promise.resolve(undefined),
  run: async ({ seed }) => {
    const model = await startFakeReplica(seed);
    const platform = await startPlatform({ environment: modelEnvironment(model.url) });
    try {
      const documented = await readDocumentedReplies(platform.url);
      const routes = documented.operations.filter((one) => /^(POST|PUT) /.test(one) && readsJson(one));
      const wrong: string[] = [];
      let [sent, slowestMs] = [0, 0];
      for (const route of routes)
        for (const [name, make] of Object.entries(bodies)) {
          const [method = "", path = ""] = route.split(" ");
          const from = performance.now();
          const { status, text } = await reply(
            platform.send,
            method,
            path.replaceAll(/\{\w+\}/g, "none"),
            make(),
          );
          slowestMs = Math.max(slowestMs, performance.now() - from);
          sent += 1;
          const isRefused = status >= 400 && status < 500 && documented.includes(route, status, text);
          if (!isRefused) wrong.push(`${route}, ${name}: ${status} ${text.slice(0, 100)}`);
        }
      for (const line of wrong) console.error(`reliability: P7 ${line}`);
      const next = await platform.send("POST", "/chat", { body: { message: "When are backups taken?" } });
      return [
        shown("routes", routes.length, ""),
        shown("requests", sent, ""),
        exactly("replies other than a documented refusal", wrong.length, 0),
        atMost("slowest reply", slowestMs, 1_000, "ms"),
        exactly("status of the next question", next.status, 200),
        ...serverFaults(platform.server),
      ];
    } finally {
      await platform.close();
      model.close();
    }
  },
};

/** Routes that read no JSON ignore or refuse a body, and a restore reads bytes. */
function readsJson(operation: string): boolean {
  return !/\/(restore|snapshot|pause|resume)$/.test(operation);
}

async function reply(
  send: Awaited<ReturnType<typeof startPlatform>>["send"],
  method: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await send(method, path, { body });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    // A refused upload may end with its connection, before all of it was sent.
    return { status: 0, text: error instanceof Error ? String(error.cause) : String(error) };
  }
}
