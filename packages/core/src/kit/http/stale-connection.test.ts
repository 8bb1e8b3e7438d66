import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Loopback } from "./fixtures/loopback.ts";

const loopback = new Loopback();
afterEach(() => loopback.close());

const unchecked = (value: unknown): unknown => value;
const answer = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;

test("a request that meets a connection the server has just closed is sent once more", async () => {
  let connections = 0;
  const url = await loopback.serveRaw((socket) => {
    connections += 1;
    let requests = 0;
    socket.on("data", () => {
      requests += 1;
      // The first connection answers once, then resets as if it had timed out at the moment the request came.
      if (connections === 1 && requests === 2) socket.resetAndDestroy();
      else socket.write(answer(`"${connections}"`));
    });
  });
  const client = loopback.client(url);
  const post = { method: "POST", path: "/", json: {} } as const;
  expect(await client.json(post, unchecked)).toBe("1");
  expect(await client.json(post, unchecked)).toBe("2");
  expect(connections).toBe(2);
});

test("a connection closed without a reset is replaced in the same way", async () => {
  let connections = 0;
  const url = await loopback.serveRaw((socket) => {
    connections += 1;
    let requests = 0;
    socket.on("data", () => {
      requests += 1;
      if (connections === 1 && requests === 2) socket.end();
      else socket.write(answer(`"${connections}"`));
    });
  });
  const client = loopback.client(url);
  expect(await client.json({ path: "/" }, unchecked)).toBe("1");
  expect(await client.json({ path: "/" }, unchecked)).toBe("2");
});

test("a new connection that breaks is not tried again here: the server may have acted", async () => {
  for (const end of ["resetAndDestroy", "destroy"] as const) {
    let requests = 0;
    const url = await loopback.serveRaw((socket) => {
      socket.on("data", () => {
        requests += 1;
        socket[end]();
      });
    });
    const failed = loopback.client(url).json({ method: "POST", path: "/", json: {} }, unchecked);
    await expect(failed).rejects.toMatchObject({
      code: "connection_lost",
      retryable: true,
      status: undefined,
    });
    expect(requests).toBe(1);
  }
});

test("Q9: no request fails while the server closes idle connections all the time", async () => {
  const url = await loopback.serve((_request, response) => {
    response.removeHeader("keep-alive"); // the server does not say when it closes
    response.end("1");
  }, 5);
  const client = loopback.client(url);
  const lane = async (): Promise<void> => {
    for (let call = 0; call < 25; call++) {
      await client.json({ method: "POST", path: "/", json: {} }, unchecked);
      await pause(4 + (call % 4));
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
});
