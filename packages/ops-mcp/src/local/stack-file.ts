import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { OpsDeps } from "../deps.ts";
import { resolveService } from "../service-name.ts";
import { ToolError } from "../tool.ts";

const stackService = z.object({
  name: z.string().min(1),
  kind: z.enum(["service", "server"]),
  pid: z.number().int().positive().nullish(),
  state: z.enum(["running", "restarting", "stopped"]),
  startedAt: z.string().nullish(),
  restarts: z.number().int().nonnegative().default(0),
  lastExit: z.string().nullish(),
  logFile: z.string().nullish(),
  metricsUrl: z.string().nullish(),
  address: z.string().nullish(),
  version: z.string().nullish(),
});

const stackFile = z.object({
  startedAt: z.string(),
  services: z.array(stackService),
});

/** One process of the stack as its starter last described it. */
export type StackService = z.output<typeof stackService>;
export type Stack = z.output<typeof stackFile>;

/** Reads what the starter of the stack wrote. It is replaced as a whole, so it is never half. */
export async function readStackFile(path: string, signal: AbortSignal): Promise<Stack> {
  let text: string;
  try {
    text = await readFile(path, { encoding: "utf8", signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new ToolError("unreadable", "the list of the stack's services cannot be read", {
      retryHelps: true,
      cause: error,
    });
  }
  try {
    return stackFile.parse(JSON.parse(text));
  } catch (error) {
    throw new ToolError("unreadable", "the list of the stack's services is malformed", {
      cause: error,
    });
  }
}

/** @throws ToolError `not_configured` where there is no local stack. */
export function requireLocal(deps: Pick<OpsDeps, "local">): NonNullable<OpsDeps["local"]> {
  if (deps.local) return deps.local;
  throw new ToolError("not_configured", "no local stack is known: set RESONANCE_STACK_FILE");
}

/** @throws ToolError `unknown_service` with the nearest names. */
export function requireService(stack: Stack, name: string): StackService {
  const resolved = resolveService(
    name,
    stack.services.map((service) => service.name),
  );
  const service = resolved.found
    ? stack.services.find((candidate) => candidate.name === resolved.name)
    : undefined;
  if (service) return service;
  const near = resolved.found ? [] : resolved.near;
  throw new ToolError("unknown_service", `no service is called ${name}`, { near });
}
