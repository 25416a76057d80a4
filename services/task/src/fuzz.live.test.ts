import { openBus } from "@resonance/bus";
import { openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { ProgressEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually, mutate, randomBytes, seededRandom } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { start } from "./start.ts";

// V6 and V10 of the contract's golden vectors.
const samples = [
  "0883e081f09addcefe6610021a1073696e676c653a616c6963653a626f622205616c696365320268693a047465787440e3fdd7cb06",
  "0883e081f09addcefe6610011a1073696e676c653a616c6963653a626f62220673797374656d321e416c69636520e5bc80e5a78be4ba86e4b88ee4bda0e79a84e5afb9e8af9d3a0673797374656d40e3fdd7cb064a05416c6963655001",
].map((hex) => Buffer.from(hex, "hex"));

const log = createLogger("task-fuzz", "silent");
const events = 2_000;

test("2,000 random and mutated events are handled or set aside, and those after them flow", {
  timeout: 120_000,
}, async () => {
  await using database = await openTestDatabase();
  await migrate({ url: database.url, signal: AbortSignal.timeout(30_000) });
  await using nats = await openTestNats();
  await using db = openDatabase(database.url);
  await using bus = openBus({ url: nats.url, name: "fuzz", log });
  await bus.ready();
  await db.execute(
    "INSERT INTO t_session (session_id, type, max_seq_id) VALUES ('single:alice:bob', 1, 2)",
  );
  await db.execute(
    "INSERT INTO t_session_member (session_id, username) VALUES ('single:alice:bob', 'alice'), ('single:alice:bob', 'bob')",
  );
  await using _task = await start({
    environment: { RESONANCE_MYSQL_URL: database.url, RESONANCE_NATS_URL: nats.url },
    log,
    signal: AbortSignal.timeout(120_000),
  });
  const random = seededRandom(11);

  for (let first = 0; first < events; first += 100) {
    const batch = Array.from({ length: 100 }, (_, index) =>
      (first + index) % 3 === 0 ? randomBytes(random, 300) : mutate(random, samples),
    );
    await Promise.all(
      batch.map((bytes, index) =>
        bus.publishStored(topicOf(PushEventSchema), bytes, `fuzz:${first + index}`),
      ),
    );
    for (const bytes of batch) bus.publish(topicOf(ProgressEventSchema), bytes);
  }
  const [good = new Uint8Array()] = samples;
  await bus.publishStored(topicOf(PushEventSchema), good, "good");

  await eventually(
    async () => {
      const { num_pending, num_ack_pending } = await (await bus.manager()).consumers.info(
        "RESONANCE",
        "task",
      );
      expect(num_pending + num_ack_pending).toBe(0);
    },
    { timeoutMs: 90_000, intervalMs: 200 },
  );
  const [aside] = await db.query<{ letters: bigint }>(
    "SELECT COUNT(*) AS letters FROM t_dead_letter",
  );
  expect(Number(aside?.letters)).toBeGreaterThan(500);
  const inbox = await db.query(
    "SELECT owner_username FROM t_inbox WHERE session_id = 'single:alice:bob' AND seq_id = 2 ORDER BY 1",
  );
  expect(inbox).toMatchObject([{ owner_username: "alice" }, { owner_username: "bob" }]);
});
