import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@resonance/kit";
import { openBackends } from "../backends/open-backends.ts";
import type { OpsDeps } from "../deps.ts";
import { startSampler } from "../local/sampler.ts";
import { readStackFile } from "../local/stack-file.ts";
import { type LogicAccess, openLogicStats } from "../logic/open-logic-stats.ts";
import { homeOf, type OpsMcpConfig, stackFileOf } from "./config.ts";

/** What the tools work on in a process of their own; the stack closes it. */
export function openDeps(config: OpsMcpConfig, log: Logger, stack: AsyncDisposableStack): OpsDeps {
  const stackFile = stackFileOf(config);
  const sampler = stackFile && stack.use(startSampler({ stackFile, log }));
  const logic = stack.use(openLogicStats((signal) => locateLogic(config, stackFile, signal)));
  return {
    local: stackFile && sampler ? { stackFile, sampler } : undefined,
    backends: openBackends(config),
    countMessages: logic.countMessages,
    readSystemStatus: logic.readSystemStatus,
    nowMs: Date.now,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    log,
  };
}

/** As the configuration names it, or as the stack on this machine does. */
async function locateLogic(
  config: OpsMcpConfig,
  stackFile: string | undefined,
  signal: AbortSignal,
): Promise<LogicAccess | undefined> {
  const address = config.RESONANCE_LOGIC_ADDRESS ?? (await addressIn(stackFile, signal));
  const serviceKey = config.RESONANCE_SERVICE_KEY ?? (await keyOf(homeOf(config), signal));
  return address && serviceKey ? { address, serviceKey } : undefined;
}

async function addressIn(
  stackFile: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!stackFile) return undefined;
  const { services } = await readStackFile(stackFile, signal);
  return services.find(({ name }) => name === "logic")?.address ?? undefined;
}

/** The key that `npm start` made; undefined where none was. */
async function keyOf(home: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await readFile(join(home, "secrets", "ops-mcp-service-key"), {
      encoding: "utf8",
      signal,
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
