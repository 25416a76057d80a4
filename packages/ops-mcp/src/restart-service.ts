import { z } from "zod";
import { type Tool, ToolError } from "./tool.ts";

const input = z.object({
  service: z.string().min(1).max(253).describe("service or workload"),
  namespace: z.string().min(1).max(63).optional().describe("Kubernetes only"),
  reason: z.string().min(1).max(300).describe("why, for the person who decides"),
});

/** What a proposal to restart is made of. */
export type RestartRequested = z.output<typeof input>;

/**
 * The definition of the one tool that writes. A call of it becomes a proposal before it comes here;
 * what comes here all the same does nothing.
 */
export const restartService: Tool<"restart_service", typeof input, never> = {
  name: "restart_service",
  description:
    "Proposes a rolling restart of one service. A person has to approve it; nothing happens before.",
  input,
  access: "write",
  run: () =>
    Promise.reject(
      new ToolError("needs_approval", "a restart is only ever proposed; nothing was done"),
    ),
  toText: () => "",
};
