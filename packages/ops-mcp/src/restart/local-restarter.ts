import type { LocalBackend } from "../deps.ts";
import { readStackFile, requireService, type StackService } from "../local/stack-file.ts";
import { ToolError } from "../tool.ts";
import type { RestartEvidence, Restarter, RestartTarget } from "./restarter.ts";

/** Asks whoever runs the stack to end a service in order and start it again. */
export type RequestRestart = (service: string) => void;

/**
 * Restarts a service of the stack on this machine, of which there is one process each. The stack
 * does it: it knows the process and starts it again, this one too.
 */
export function createLocalRestarter(
  local: Pick<LocalBackend, "stackFile">,
  requestRestart: RequestRestart | undefined,
): Restarter {
  const serviceOf = async (name: string, signal: AbortSignal) =>
    requireService(await readStackFile(local.stackFile, signal), name);
  return {
    find: async ({ service }, signal) => targetOf(await serviceOf(service, signal)),
    async begin({ id, generation }, signal) {
      if (!requestRestart) {
        throw new ToolError("not_configured", "this process has no stack that could restart it");
      }
      const { generation: now } = targetOf(await serviceOf(id, signal));
      if (now !== generation) throw new ToolError("changed", `${id} has changed meanwhile`);
      requestRestart(id);
    },
    async look({ id, generation }, signal) {
      const service = await serviceOf(id, signal);
      const { generation: now } = targetOf(service);
      const evidence = evidenceOf(service, now !== generation);
      if (service.state === "stopped") return { state: "stuck", evidence };
      const isBack = now !== generation && service.state === "running";
      return { state: isBack ? "healthy" : "waiting", evidence };
    },
  };
}

function targetOf(service: StackService): RestartTarget {
  const { name, kind, state, pid, startedAt } = service;
  return {
    id: name,
    service: name,
    namespace: undefined,
    generation: `${pid ?? "none"}@${startedAt ?? "never"}`,
    replicas: 1,
    isRolling: state === "restarting",
    obstacle: kind === "server" ? { kind: "server" } : undefined,
  };
}

function evidenceOf(service: StackService, isNew: boolean): RestartEvidence {
  const { state, pid, startedAt, lastExit } = service;
  return {
    kind: "process",
    state,
    isNew,
    pid: pid ?? undefined,
    startedAt: startedAt ?? undefined,
    lastExit: lastExit ?? undefined,
  };
}
