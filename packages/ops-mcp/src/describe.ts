import { z } from "zod";
import { requireBackend } from "./backends/require-backend.ts";
import type { OpsDeps } from "./deps.ts";
import { type KubeDigest, kubeDigest } from "./kube/digest.ts";
import { type LocalDigest, localDigest } from "./local/digest.ts";
import { readStackFile, requireLocal, requireService } from "./local/stack-file.ts";
import { resolveService } from "./service-name.ts";
import { digestText } from "./text/digest-text.ts";
import type { Tool, ToolResult } from "./tool.ts";

const input = z.object({
  service: z.string().min(1).max(253).describe("service, workload or pod"),
  namespace: z.string().min(1).max(63).optional().describe("Kubernetes only"),
});

/** What a thing is made of, as far as it may be told: names of variables, never their values. */
export type Described = { readonly at: string } & (KubeDigest | LocalDigest);

/** A fixed digest of one thing. */
export const describe: Tool<"describe", typeof input, Described> = {
  name: "describe",
  description:
    "A fixed digest of a service, workload or pod: image, probes, limits, conditions, names of environment variables without values, owner, last rollout.",
  input,
  access: "read",
  run: describeOne,
  toText: digestText,
};

async function describeOne(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<Described>> {
  const at = new Date().toISOString();
  if (deps.local && wanted.namespace === undefined) {
    const stack = await readStackFile(deps.local.stackFile, signal);
    const names = stack.services.map(({ name }) => name);
    if (!deps.backends.kubernetes || resolveService(wanted.service, names).found) {
      const service = requireService(stack, wanted.service);
      return { outcome: "ok", data: { at, ...(await localDigest(deps.local, service, signal)) } };
    }
  }
  if (!deps.backends.kubernetes && wanted.namespace === undefined) requireLocal(deps);
  const api = requireBackend(deps, "kubernetes");
  const named = { name: wanted.service, namespace: wanted.namespace };
  return { outcome: "ok", data: { at, ...(await kubeDigest(api, named, signal)) } };
}
