import { ChatError } from "@resonance/kit";
import { StatsService } from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential, type RpcClient } from "@resonance/rpc";
import type { OpsDeps } from "../deps.ts";
import { ToolError } from "../tool.ts";
import { countMessagesOf } from "./count-messages.ts";
import { readSystemStatusOf } from "./read-system-status.ts";

/** Where Logic is, and the key by which it knows this process. */
export type LogicAccess = { readonly address: string; readonly serviceKey: string };

type Stats = RpcClient<typeof StatsService>;

/**
 * What Logic alone can say, from wherever it is at the moment of the call: a stack that is started
 * anew has it at another port. Logic lets `ops-mcp` ask for these numbers and for nothing else.
 *
 * @param locate undefined while nothing says where Logic is
 */
export function openLogicStats(
  locate: (signal: AbortSignal) => Promise<LogicAccess | undefined>,
): AsyncDisposable & Pick<OpsDeps, "countMessages" | "readSystemStatus"> {
  let current: { readonly address: string; readonly stats: Stats } | undefined;

  async function connect(signal: AbortSignal): Promise<Stats> {
    const access = await locate(signal);
    if (!access) {
      throw new ToolError("not_configured", "nothing says where Logic is: no stack runs here");
    }
    if (current?.address === access.address) return current.stats;
    const before = current?.stats;
    const credential = openServiceCredential("ops-mcp", "logic", access.serviceKey);
    const stats = openRpcClient(StatsService, access.address, credential);
    current = { address: access.address, stats };
    await before?.[Symbol.asyncDispose]();
    return stats;
  }

  return {
    countMessages: async (window, signal) =>
      await asked(async () => await countMessagesOf(await connect(signal))(window, signal)),
    readSystemStatus: async (signal) =>
      await asked(async () => await readSystemStatusOf(await connect(signal))(signal)),
    async [Symbol.asyncDispose]() {
      await current?.stats[Symbol.asyncDispose]();
    },
  };
}

async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    throw new ToolError("unavailable", `Logic does not answer: ${error.code}`, {
      retryHelps: error.retryable,
      cause: error,
    });
  }
}
