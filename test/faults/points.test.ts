import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBigRoom } from "./testing/big-room.ts";
import { type Bench, openBench } from "./testing/open-bench.ts";
import type { FailpointName } from "./testing/open-failpoints.ts";
import { awaitReturn, moreAcked } from "./testing/strike.ts";
import { readTables } from "./testing/tables.ts";

let bench: Bench;

beforeAll(async () => {
  // So that a room of over 200 members has an inbox row for each, too.
  bench = await openBench({ RESONANCE_LARGE_ROOM_INBOXES: "every-member" });
}, 120_000);
afterAll(() => bench?.[Symbol.asyncDispose](), 60_000);

const timeoutMs = 120_000;

/** Has a service killed at the place, and takes the time from its return until all is published. */
async function killedAt(name: FailpointName): Promise<{ publishedMs: number }> {
  const service = bench.stack.services[name.startsWith("logic") ? "logic" : "gateway"];
  const returned = awaitReturn(service);
  await bench.strike(name, "kill");
  await returned;
  const startedAt = performance.now();
  // What was committed before the death, and not what has been sent since.
  const left = await unpublished();
  await eventually(
    async () => {
      const now = await unpublished();
      expect(left.filter((msgId) => now.includes(msgId))).toEqual([]);
    },
    { timeoutMs: 20_000 },
  );
  return { publishedMs: performance.now() - startedAt };
}

async function unpublished(): Promise<string[]> {
  const tables = await readTables({
    mysqlUrl: bench.mysql.directUrl(),
    natsUrl: bench.nats.directUrl(),
  });
  return tables.unpublished.map(({ msgId }) => msgId);
}

// The fault, and how long after the return of the service everything may take that it has left.
const points = [
  ["F1", "logic.after_commit", 4_000],
  ["F2", "logic.after_publish", 4_000],
  ["F3", "logic.before_commit", 4_000],
  ["F4", "gateway.before_ack", 4_000],
] as const satisfies readonly (readonly [string, FailpointName, number])[];

test.each(points)(
  "%s: killed at %s, nothing is lost or doubled",
  {
    timeout: timeoutMs,
  },
  async (fault, name, withinMs) => {
    let publishedMs = 0;
    const outcome = await bench.fault(`${fault} killed at ${name}`, async (load) => {
      ({ publishedMs } = await killedAt(name));
      await moreAcked(load, 20);
    });

    expect(outcome.failedSends).toBe(0);
    expect(publishedMs).toBeLessThan(withinMs);
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
