import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { afterEach, expect, test } from "vitest";
import { plainFetch } from "./plain-fetch.ts";

let close: (() => void) | undefined;
afterEach(() => close?.());

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/v1`;
}

test("what is sent arrives, and the answer comes with its status and its headers", async () => {
  const url = await serve(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { method, headers } = request;
    response.writeHead(429, { "retry-after": "7", "content-type": "application/json" });
    response.end(JSON.stringify({ method, type: headers["content-type"], text }));
  });

  const response = await plainFetch(`${url}/chat`, {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: "网关 ok?",
  });

  expect(response.ok).toBe(false);
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("7");
  expect(await response.json()).toEqual({ method: "POST", type: "text/plain", text: "网关 ok?" });
});

test("an answer larger than what is read at once comes whole", async () => {
  const whole = "0123456789".repeat(400_000);
  const url = await serve((_request, response) => void response.end(whole));

  expect(await (await plainFetch(url)).text()).toBe(whole);
});

test("an answer without a body has none", async () => {
  const url = await serve((_request, response) => void response.writeHead(204).end());

  expect((await plainFetch(url)).body).toBeNull();
});

test("a server that is not there fails as with fetch", async () => {
  const failed = plainFetch("http://127.0.0.1:1/v1");

  await expect(failed).rejects.toThrow(new TypeError("fetch failed"));
  await expect(failed).rejects.toHaveProperty("cause.code", "ECONNREFUSED");
});

test("an answer that breaks off fails as with fetch", async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  });
  const response = await plainFetch(url);

  await expect(response.text()).rejects.toThrow(new TypeError("terminated"));
});

test("an abort ends the wait for an answer with its reason", async () => {
  const stop = new AbortController();
  const url = await serve(() => stop.abort(new RangeError("enough")));

  await expect(plainFetch(url, { signal: stop.signal })).rejects.toThrow(RangeError);
});

test("an abort amid an answer ends it with its reason, and the connection", async () => {
  const stop = new AbortController();
  const isGone = Promise.withResolvers<void>();
  const url = await serve((_request, response) => {
    response.on("close", () => isGone.resolve());
    response.write("half");
  });
  const response = await plainFetch(url, { signal: stop.signal });
  stop.abort(new RangeError("enough"));

  await expect(response.text()).rejects.toThrow(RangeError);
  await isGone.promise;
});

test("who reads no further ends the connection", async () => {
  const isGone = Promise.withResolvers<void>();
  const url = await serve((_request, response) => {
    response.on("close", () => isGone.resolve());
    response.write("half");
  });

  await (await plainFetch(url)).body?.cancel();

  await isGone.promise;
});

test("answers in turn share their connection", async () => {
  const ports = new Set<number | undefined>();
  const url = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end("fine");
  });

  for (let answers = 0; answers < 10; answers++) await (await plainFetch(url)).text();

  // An answer may be read before its connection is known to be free.
  expect(ports.size).toBeLessThanOrEqual(3);
});
