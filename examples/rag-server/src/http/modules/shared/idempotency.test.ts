import Fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { createIdempotency, type IdempotentWrite } from "./idempotency.ts";

interface Reply {
  readonly failed: number;
}

/** Serves one route, whose attempts are those of `writes` in order. */
function serve(...writes: readonly IdempotentWrite<Reply>[]) {
  const app = Fastify();
  onTestFinished(() => app.close());
  app.addHook("onRequest", async (request) => {
    request.principal = { id: "caller", permissions: new Set() };
  });
  const memory = createIdempotency<Reply>({ isWhole: ({ failed }) => failed === 0 });
  const next = writes.values();
  const write: IdempotentWrite<Reply> = async (earlier) => {
    const now = next.next().value;
    if (now === undefined) throw new Error("there are more attempts than writes");
    return await now(earlier);
  };
  app.post("/", (request, reply) => memory.once(request, reply, write));
  return () => app.inject({ method: "POST", url: "/", headers: { "idempotency-key": "k" } });
}

const down: IdempotentWrite<Reply> = () => Promise.reject(new Error("the store is down"));

test("still knows what was applied first after a repeat that failed wholly", async () => {
  const seen: (Reply | undefined)[] = [];
  const last: IdempotentWrite<Reply> = async (earlier) => {
    seen.push(earlier);
    return { failed: 0 };
  };
  const send = serve(async () => ({ failed: 1 }), down, down, last);
  const statuses = [await send(), await send(), await send(), await send()].map((one) => one.statusCode);
  expect(statuses).toEqual([200, 500, 500, 200]);
  expect(seen).toEqual([{ failed: 1 }]);
});

test("applies a write once if several requests waited for one that failed", async () => {
  const failing = Promise.withResolvers<Reply>();
  const send = serve(
    () => failing.promise,
    async () => ({ failed: 0 }),
  );
  const replies = [send(), send(), send()];
  setImmediate(() => failing.reject(new Error("the client left")));
  const done = await Promise.all(replies);
  expect(done.map((one) => one.statusCode)).toEqual([500, 200, 200]);
  expect(done.map((one) => one.headers["idempotency-replayed"])).toEqual([undefined, undefined, "true"]);
});
