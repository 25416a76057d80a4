import { limits } from "@resonance/mq-proto";
import type { PushMessage } from "@resonance/mq-proto/gateway";
import type { Api } from "./create-api.ts";

const maxPages = 3;

/**
 * The messages after `afterSeq` up to and including `throughSeq`, ascending. Undefined when they
 * are more than 300: then reloading the session is cheaper than catching up.
 */
export async function fetchMissing(
  api: Pick<Api, "getHistoryMessages">,
  range: { readonly sessionId: string; readonly afterSeq: bigint; readonly throughSeq: bigint },
  signal: AbortSignal,
): Promise<PushMessage[] | undefined> {
  const { sessionId, afterSeq, throughSeq } = range;
  const limit = limits.historyMaxMessages;
  if (throughSeq - afterSeq > BigInt(limit * maxPages)) return undefined;
  const pages: PushMessage[][] = [];
  let beforeSeq = throughSeq + 1n;
  while (beforeSeq > afterSeq + 1n) {
    const page = await api.getHistoryMessages(
      { sessionId, limit: BigInt(limit), beforeSeq },
      { signal },
    );
    const missing = page.messages.filter(
      (message) => message.seqId > afterSeq && message.seqId < beforeSeq,
    );
    const oldest = missing[0];
    if (!oldest) break;
    pages.unshift(missing);
    beforeSeq = oldest.seqId;
  }
  return pages.flat();
}
