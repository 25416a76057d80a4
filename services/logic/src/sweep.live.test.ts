import type { Bus } from "@resonance/bus";
import { ChatError, createLogger } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { openOutbox } from "./outbox.ts";
import { insertOutbox } from "./sql/outbox.ts";
import { deadOutbox, noMetrics, openTestLogic, type TestLogic } from "./test-logic.ts";

const log = createLogger("sweep-test", "silent");
const topic = "resonance.push.event.v1";
const waitMs = 15_000;

/** Puts rows into the outbox that are due, with these numbers as their ids and payloads. */
async function leaveBehind({ db }: TestLogic, numbers: readonly number[]): Promise<void> {
  const rows = numbers.map((number) => ({
    msgId: BigInt(number) as MsgId,
    topic,
    payload: new Uint8Array([number]),
  }));
  await insertOutbox(db, rows);
  await db.execute("UPDATE t_message_outbox SET next_retry_time = NOW(3)");
}

/** The bus, with what is published, except what it is told to refuse. */
function watched(bus: Bus, refuses: (number: number) => boolean = () => false) {
  const published: number[] = [];
  const watching: Bus = {
    ...bus,
    async publishAllStored(messages) {
      const numbers = messages.map(({ payload }) => payload[0] ?? 0);
      published.push(...numbers.filter((number) => !refuses(number)));
      const taken = messages.filter((_, index) => !refuses(numbers[index] ?? 0));
      const answers = await bus.publishAllStored(taken);
      return numbers.map((number) =>
        refuses(number)
          ? new ChatError("unavailable", "refused")
          : (answers.shift() ?? new ChatError("internal", "no answer")),
      );
    },
  };
  return { bus: watching, published };
}

test("while a process has the lease no other sweeps, and one that has died does not keep it", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  await leaveBehind(logic, [1, 2, 3]);
  const { bus, published } = watched(logic.bus);
  const leasedUntilMs = performance.now() + 3_000;
  await logic.db.execute(
    "UPDATE t_outbox_sweeper SET owner = 'one that has died', expires_at = NOW(3) + INTERVAL 3 SECOND",
  );

  await using _outbox = openOutbox({ db: logic.db, bus, log, metrics: noMetrics });

  await eventually(() => expect(published).toEqual([1, 2, 3]), { timeoutMs: waitMs });
  expect(performance.now()).toBeGreaterThanOrEqual(leasedUntilMs);
  // It gives the lease back: the next one need not wait for its end.
  await eventually(async () => {
    const [lease] = await logic.db.query<{ isFree: bigint }>(
      "SELECT expires_at < NOW(3) AS isFree FROM t_outbox_sweeper",
    );
    expect(Number(lease?.isFree)).toBe(1);
  });
});

test("a lease that ends far ahead, as after a clock that was set back, is taken", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  await leaveBehind(logic, [1]);
  const { bus, published } = watched(logic.bus);
  await logic.db.execute("UPDATE t_outbox_sweeper SET expires_at = NOW(3) + INTERVAL 1 HOUR");

  await using _outbox = openOutbox({ db: logic.db, bus, log, metrics: noMetrics });

  await eventually(() => expect(published).toEqual([1]), { timeoutMs: waitMs });
});

test("more events than a batch that are refused let those behind them pass", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  const refused = Array.from({ length: 120 }, (_, index) => index + 1);
  const others = [201, 202, 203];
  await leaveBehind(logic, [...refused, ...others]);
  const { bus, published } = watched(logic.bus, (number) => number <= 120);

  await using _outbox = openOutbox({ db: logic.db, bus, log, metrics: noMetrics });

  await eventually(() => expect(published).toEqual(others), { timeoutMs: waitMs });
  await eventually(async () => {
    const left = await logic.db.query<{ msgId: bigint }>(
      "SELECT msg_id AS msgId FROM t_message_outbox WHERE status = 0 ORDER BY msg_id",
    );
    expect(left.map(({ msgId }) => Number(msgId))).toEqual(refused);
  });
});
