import type { LocalBackend } from "../deps.ts";
import { readStackFile, requireService, type StackService } from "../local/stack-file.ts";
import { ToolError } from "../tool.ts";
import type { Restarter, RestartTarget } from "./restarter.ts";

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
      if (now !== generation) throw new ToolError("unavailable", `${id} has changed meanwhile`);
      requestRestart(id);
    },
    async look({ id, generation }, signal) {
      const service = await serviceOf(id, signal);
      const { generation: now } = targetOf(service);
      if (service.state === "stopped") {
        return { state: "stuck", evidence: `${id} is stopped${lastExit(service)}` };
      }
      if (now === generation || service.state !== "running") {
        return { state: "waiting", evidence: `${id} is ${service.state}` };
      }
      const { pid, startedAt } = service;
      return { state: "healthy", evidence: `${id} runs as process ${pid} since ${startedAt}` };
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
    obstacle:
      kind === "server"
        ? `${name} is a server that the stack stands on; it is not restarted`
        : undefined,
  };
}

function lastExit({ lastExit: exit }: StackService): string {
  return exit ? `; it ended with ${exit}` : "";
}
