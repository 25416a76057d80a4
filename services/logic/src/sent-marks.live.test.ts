import { createLogger } from "@resonance/kit";
import type { MsgId } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { SentMarks } from "./sent-marks.ts";
import { insertOutbox, type OutboxRow } from "./sql/outbox.ts";
import { StreamGuard } from "./stream-guard.ts";
import { noMetrics, openTestLogic } from "./test-logic.ts";

const log = createLogger("sent-marks-test", "silent");
/** Of rows that are published together; the first fills a commit, as two of the others do. */
const batches = [512, 256, 256, 256];

test("what fills a commit is marked without waiting for more", async () => {
  await using logic = await openTestLogic();
  const { db, bus } = logic;
  await using guard = new StreamGuard({ db, bus, log, metrics: noMetrics });
  const run = await guard.current();
  if (!run) throw new Error("there is no stream");
  await using marks = new SentMarks({ db, log, guard }, { togetherMs: 3_600_000 });
  let msgId = 0n;
  const published = batches.map((size) => Array.from({ length: size }, () => row(++msgId)));
  await insertOutbox(db, published.flat());

  for (const rows of published) marks.add({ run, lastSeq: run.lastSeq, rows, isWhole: true });

  await eventually(async () => {
    const [left] = await db.query<{ rows: bigint }>(
      "SELECT COUNT(*) AS `rows` FROM t_message_outbox WHERE status = 0",
    );
    expect(left?.rows).toBe(256n);
  });
});

function row(msgId: bigint): OutboxRow {
  // Made by the one who defines what a message id is.
  return { msgId: msgId as MsgId, topic: "a topic", payload: new Uint8Array(1) };
}
