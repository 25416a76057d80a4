import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { limits } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { openTestClient } from "./testing/open-test-client.ts";
import { openTestGateway } from "./testing/open-test-gateway.ts";
import { openTestLogic, tokenOfUser } from "./testing/open-test-logic.ts";

const pulseReply = "5200";
const pulseRequest = "0a176865617274626561742d313736393334303634333030305200";
const token = tokenOfUser("alice");

/** The HTTP answer to an upgrade that is refused. */
async function refusal(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, { headers });
  const [, response] = await once(socket, "unexpected-response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

test("a pulse is answered by exactly 5200, and nothing else is answered or closes; C07", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  const nonsense = [
    "ffffffff",
    "0a02fffe5200", // a seq that is not UTF-8
    "0a027439", // only a seq
    "6202080a", // a push
    "6a020a00", // an ack
    "", // an empty frame
  ];
  for (const hex of [pulseRequest, ...nonsense, pulseRequest]) alice.sendHex(hex);
  await alice.settle();
  expect(alice.frames).toEqual([pulseReply, pulseReply, pulseReply]);
  const undecodable = 'resonance_gateway_packets_total{kind="undecodable",outcome="ignored",';
  expect(await gateway.metric(`${undecodable}service="gateway"}`)).toBe(2);
});

test("a text frame is decoded like a binary one", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  alice.send("R\0");
  alice.socket.send(Buffer.from("fffe", "hex"), { binary: false });
  await alice.settle();
  expect(alice.frames).toEqual([pulseReply, pulseReply]);
});

test("the token may stand in the header or in the query", async () => {
  await using gateway = await openTestGateway();
  await using byHeader = await openTestClient(`${gateway.url}/ws`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await byHeader.settle();
});

test("without a good token there is no upgrade", async () => {
  await using gateway = await openTestGateway();
  expect(await refusal(`${gateway.url}/ws`)).toEqual({
    status: 401,
    body: { error: "unauthorized: missing authentication token" },
  });
  expect(await refusal(`${gateway.url}/ws?token=x`)).toEqual({
    status: 401,
    body: { error: "unauthorized: invalid authentication token" },
  });
  expect(await refusal(`${gateway.url}/elsewhere?token=${token}`)).toMatchObject({ status: 404 });
});

test("without Logic an upgrade is 503, so that the client keeps its token", async () => {
  const logic = await openTestLogic();
  await using gateway = await openTestGateway({ logic });
  await logic[Symbol.asyncDispose]();
  expect(await refusal(`${gateway.url}/ws?token=${token}`)).toMatchObject({ status: 503 });
});

test("a page of another origin gets no socket; the same origin and the list do", async () => {
  await using gateway = await openTestGateway({
    environment: { RESONANCE_ALLOWED_ORIGINS: "https://chat.example" },
  });
  const url = `${gateway.url}/ws?token=${token}`;
  expect(await refusal(url, { origin: "https://evil.example" })).toMatchObject({ status: 403 });
  for (const origin of [gateway.url, "https://chat.example"]) {
    await using client = await openTestClient(url, { headers: { origin } });
    await client.settle();
  }
});

test("no subprotocol is ever selected, and no extension", async () => {
  await using gateway = await openTestGateway();
  const socket = new WebSocket(`${gateway.url}/ws?token=${token}`, ["chat"]);
  // A client that asks for one and gets none gives up by itself.
  const failed = new Promise((resolve) => socket.once("error", resolve));
  const [response] = await once(socket, "upgrade");
  expect(response.headers["sec-websocket-protocol"]).toBeUndefined();
  expect(response.headers["sec-websocket-extensions"]).toBeUndefined();
  await failed;
});

test("a frame over 128 KiB closes with 1009 before it is decoded", async () => {
  await using gateway = await openTestGateway();
  await using alice = await gateway.connect("alice");
  alice.send(new Uint8Array(limits.frameMaxBytes + 1));
  expect(await alice.closed).toBe(1009);
  expect(
    await gateway.metric(
      'resonance_gateway_packets_total{kind="undecodable",outcome="ignored",service="gateway"}',
    ),
  ).toBe(0);
});

test("a client that is silent is dropped; one that answers pings is not", async () => {
  await using gateway = await openTestGateway({
    keepAlive: { checkEveryMs: 20, pingEveryMs: 50, deadAfterMs: 300 },
  });
  await using silent = await openTestClient(`${gateway.url}/ws?token=${token}`, {
    autoPong: false,
  });
  await using lively = await gateway.connect("bob");
  expect(await silent.closed).toBe(1006);
  await lively.settle();
});

test("a socket is closed when its token expires, and takes no packet after that", async () => {
  await using gateway = await openTestGateway({
    keepAlive: { checkEveryMs: 20, pingEveryMs: 1_000, deadAfterMs: 5_000 },
  });
  const sentAtMs: number[] = [];
  gateway.logic.onSend = async () => {
    sentAtMs.push(Date.now());
    return { msgId: 1n, seqId: 1n };
  };
  const exp = Math.floor(Date.now() / 1_000) + 1;
  const expiring = tokenOfUser("alice", { exp });
  await using alice = await openTestClient(`${gateway.url}/ws?token=${expiring}`);
  await alice.settle();
  // Reads no close frame, and so goes on talking.
  alice.socket.pause();
  await eventually(() => {
    alice.chat("", { sessionId: "0", content: "hi" });
    return Date.now() > exp * 1_000 + 700;
  });
  expect(sentAtMs.length).toBeGreaterThan(0);
  expect(sentAtMs.filter((atMs) => atMs > exp * 1_000 + 400)).toEqual([]);
  alice.socket.resume();
  expect(await alice.closed).toBe(4401);
});

test.each([1, -1])("a clock that jumps by %s h cuts off nobody", async (hours) => {
  await using gateway = await openTestGateway({
    keepAlive: { checkEveryMs: 20, pingEveryMs: 50, deadAfterMs: 2_000 },
  });
  await using client = await gateway.connect("alice");
  let pings = 0;
  client.socket.on("ping", () => pings++);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
  try {
    await eventually(() => expect(pings).toBeGreaterThan(3));

    await client.settle();
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  } finally {
    vi.useRealTimers();
  }
});

test("200 clients that come and vanish leave nothing behind", async () => {
  await using gateway = await openTestGateway();
  const line = 'resonance_gateway_connections{service="gateway"}';
  for (let round = 0; round < 20; round++) {
    const clients = await Promise.all(
      Array.from({ length: 10 }, (_, index) => gateway.connect(`user-${index}`)),
    );
    for (const client of clients) {
      client.chat("1", { sessionId: "0", content: "hi" });
      client.vanish();
    }
    await Promise.all(clients.map((client) => client.closed));
  }
  await eventually(async () => (await gateway.metric(line)) === 0);
  await eventually(() => {
    const last = gateway.logic.reports.flatMap((report) => [
      ...report.onlineBatch.map(({ username }) => [username, "online"] as const),
      ...report.offlineBatch.map(({ username }) => [username, "offline"] as const),
    ]);
    const states = new Map(last);
    return states.size === 10 && [...states.values()].every((state) => state === "offline");
  });
});

test("malformed HTTP harms nothing", async () => {
  await using gateway = await openTestGateway();
  const upgrade = "Connection: upgrade\r\nUpgrade: websocket\r\n";
  const requests = [
    "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "GET // HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /resonance.gateway.v1.AuthService/Login HTTP/1.1\r\nHost: [\r\nContent-Length: 2\r\n\r\n{}",
    `GET // HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`,
    `GET /ws?token=${token} HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`,
    `PUT /ws?token=${token} HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`,
    "nonsense\r\n\r\n",
  ];
  for (const request of requests) {
    const socket = connect(gateway.httpPort, "127.0.0.1");
    socket.write(request);
    const [answer] = await once(socket, "data");
    expect(`${request}: ${answer}`).toMatch(/HTTP\/1.1 4\d\d/);
    socket.destroy();
  }
  for (const request of requests) connect(gateway.httpPort, "127.0.0.1").end(request).destroy();
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
});

test.each([
  ["the token", (token: string) => ({ tokenHash: createHash("sha256").update(token).digest() })],
  ["the sign-in", () => ({ signInId: "s1" })],
  ["all tokens until then", () => ({ issuedUntil: 1_769_340_643n })],
])("a socket is closed when %s is revoked, and others stay", async (_what, revocationOf) => {
  await using gateway = await openTestGateway();
  const claims = { iat: 1_769_340_643, sid: "s1", exp: 4_000_000_000 };
  const token = tokenOfUser("alice", claims);
  const later = tokenOfUser("alice", { ...claims, iat: claims.iat + 1, sid: "s2" });
  await using revoked = await openTestClient(`${gateway.url}/ws?token=${token}`);
  await using other = await openTestClient(`${gateway.url}/ws?token=${later}`);
  await using bob = await gateway.connect("bob");

  gateway.logic.revocations.push({ username: "alice", ...revocationOf(token) });

  expect(await revoked.closed).toBe(4401);
  await other.settle();
  await bob.settle();
});
