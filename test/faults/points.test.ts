import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBigRoom } from "./testing/big-room.ts";
import { type Bench, openBench } from "./testing/open-bench.ts";
import type { FailpointName } from "./testing/open-failpoints.ts";
import { openPublishSpy, type PublishSpy } from "./testing/open-publish-spy.ts";
import { awaitReturn, moreAcked } from "./testing/strike.ts";
import { runSql } from "./testing/tamper.ts";

let bench: Bench;

beforeAll(async () => {
  // So that a room of over 200 members has an inbox row for each, too.
  bench = await openBench({ RESONANCE_LARGE_ROOM_INBOXES: "every-member" });
}, 120_000);
afterAll(() => bench?.[Symbol.asyncDispose](), 60_000);

const timeoutMs = 120_000;

type Death = {
  /** The messages whose events were in the outbox, not marked as published, while it was dead. */
  readonly left: readonly string[];
  /** Those of them that the stream had been given. */
  readonly published: readonly string[];
  /** The client ids of messages that were stored and not acknowledged at that time. */
  readonly unanswered: readonly string[];
  /** From its return until all that was left was marked as published. */
  readonly publishedMs: number;
};

/** Has a service killed at the place, and looks at what its death leaves before it is back. */
async function killedAt(name: FailpointName, spy: PublishSpy): Promise<Death> {
  const service = bench.stack.services[name.startsWith("logic") ? "logic" : "gateway"];
  const returned = awaitReturn(service);
  await bench.strike(name, "kill");
  const left = await unpublished();
  const given = await spy.published();
  const published = left.filter((msgId) => given.has(msgId));
  const unanswered = await storedWithoutAck();
  await returned;
  const startedAt = performance.now();
  // What was committed before the death, and not what has been sent since.
  await eventually(
    async () => {
      const now = await unpublished();
      expect(left.filter((msgId) => now.includes(msgId))).toEqual([]);
    },
    { timeoutMs: 20_000 },
  );
  return { left, published, unanswered, publishedMs: performance.now() - startedAt };
}

async function unpublished(): Promise<string[]> {
  const rows = await runSql(
    bench.mysql.directUrl(),
    "SELECT CAST(msg_id AS CHAR) AS msgId FROM t_message_outbox WHERE status <> 1",
  );
  return rows.map(({ msgId }) => String(msgId));
}

async function storedWithoutAck(): Promise<string[]> {
  const rows = await runSql(
    bench.mysql.directUrl(),
    "SELECT client_msg_id AS id FROM t_message_content WHERE client_msg_id LIKE 'load:%'",
  );
  const acked = new Set(
    bench.load.history.lines.flatMap((line) => (line.kind === "ack" ? [line.clientMsgId] : [])),
  );
  return rows.map(({ id }) => String(id)).filter((id) => !acked.has(id));
}

// The fault, and what shows that the death was at that place.
const points: readonly (readonly [
  string,
  FailpointName,
  (death: Death, spy: PublishSpy) => void,
])[] = [
  [
    "F1",
    "logic.after_commit",
    ({ left, published }) => expect(left.length).toBeGreaterThan(published.length),
  ],
  [
    "F2",
    "logic.after_publish",
    ({ published }, spy) =>
      expect(published.filter((msgId) => spy.isDuplicate(msgId))).not.toEqual([]),
  ],
  // Nothing is left of what was not committed: I3 says that it leaves no hole.
  ["F3", "logic.before_commit", () => undefined],
  ["F4", "gateway.before_ack", ({ unanswered }) => expect(unanswered).not.toEqual([])],
];

test.each(points)(
  "%s: killed at %s, nothing is lost or doubled",
  {
    timeout: timeoutMs,
  },
  async (fault, name, expectTraces) => {
    await using spy = await openPublishSpy(bench.nats.directUrl());
    let death: Death | undefined;
    const outcome = await bench.fault(`${fault} killed at ${name}`, async (load) => {
      death = await killedAt(name, spy);
      await moreAcked(load, 20);
    });

    expect(outcome.failedSends).toBe(0);
    if (!death) throw new Error("nothing was killed");
    expectTraces(death, spy);
    expect(death.publishedMs).toBeLessThan(4_000);
  },
);

test.each(["task.amid_inbox", "task.before_ack"] as const)(
  "F17: Task killed at %s of a room of 1,203, every inbox has the message once",
  {
    timeout: timeoutMs,
  },
  async (name) => {
    const room = await createBigRoom(bench.load, bench.mysql.directUrl, {
      name: name.replaceAll(/[._]/g, "-"),
      silentMembers: 1_200,
    });
    let completeMs = 0;
    const outcome = await bench.fault(`F17 killed at ${name}`, async (load) => {
      const returned = awaitReturn(bench.stack.services.task);
      const [alice] = bench.load.devices;
      const struck = bench.strike(name, "kill");
      const message = { session: room.session, content: "everybody", asksBot: false };
      await alice?.send({ ...message, clientMsgId: `big:${name}` }, load.signal);
      await struck;
      const startedAt = performance.now();
      await returned;
      const all = 1_203;
      // The room's own announcement is its first message.
      await eventually(async () => expect(await room.inboxesWith(2)).toBe(all), {
        timeoutMs: 30_000,
      });
      completeMs = performance.now() - startedAt;
    });

    expect(outcome.failedSends).toBe(0);
    // Redelivered after the acknowledgement wait of 10 s.
    expect(completeMs).toBeLessThan(20_000);
  },
);
