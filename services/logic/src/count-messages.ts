import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import type { CountMessagesRequest, CountMessagesResponseSchema } from "@resonance/mq-proto/logic";
import { msgIdAtMs } from "./ids.ts";
import { countMessages as countRows } from "./sql/messages.ts";

const maxBuckets = 120;

/** Counts the messages that were stored in a window, exactly, in all and by who sent them. */
export async function countMessages(
  deps: { db: Queryable },
  request: CountMessagesRequest,
): Promise<MessageInitShape<typeof CountMessagesResponseSchema>> {
  const fromMs = Number(request.fromMs);
  const untilMs = Number(request.untilMs);
  const buckets = Math.max(1, request.buckets);
  if (fromMs < 0 || fromMs >= untilMs || buckets > maxBuckets) {
    throw new ChatError("invalid_argument", `no window of 1 to ${maxBuckets} buckets`);
  }
  const rows = await countRows(deps.db, {
    fromMsgId: msgIdAtMs(fromMs),
    untilMsgId: msgIdAtMs(untilMs),
    fromMs,
    bucketMs: Math.ceil((untilMs - fromMs) / buckets),
  });
  const totals = new Array<bigint>(buckets).fill(0n);
  const bySender = { person: 0n, bot: 0n, system: 0n };
  for (const row of rows) {
    totals[Number(row.bucket)] = (totals[Number(row.bucket)] ?? 0n) + row.messages;
    bySender[row.sender] += row.messages;
  }
  return {
    total: bySender.person + bySender.bot + bySender.system,
    fromPeople: bySender.person,
    fromBots: bySender.bot,
    fromSystem: bySender.system,
    bucketTotals: totals,
  };
}
