import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openHttpServer } from "./open-http-server.ts";

const patience = { headersMs: 100, requestMs: 200, silenceMs: 60_000, checkEveryMs: 20 };

test.each([
  ["no end of its headers", "GET / HTTP/1.1\r\nHost: x\r\n", /408/],
  ["no end of its body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{", /408/],
])("a client that sends %s is cut off", async (_what, bytes, answer) => {
  await using server = await openQuickServer(patience);
  const socket = connect(server.port, "127.0.0.1");

  socket.write(bytes);

  expect(await text(socket)).toMatch(answer);
});

test("a client that says nothing at all is cut off", async () => {
  await using server = await openQuickServer({
    ...patience,
    headersMs: 30_000,
    requestMs: 30_000,
    silenceMs: 100,
  });
  const socket = connect(server.port, "127.0.0.1");

  expect(await text(socket)).toBe("");
});

function openQuickServer(limits: typeof patience) {
  const handlers = {
    request: async () => undefined,
    upgrade: () => undefined,
  };
  return openHttpServer({ host: "127.0.0.1", port: 0 }, handlers, limits);
}
