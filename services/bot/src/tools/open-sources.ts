import type { Database } from "@resonance/db";
import type { ServiceContext } from "@resonance/kit";
import {
  countMessagesOf,
  type LocalBackend,
  type openBackends,
  readSystemStatusOf,
  startSampler,
} from "@resonance/ops-mcp";
import type { z } from "zod";
import type { Config } from "../config.ts";
import type { LogicClients } from "../logic-clients.ts";
import { openArtifactSource } from "./artifact-source.ts";
import { openMcpSources } from "./mcp/open-mcp-sources.ts";
import { openOpsSource } from "./ops-source.ts";
import type { ToolSource } from "./tool-source.ts";

/** The tools that the configuration names: our own, and those of other MCP servers. */
export function openSources(options: {
  /** Closes what the sources work on. */
  readonly stack: AsyncDisposableStack;
  readonly config: z.output<typeof Config>;
  readonly backends: ReturnType<typeof openBackends>;
  readonly context: ServiceContext;
  readonly logic: Pick<LogicClients, "stats">;
  readonly db: Database;
}): readonly ToolSource[] {
  const { stack, config, backends, context, logic, db } = options;
  const { log } = context;
  let local: LocalBackend | undefined;
  if (config.RESONANCE_STACK_FILE !== undefined) {
    const stackFile = config.RESONANCE_STACK_FILE;
    local = { stackFile, sampler: stack.use(startSampler({ stackFile, log })) };
  }
  const ops = openOpsSource({
    local,
    backends,
    countMessages: countMessagesOf(logic.stats),
    readSystemStatus: readSystemStatusOf(logic.stats),
    nowMs: Date.now,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    log,
  });
  const { sources } = stack.use(openMcpSources(context.environment, log));
  return [ops, openArtifactSource(db), ...sources];
}
