import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { openTcpProxy } from "./open-tcp-proxy.ts";

/** A server that answers each chunk with the same in capitals, and a proxy in front of it. */
async function openEcho() {
  await using opening = new AsyncDisposableStack();
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      received.push(data.toString());
      socket.write(data.toString().toUpperCase());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opening.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  // Of type AddressInfo for a TCP server that listens.
  const { port } = server.address() as AddressInfo;
  const proxy = opening.use(await openTcpProxy(port));
  const open = opening.move();
  return { proxy, received, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

async function openClient(port: number) {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  const seen = { text: "", error: "", ended: false, closed: false };
  socket.on("data", (data) => {
    seen.text += data.toString();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    seen.error = error.code ?? error.message;
  });
  socket.on("end", () => {
    seen.ended = true;
  });
  socket.on("close", () => {
    seen.closed = true;
  });
  await eventually(() => socket.readyState === "open" || seen.closed);
  return { socket, seen, [Symbol.dispose]: () => socket.destroy() };
}

test("bytes pass both ways, in order", async () => {
  await using echo = await openEcho();
  using client = await openClient(echo.proxy.port);

  for (const word of ["one ", "two ", "three"]) client.socket.write(word);

  await eventually(() => expect(client.seen.text).toBe("ONE TWO THREE"));
});

test("a cut resets what is open and takes what comes", async () => {
  await using echo = await openEcho();
  using client = await openClient(echo.proxy.port);
  await eventually(() => expect(echo.proxy.connections).toBe(1));

  echo.proxy.cut();

  await eventually(() => expect(client.seen).toMatchObject({ closed: true, error: "ECONNRESET" }));
  using next = await openClient(echo.proxy.port);
  next.socket.write("again");
  await eventually(() => expect(next.seen.text).toBe("AGAIN"));
});

test("while it refuses, connecting fails, and works again on the same port after it", async () => {
  await using echo = await openEcho();

  await echo.proxy.refuse();

  using refused = await openClient(echo.proxy.port);
  expect(refused.seen.error).toBe("ECONNREFUSED");
  await echo.proxy.accept();
  using taken = await openClient(echo.proxy.port);
  taken.socket.write("hello");
  await eventually(() => expect(taken.seen.text).toBe("HELLO"));
});

test("a connection to a server that is gone is reset, and counted", async () => {
  await using echo = await openEcho();
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  // Of type AddressInfo for a TCP server that listens.
  echo.proxy.aim((gone.address() as AddressInfo).port);
  gone.close();
  await once(gone, "close");

  using client = await openClient(echo.proxy.port);

  await eventually(() => expect(client.seen).toMatchObject({ closed: true, error: "ECONNRESET" }));
  expect(echo.proxy.taken).toBe(1);
});

test("a delay holds each chunk back, and keeps the order", async () => {
  await using echo = await openEcho();
  using client = await openClient(echo.proxy.port);
  echo.proxy.setWeather({ toServerDelayMs: 120, toClientDelayMs: 80 });
  const startedAt = performance.now();

  client.socket.write("slow");
  await eventually(() => expect(echo.received).toEqual(["slow"]));
  client.socket.write(" train");

  await eventually(() => expect(client.seen.text).toBe("SLOW TRAIN"));
  expect(performance.now() - startedAt).toBeGreaterThan(300);
});

test("a black hole keeps connections open and lets nothing pass until it ends", async () => {
  await using echo = await openEcho();
  using client = await openClient(echo.proxy.port);
  echo.proxy.setWeather({ blackHole: true });
  using late = await openClient(echo.proxy.port);
  client.socket.write("early");
  late.socket.write("late");
  await expect(eventually(() => echo.received.length > 0, { timeoutMs: 200 })).rejects.toThrow();
  expect([client.seen.closed, late.seen.closed]).toEqual([false, false]);

  echo.proxy.setWeather({});

  await eventually(() => expect([client.seen.text, late.seen.text]).toEqual(["EARLY", "LATE"]));
});

test("a lost reply: the server has the request, the client a reset and no answer", async () => {
  await using echo = await openEcho();
  using client = await openClient(echo.proxy.port);
  echo.proxy.setWeather({ losesReplyTo: (chunk) => chunk.includes("commit") });
  client.socket.write("insert");
  await eventually(() => expect(client.seen.text).toBe("INSERT"));

  client.socket.write("commit");

  await eventually(() => expect(client.seen).toMatchObject({ closed: true, text: "INSERT" }));
  expect(echo.received).toEqual(["insert", "commit"]);
  expect(echo.proxy.lostReplies).toBe(1);
});

test("a half-closed client hears the end and can still speak", async () => {
  await using echo = await openEcho();
  using client = await openClient(echo.proxy.port);
  await eventually(() => expect(echo.proxy.connections).toBe(1));

  echo.proxy.halfClose();

  await eventually(() => expect(client.seen.ended).toBe(true));
  client.socket.write("still here");
  await eventually(() => expect(echo.received).toEqual(["still here"]));
});
