import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Loopback } from "./fixtures/loopback.ts";

const loopback = new Loopback();
afterEach(() => loopback.close());

const unchecked = (value: unknown): unknown => value;
const answer = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;

test("repeats a request on a connection that the server has just reset", async () => {
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

test("repeats a request on a connection that the server has just closed", async () => {
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

test("does not repeat a request on a new connection, because the server may have acted", async () => {
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

test("repeats only idempotent requests that the server received before the connection broke", async () => {
  const received: string[] = [];
  const url = await loopback.serve((request, response) => {
    request.resume().on("end", () => {
      received.push(request.method ?? "");
      // Every first request of its method is read in full, and its connection drops while the server works on
      // it.
      const isFirst = received.filter((method) => method === request.method).length === 1;
      if (isFirst && request.url === "/work") setTimeout(() => request.socket.destroy(), 250);
      else response.end("1");
    });
  });
  const keptAlive = async () => {
    const client = loopback.client(url);
    await client.json({ path: "/" }, unchecked);
    await pause(20); // until the connection is free again; a new one would be opened before
    received.length = 0;
    return client;
  };
  for (const method of ["POST", "PATCH"] as const) {
    const lost = (await keptAlive()).json({ method, path: "/work", json: {} }, unchecked);
    await expect(lost).rejects.toMatchObject({ code: "connection_lost", retryable: true });
    expect(received).toEqual([method]);
  }
  for (const method of ["GET", "PUT", "DELETE"] as const) {
    expect(await (await keptAlive()).json({ method, path: "/work" }, unchecked)).toBe(1);
    expect(received).toEqual([method, method]);
  }
});

test("completes all requests while the server keeps closing idle connections (Q9)", async () => {
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
