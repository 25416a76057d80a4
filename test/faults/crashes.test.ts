import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "@resonance/testkit";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRawSocket } from "../contract/testing/open-raw-socket.ts";
import { type Bench, openBench } from "./testing/open-bench.ts";
import { awaitReturn, killAndAwaitReturn, last, moreAcked } from "./testing/strike.ts";
import { runSql } from "./testing/tamper.ts";

let bench: Bench;

beforeAll(async () => {
  // As under a large load, where events are stored as sent before they are: more is at stake.
  bench = await openBench({ RESONANCE_OUTBOX_MANY_ROWS: "1" });
}, 120_000);
afterAll(() => bench?.[Symbol.asyncDispose](), 60_000);

const timeoutMs = 120_000;

test("without a fault nothing is lost, doubled or out of order", {
  timeout: timeoutMs,
}, async () => {
  const outcome = await bench.fault("F0 no fault", (load) => moreAcked(load, 50));

  expect(outcome.failedSends).toBe(0);
});

test("F8: NATS is killed and comes back", { timeout: timeoutMs }, async () => {
  const outcome = await bench.fault("F8 kill -9 NATS", async (load) => {
    await bench.nats.kill();
    await moreAcked(load, 60);
    await bench.nats.start();
  });

  expect(outcome.failedSends).toBe(0);
});

test("F10: MySQL is killed, and is used again at once when it is back", {
  timeout: timeoutMs,
}, async () => {
  let backMs = 0;
  const outcome = await bench.fault("F10 kill -9 MySQL", async (load) => {
    await bench.mysql.kill();
    await last(1_500, load.signal);
    await bench.mysql.start();
    const startedAt = performance.now();
    await moreAcked(load, 1);
    backMs = performance.now() - startedAt;
  });

  expect(backMs).toBeLessThan(5_000);
  expect(outcome.failedSends).toBe(0);
});

test("F20: the gateway is killed with its sockets, and everybody is back within 10 s", {
  timeout: timeoutMs,
}, async () => {
  let backMs = 0;
  const { devices } = bench.load;
  const outcome = await bench.fault("F20 kill -9 gateway", async () => {
    await killAndAwaitReturn(bench.stack.services.gateway);
    const startedAt = performance.now();
    await eventually(() => devices.every((device) => device.isOnline()), { timeoutMs: 20_000 });
    backMs = performance.now() - startedAt;
  });

  expect(outcome.failedSends).toBe(0);
  expect(backMs).toBeLessThan(10_000);
  await eventually(async () => expect(await connectedUsers()).toEqual(usersOfDevices()), {
    timeoutMs: 15_000,
  });
});

test("F23: a gateway that comes back with its clock an hour behind is heard at once", {
  timeout: timeoutMs,
}, async () => {
  const outcome = await bench.fault("F23 gateway's clock set back by 1 h", async () => {
    const { gateway } = bench.stack.services;
    const returned = awaitReturn(gateway);
    // The same to see as a clock that goes back: the process before is of a later time.
    await tamper(["UPDATE t_gateway SET incarnation = incarnation + 3600000"]);
    gateway.kill();
    await returned;
    await eventually(async () => expect(await connectedUsers()).toEqual(usersOfDevices()), {
      timeoutMs: 15_000,
    });
  });

  expect(outcome.failedSends).toBe(0);
});

function usersOfDevices(): string[] {
  return [...new Set(bench.load.devices.map(({ username }) => username))].sort();
}

/** Who is connected, as Task sees it. */
async function connectedUsers(): Promise<string[]> {
  const connection = await createConnection({ uri: bench.mysql.directUrl() });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT DISTINCT r.username
         FROM t_route r
         JOIN t_gateway g ON g.gateway_id = r.gateway_id AND g.incarnation = r.incarnation
        WHERE g.last_seen_at > NOW(3) - INTERVAL 15 SECOND
        ORDER BY r.username`,
    );
    return rows.map((row) => String(row.username));
  } finally {
    connection.destroy();
  }
}

test("F30: each service is restarted under load, finishes what it has in hand, and no send fails", {
  timeout: timeoutMs,
}, async () => {
  const ends: { name: string; exit: string | undefined; tookMs: number }[] = [];
  const outcome = await bench.fault("F30 rolling restart", async (load) => {
    const { logic, task, bot, gateway } = bench.stack.services;
    for (const service of [task, bot, logic, gateway]) {
      const startedAt = performance.now();
      const exit = await service.stop(load.signal);
      const tookMs = Math.round(performance.now() - startedAt);
      ends.push({ name: service.name, exit, tookMs });
      await service.start(load.signal);
      await moreAcked(load, 10);
    }
  });
  const times = ends.map(({ name, tookMs }) => `${name} ${tookMs}`).join(", ");
  process.stderr.write(`F30: ended after ms: ${times}\n`);

  expect(outcome.failedSends).toBe(0);
  // One that has to be killed, 10 s after it was asked to end, has another end.
  expect(ends).toMatchObject(
    ["task", "bot", "logic", "gateway"].map((name) => ({ name, exit: "exit code 0" })),
  );
  // 30 s are allowed to a service, and 10 s by `npm start`.
  for (const { name, tookMs } of ends) expect(tookMs, name).toBeLessThan(10_000);
});

test("a message whose inbox rows are refused for good is in the inboxes, and comes to clients again, when it is replayed", {
  timeout: timeoutMs,
}, async () => {
  const url = bench.mysql.directUrl();
  const session = "single:alice:bob";
  const clientMsgId = "replayed:1";
  const token = await bench.load.tokenOf("bob");
  await using socket = await openRawSocket({ httpUrl: bench.stack.url }, { token });
  const pushes = () => socket.pushes().filter((push) => push.clientMsgId === clientMsgId);
  const inboxes = () =>
    runSql(
      url,
      `SELECT owner_username AS owner FROM t_inbox i JOIN t_message_content c USING (msg_id)
        WHERE c.client_msg_id = ? ORDER BY owner`,
      [clientMsgId],
    );
  const letters = () => runSql(url, "SELECT CAST(id AS CHAR) AS id FROM t_dead_letter");
  await runSql(url, "RENAME TABLE t_inbox TO t_elsewhere");
  try {
    const message = { session, content: "not now", clientMsgId, asksBot: false };
    await bench.load.devices[0]?.send(message, AbortSignal.timeout(10_000));
    // Eight times, a second apart.
    await eventually(async () => expect(await letters()).toHaveLength(1), { timeoutMs: 30_000 });
  } finally {
    await runSql(url, "RENAME TABLE t_elsewhere TO t_inbox");
  }
  await socket.settle();
  const before = pushes().length;
  expect(before).toBeGreaterThan(0);
  expect(await inboxes()).toEqual([]);

  expect(await runDeadLetters(url, "replay", "--all")).toMatch(/^1 event put back/);

  await eventually(async () =>
    expect(await inboxes()).toEqual([{ owner: "alice" }, { owner: "bob" }]),
  );
  await eventually(() => expect(pushes()).toHaveLength(before + 1));
  expect(await letters()).toHaveLength(1);
  await runSql(url, "DELETE FROM t_dead_letter");
});

/** What the operator's command says. */
async function runDeadLetters(url: string, ...words: string[]): Promise<string> {
  const entry = join(import.meta.dirname, "../../services/logic/src/dead-letters/main.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [entry, ...words], {
    env: { ...process.env, RESONANCE_MYSQL_URL: url },
    timeout: 30_000,
  });
  return stdout;
}

// The last one: it leaves the database broken.
test("what somebody breaks behind the services' backs is found", {
  timeout: timeoutMs,
}, async () => {
  await tamper([
    "DELETE FROM t_inbox WHERE owner_username = 'carol' AND session_id LIKE 'group:%' AND seq_id = 9",
    "DELETE FROM t_message_content WHERE session_id = 'single:alice:bob' AND seq_id = 5",
    `UPDATE t_session_member SET last_read_seq = 1000000
      WHERE session_id = 'single:alice:carol' AND username = 'carol'`,
  ]);

  const looking = bench.fault("broken", () => Promise.resolve(), { settleWithinMs: 500 });

  const found = await looking.then(String, String);
  await rm(/the history is in (\S+):/.exec(found)?.[1] ?? "", { force: true });
  expect(found).toMatch(/I1 \w+ load:\S+ in single:alice:bob, .* is not stored/);
  expect(found).toMatch(/I3 single:alice:bob ends at \d+ and has no seq 5/);
  expect(found).toMatch(/I5 the inbox of carol group:\d+ seq 9 has nothing/);
  expect(found).toMatch(/I7 carol has read single:alice:carol to 1000000/);
});

async function tamper(statements: readonly string[]): Promise<void> {
  const connection = await createConnection({ uri: bench.mysql.directUrl() });
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    connection.destroy();
  }
}
