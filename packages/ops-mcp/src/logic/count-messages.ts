import { ChatError, retry } from "@resonance/kit";
import type { StatsService } from "@resonance/mq-proto/logic";
import type { RpcClient } from "@resonance/rpc";
import type { CountMessages } from "../deps.ts";

// An answer has to go through Logic anyway: it may as well come back for the question.
const attempts = 6;

/** Counts messages by asking Logic, which is asked again for some seconds while it is away. */
export function countMessagesOf(
  stats: Pick<RpcClient<typeof StatsService>, "countMessages">,
): CountMessages {
  return async ({ fromMs, untilMs, buckets }, signal) => {
    const request = { fromMs: BigInt(fromMs), untilMs: BigInt(untilMs), buckets };
    const count = await retry(
      () => stats.countMessages(request, signal),
      {
        attempts,
        baseMs: 200,
        maxMs: 3_000,
        retryable: (error) => error instanceof ChatError && error.retryable,
      },
      signal,
    );
    return {
      total: Number(count.total),
      fromPeople: Number(count.fromPeople),
      fromBots: Number(count.fromBots),
      fromSystem: Number(count.fromSystem),
      bucketTotals: count.bucketTotals.map(Number),
    };
  };
}
