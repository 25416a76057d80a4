import { readFile } from "node:fs/promises";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { openIdleChats } from "../testing/open-idle-chats.ts";
import { openSecondGateway, type SecondGateway } from "../testing/open-second-gateway.ts";
import { awaitReturn, last, moreAcked } from "../testing/strike.ts";
import { runSql } from "../testing/tamper.ts";

let bench: Bench;
let second: SecondGateway;

beforeAll(async () => {
  bench = await openBench();
  second = await openSecondGateway(bench);
});
afterAll(async () => {
  await second?.[Symbol.asyncDispose]();
  await bench?.[Symbol.asyncDispose]();
});

const connections = () => second.metric("resonance_gateway_connections");

test("F14: who does not read is cut off, and catches up when it reads again", async () => {
  await using reader = await bench.load.openDevice("grace/1", second.proxiedUrl);
  const { group } = bench.load;
  await join("grace", group);
  const [alice] = bench.load.devices;
  let cutOff = 0;
  const outcome = await bench.fault("F14 slow reader", async (load) => {
    await eventually(() => reader.lastSeq(group) > 0, { timeoutMs: 20_000 });
    second.clients.setWeather({ blackHole: true });
    const content = "x".repeat(60_000);
    // More than the kernel's buffers on the way and the 1 MiB of the gateway take.
    for (let sent = 0; sent < 240; sent++) {
      const message = { session: group, content, clientMsgId: `slow:${sent}`, asksBot: false };
      await alice?.send(message, load.signal);
    }
    await eventually(async () => {
      cutOff = occurrences(await readFile(second.service.logFile, "utf8"), "does not read");
      expect(cutOff).toBeGreaterThan(0);
    });
    second.clients.setWeather({});
    const aim = alice?.lastSeq(group) ?? 0;
    await eventually(() => reader.isOnline() && reader.lastSeq(group) >= aim, {
      timeoutMs: 60_000,
    });
  });
  const peak = await second.metric("process_resident_memory_bytes");
  process.stderr.write(`F14: cut off ${cutOff} times, ${mebibytes(peak)} MiB resident\n`);

  expect(outcome.failedSends).toBe(0);
});

async function join(username: string, session: string): Promise<void> {
  await runSql(
    bench.mysql.directUrl(),
    `INSERT INTO t_session_member (session_id, username, joined_seq)
     SELECT session_id, ?, max_seq_id FROM t_session WHERE session_id = ?`,
    [username, session],
  );
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

test("F22: a client that is swallowed by the network is noticed within 55 s", async () => {
  await using _lost = await bench.load.openDevice("henry/1", second.proxiedUrl);
  let reapedMs = 0;
  const outcome = await bench.fault("F22 half-open client", async () => {
    const before = await connections();
    const startedAt = performance.now();
    second.clients.setWeather({ blackHole: true });
    await eventually(async () => expect(await connections()).toBe(before - 1), {
      timeoutMs: 70_000,
      intervalMs: 500,
    });
    reapedMs = performance.now() - startedAt;
    second.clients.setWeather({});
  });
  process.stderr.write(`F22: noticed after ${(reapedMs / 1_000).toFixed(1)} s\n`);

  expect(outcome.failedSends).toBe(0);
  expect(reapedMs).toBeLessThan(56_000);
});

test("F28: a gateway that cannot reach Logic answers in time and acknowledges nothing", async () => {
  await using far = await bench.load.openDevice("alice/7", second.url);
  const outcome = await bench.fault("F28 gateway and Logic apart for 10 s", async (load) => {
    second.logic.setWeather({ blackHole: true });
    const message = { session: "single:alice:bob", content: "over there", asksBot: false };
    const sending = far.send({ ...message, clientMsgId: "far:1" }, load.signal);
    const isStored = async () => {
      const sql = "SELECT msg_id FROM t_message_content WHERE client_msg_id = 'far:1'";
      return (await runSql(bench.mysql.directUrl(), sql)).length > 0;
    };
    await last(10_000, load.signal);
    expect(await isStored()).toBe(false);
    expect(bench.load.history.lines.some((line) => isAckOf(line, "far:1"))).toBe(false);
    second.logic.setWeather({});
    await sending;
  });

  expect(outcome.failedSends).toBe(0);
});

test("F28: what Logic sends to a gateway that it cannot reach any more comes over NATS", async () => {
  const session = "single:alice:bob";
  await using far = await bench.load.openDevice("bob/9", second.url);
  const [alice] = bench.load.devices;
  const outcome = await bench.fault("F28 gateway and Logic apart, deliveries", async (load) => {
    const opening = { session, content: "opens the call", asksBot: false };
    await far.send({ ...opening, clientMsgId: "far:9" }, load.signal);
    second.logic.setWeather({ blackHole: true });

    await alice?.send({ ...opening, clientMsgId: "near:9" }, load.signal);

    // Nothing can be fetched over there.
    const aim = alice?.lastSeq(session) ?? 0;
    await eventually(() => expect(far.lastSeq(session)).toBeGreaterThanOrEqual(aim), {
      timeoutMs: 20_000,
    });
    second.logic.setWeather({});
  });

  expect(outcome.failedSends).toBe(0);
});

test("F28, F4: Logic's answer to a gateway is lost, and the message is stored once", async () => {
  await using far = await bench.load.openDevice("alice/8", second.url);
  const outcome = await bench.fault("F28 one way: Logic's answers are lost", async (load) => {
    const before = second.logic.lostReplies;
    let calls = 0;
    second.logic.setWeather({
      losesReplyTo: (chunk) => chunk.includes("far:") && ++calls % 2 === 1,
    });
    for (const number of [2, 3, 4, 5]) {
      const message = { session: "single:alice:bob", content: `${number}`, asksBot: false };
      await far.send({ ...message, clientMsgId: `far:${number}` }, load.signal);
    }
    second.logic.setWeather({});
    expect(second.logic.lostReplies).toBeGreaterThan(before);
  });

  expect(outcome.failedSends).toBe(0);
});

function isAckOf(line: { kind: string; clientMsgId?: string }, clientMsgId: string): boolean {
  return line.kind === "ack" && line.clientMsgId === clientMsgId;
}

test("F21: a gateway stands still for 40 s while its people are on another one", async () => {
  // The same device comes back through the proxy, which leads to the first gateway meanwhile.
  await using traveller = await bench.load.openDevice("bob/7", second.proxiedUrl);
  const outcome = await bench.fault(
    "F21 SIGSTOP gateway for 40 s, its users elsewhere",
    async (load) => {
      const { pid } = second.service;
      if (pid === undefined) throw new Error("the gateway has no process");
      process.kill(pid, "SIGSTOP");
      second.clients.aim(Number(new URL(bench.stack.url).port));
      second.clients.cut();
      await eventually(() => traveller.isOnline(), { timeoutMs: 20_000 });
      await last(40_000, load.signal);
      process.kill(pid, "SIGCONT");
      await moreAcked(load, 20);
      second.clients.aim(Number(new URL(second.url).port));
    },
  );

  expect(outcome.failedSends).toBe(0);
});

test("F20: a gateway is killed with 1,000 sockets, and all come back", async () => {
  const people = await crowd(50);
  await using chats = await openIdleChats({ url: second.url, people, count: 1_000 });
  let backMs = 0;
  const outcome = await bench.fault("F20 kill -9 a gateway with 1,000 sockets", async () => {
    const returned = awaitReturn(second.service);
    second.service.kill();
    await returned;
    const startedAt = performance.now();
    await eventually(() => chats.online === 1_000, { timeoutMs: 60_000 });
    backMs = performance.now() - startedAt;
  });
  process.stderr.write(
    `F20: 1,000 sockets were back ${(backMs / 1_000).toFixed(1)} s after the gateway\n`,
  );

  expect(outcome.failedSends).toBe(0);
  expect(backMs).toBeLessThan(10_000);
});

async function crowd(size: number) {
  const people = [];
  for (let index = 0; index < size; index++) {
    const username = `idle${index}`;
    people.push({ username, token: await bench.load.tokenOf(username) });
  }
  return people;
}

test("F29: 500 connects a second for 5 s from one address, within its limit, harm nobody", async () => {
  const people = await crowd(50);
  let storm: Storm | undefined;
  const outcome = await bench.fault("F29 500 connects a second", async () => {
    await eventually(async () => expect(await connections()).toBe(0), { timeoutMs: 30_000 });
    storm = await stormConnects(second, people);
    await eventually(async () => expect(await connections()).toBe(0), { timeoutMs: 60_000 });
  });
  sayStorm("F29", storm);

  expect(outcome.failedSends).toBe(0);
  expect(storm?.refused).toBe(0);
  expect(storm?.statements).toBeLessThan(10 * 2_500);
});

test("F29: over the limit of an address connects are refused, and cost the database nothing", async () => {
  const people = await crowd(50);
  await using limited = await openSecondGateway(bench, {
    RESONANCE_GATEWAY_ID: "limited",
    RESONANCE_LIMIT_REQUESTS_PER_IP: "100:200",
  });
  let storm: Storm | undefined;
  const outcome = await bench.fault("F29 500 connects a second, 100 allowed", async () => {
    storm = await stormConnects(limited, people);
  });
  sayStorm("F29 limited", storm);

  expect(outcome.failedSends).toBe(0);
  // The burst, and what the rate allows in the time that the storm took on a busy machine.
  expect(storm?.opened).toBeGreaterThanOrEqual(200);
  expect(storm?.opened).toBeLessThanOrEqual(200 + 100 * ((storm?.tookMs ?? 0) / 1_000) + 1);
  expect(storm?.refused).toBeGreaterThan(1_000);
  expect(storm?.statements).toBeLessThan(10 * (storm?.opened ?? 0) + 2_500);
});

type Storm = {
  readonly opened: number;
  readonly refused: number;
  readonly tookMs: number;
  /** Of everybody to the database meanwhile. */
  readonly statements: number;
};

/** Opens 500 sockets a second for 5 s, and closes each that opens. */
async function stormConnects(
  gateway: SecondGateway,
  people: readonly { readonly token: string }[],
): Promise<Storm> {
  const counts = { opened: 0, refused: 0 };
  const asked = await statements();
  const startedAt = performance.now();
  const sockets: WebSocket[] = [];
  while (performance.now() - startedAt < 5_000) {
    const due = Math.floor((performance.now() - startedAt) / 2);
    while (sockets.length < due) {
      const token = people[sockets.length % people.length]?.token ?? "";
      const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/ws?token=${token}`);
      sockets.push(socket);
      socket.onopen = () => {
        counts.opened += 1;
        socket.close();
      };
      socket.onerror = () => {
        counts.refused += 1;
      };
    }
    await last(10, AbortSignal.timeout(10_000));
  }
  await eventually(() => counts.opened + counts.refused === sockets.length, { timeoutMs: 60_000 });
  const tookMs = performance.now() - startedAt;
  return { ...counts, tookMs, statements: (await statements()) - asked };
}

function sayStorm(name: string, storm: Storm | undefined): void {
  if (!storm) return;
  const { opened, refused, tookMs, statements } = storm;
  process.stderr.write(
    `${name}: in ${(tookMs / 1_000).toFixed(1)} s ${opened} opened, ${refused} refused, ${statements} statements (${(statements / opened).toFixed(1)} an opened one)\n`,
  );
}

async function statements(): Promise<number> {
  const [row] = await runSql(bench.mysql.directUrl(), "SHOW GLOBAL STATUS LIKE 'Questions'");
  return Number(row?.Value);
}
