import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HistoryLine } from "./testing/history.ts";
import { meetDeadlocks } from "./testing/meet-deadlocks.ts";
import { type Bench, openBench } from "./testing/open-bench.ts";
import { last, moreAcked } from "./testing/strike.ts";
import { holdLock, removeMember, runSql } from "./testing/tamper.ts";

let bench: Bench;

beforeAll(async () => {
  // As under a large load, where events are stored as sent before they are: more is at stake.
  bench = await openBench({ RESONANCE_OUTBOX_MANY_ROWS: "1" });
}, 120_000);
afterAll(() => bench?.[Symbol.asyncDispose](), 60_000);

const timeoutMs = 120_000;

test("F11: a primary that is read-only for a while acknowledges nothing, and nothing fails", {
  timeout: timeoutMs,
}, async () => {
  const root = bench.mysql.directUrl();
  const outcome = await bench.fault("F11 MySQL read-only for 2 s", async (load) => {
    await runSql(root, "SET GLOBAL read_only = 1");
    const { stored } = await countMessages();
    await last(2_000, load.signal);
    expect((await countMessages()).stored).toBe(stored);
    await runSql(root, "SET GLOBAL read_only = 0");
    await moreAcked(load, 20);
  });

  expect(outcome.failedSends).toBe(0);
});

async function countMessages(): Promise<{ stored: number }> {
  const [row] = await runSql(
    bench.mysql.directUrl(),
    "SELECT COUNT(*) AS messages FROM t_message_content",
  );
  return { stored: Number(row?.messages) };
}

test("F13: a batch that the server breaks a deadlock with is stored all the same", {
  timeout: timeoutMs,
}, async () => {
  let deadlocks = { met: 0, lost: 0 };
  const outcome = await bench.fault("F13 deadlocks", async (load) => {
    const sessions = ["single:alice:bob", "single:alice:carol"] as const;
    const { logic } = bench.stack.services;
    const rivalry = { sessions, enough: 3, logicPid: () => Number(logic.pid) };
    const giveUp = AbortSignal.any([load.signal, AbortSignal.timeout(20_000)]);
    deadlocks = await meetDeadlocks(bench.mysql.directUrl(), rivalry, giveUp);
  });
  const { met, lost } = deadlocks;
  process.stderr.write(`F13: ${met} deadlocks, of which Logic lost ${met - lost}\n`);

  expect(met - lost).toBeGreaterThan(0);
  expect(outcome.failedSends).toBe(0);
});

test("F13: a session whose lock somebody holds for 4 s waits, and the others do not", {
  timeout: timeoutMs,
}, async () => {
  let othersMs = 0;
  const outcome = await bench.fault("F13 a lock held for 4 s", async (load) => {
    const { lines } = bench.load.history;
    const from = lines.length;
    await holdLock(bench.mysql.directUrl(), "single:alice:bob", () => last(4_000, load.signal));
    // Neither has anything to do with that session.
    othersMs = medianAckMs(lines.slice(from), ["carol/1", "dave/1"]);
  });
  process.stderr.write(`F13: the others were acknowledged in ${Math.round(othersMs)} ms\n`);

  expect(outcome.failedSends).toBe(0);
  expect(othersMs).toBeLessThan(1_000);
});

function medianAckMs(lines: readonly HistoryLine[], devices: readonly string[]): number {
  const sentAt = new Map<string, number>();
  const times: number[] = [];
  for (const line of lines) {
    if (line.kind !== "send" && line.kind !== "ack") continue;
    if (!devices.includes(line.device)) continue;
    const began = sentAt.get(line.clientMsgId);
    if (line.kind === "send") sentAt.set(line.clientMsgId, line.atMs);
    else if (began !== undefined) times.push(line.atMs - began);
  }
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}

test("F16: events that nobody can read end in the dead-letter table and hold up nobody", {
  timeout: timeoutMs,
}, async () => {
  const garbage = Buffer.from("ffffffff", "hex");
  let flowMs = 0;
  const outcome = await bench.fault("F16 poison", async (load) => {
    await using bus = await openBus();
    for (const schema of [PushEventSchema, BotEventSchema]) {
      for (let copy = 0; copy < 5; copy++) await bus.stream.publish(topicOf(schema), garbage);
    }
    flowMs = await fromAliceToBob("poison", load.signal);
    await eventually(async () => expect(await deadLetters()).toHaveLength(10), {
      timeoutMs: 20_000,
    });
    // The operator's command lists them.
    const said = await listDeadLetters();
    for (const { id } of await deadLetters()) expect(said).toMatch(new RegExp(`\\b${id}\\b`));
    await runSql(bench.mysql.directUrl(), "DELETE FROM t_dead_letter");
  });
  process.stderr.write(`F16: a message passed 10 poisoned events in ${Math.round(flowMs)} ms\n`);

  expect(outcome.failedSends).toBe(0);
  expect(flowMs).toBeLessThan(2_000);
});

async function openBus() {
  const connection = await connect({ servers: bench.nats.directUrl() });
  return {
    stream: jetstream(connection),
    manager: await jetstreamManager(connection),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

async function deadLetters(): Promise<{ id: string }[]> {
  const rows = await runSql(
    bench.mysql.directUrl(),
    "SELECT CAST(id AS CHAR) AS id FROM t_dead_letter",
  );
  return rows.map((row) => ({ id: String(row.id) }));
}

async function listDeadLetters(): Promise<string> {
  const entry = join(import.meta.dirname, "../../services/logic/src/dead-letters/main.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [entry, "list"], {
    env: { ...process.env, RESONANCE_MYSQL_URL: bench.mysql.directUrl() },
    timeout: 30_000,
  });
  return stdout;
}

/** Sends a message and takes the time until another person's device shows it. */
async function fromAliceToBob(name: string, signal: AbortSignal): Promise<number> {
  const deviceOf = (wanted: string) => bench.load.devices.find((one) => one.name === wanted);
  const session = "single:alice:bob";
  const startedAt = performance.now();
  const message = { session, content: name, clientMsgId: `alone:${name}`, asksBot: false };
  await deviceOf("alice/2")?.send(message, signal);
  const seq = bench.load.history.lines.findLast(
    (line) => line.kind === "ack" && line.clientMsgId === message.clientMsgId,
  );
  const sent = seq?.kind === "ack" ? seq.seq : Number.POSITIVE_INFINITY;
  await eventually(() => (deviceOf("bob/1")?.lastSeq(session) ?? 0) >= sent, {
    timeoutMs: 10_000,
    intervalMs: 5,
  });
  return performance.now() - startedAt;
}

test("F35: what a full stream refuses stays in the outbox, and the operator is told", {
  timeout: timeoutMs,
}, async () => {
  const outcome = await bench.fault("F35 stream full", async (load) => {
    await using bus = await openBus();
    const { config } = await bus.manager.streams.info("RESONANCE");
    const { pid } = bench.stack.services.task;
    if (pid === undefined) throw new Error("Task has no process");
    // Nothing leaves the stream while Task stands still.
    process.kill(pid, "SIGSTOP");
    await bus.manager.streams.update("RESONANCE", { max_bytes: 10_000 });
    await eventually(async () => expect(await refusedPublishes()).toBeGreaterThan(0), {
      timeoutMs: 20_000,
    });
    await moreAcked(load, 20);
    process.kill(pid, "SIGCONT");
    await bus.manager.streams.update("RESONANCE", { max_bytes: config.max_bytes });
  });

  expect(outcome.failedSends).toBe(0);
});

/** What an alarm watches. */
async function refusedPublishes(): Promise<number> {
  const text = await (await fetch(bench.stack.services.logic.metricsUrl)).text();
  return Number(/^resonance_logic_publish_failures_total\S* (\d+)/m.exec(text)?.[1] ?? 0);
}

test("F9: the stream of a power loss, older than what was confirmed, is filled up from MySQL", {
  timeout: timeoutMs,
}, async () => {
  const outcome = await bench.fault("F9 NATS store of an earlier moment", async (load) => {
    await bench.nats.saveStore();
    await moreAcked(load, 40);
    await bench.nats.kill();
    await bench.nats.restoreStore();
    await moreAcked(load, 20);
    await bench.nats.start();
  });

  expect(outcome.failedSends).toBe(0);
});

test("F31: who is removed while messages are in flight sees nothing that came later", {
  timeout: timeoutMs,
}, async () => {
  const url = bench.mysql.directUrl();
  const { group, history } = bench.load;
  const frank = await bench.load.openDevice("frank/1");
  await runSql(
    url,
    `INSERT INTO t_session_member (session_id, username, joined_seq)
     SELECT session_id, 'frank', max_seq_id FROM t_session WHERE session_id = ?`,
    [group],
  );
  let lastSeq = 0;
  const outcome = await bench.fault("F31 member removed in flight", async (load) => {
    await eventually(() => frank.lastSeq(group) > 0, { timeoutMs: 20_000 });
    lastSeq = await removeMember(url, { username: "frank", session: group });
    history.append({ kind: "removed", username: "frank", session: group, lastSeq });
    await moreAcked(load, 60);
    const signal = load.signal;
    await expect(frank.api.getHistoryMessages({ sessionId: group }, { signal })).rejects.toThrow(
      "no permission",
    );
    const { events } = await frank.api.pullInboxDelta({ cursorId: 0n, limit: 500n }, { signal });
    expect(events.filter(({ message }) => message?.sessionId === group)).toEqual([]);
  });

  expect(outcome.failedSends).toBe(0);
  expect(frank.lastSeq(group)).toBeLessThanOrEqual(lastSeq);
});
