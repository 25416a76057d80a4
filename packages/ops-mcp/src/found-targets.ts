import { z } from "zod";
import type { ToolResult } from "./tool.ts";

/** What a name was found to be. */
export type FoundTarget = { readonly service: string; readonly namespace: string | undefined };

// As the tools' outputs say it: `Deployment shop/gateway`, or the name alone.
const told = z.object({
  target: z.string().nullish(),
  service: z.string().nullish(),
  kind: z.string().nullish(),
  namespace: z.string().nullish(),
  name: z.string().nullish(),
  looks: z.array(z.object({ what: z.string(), at: z.array(z.string()) })).default([]),
});

/**
 * What the result of a call that named a service is about. Names are resolved with some tolerance,
 * so it may be another one than the caller has named.
 */
export function foundTargets(result: ToolResult<unknown>): readonly FoundTarget[] {
  if (result.outcome === "error") return [];
  const parsed = told.safeParse(result.data);
  if (!parsed.success) return [];
  const { target, service, kind, namespace, name, looks } = parsed.data;
  if (kind && name) return [{ service: name, namespace: namespace ?? undefined }];
  const examined = looks.flatMap(({ what, at }) =>
    what === "services" || what === "kubernetes" ? at : [],
  );
  const texts = examined.length > 0 ? examined : [target ?? service ?? name];
  return texts.flatMap((text) => (text ? [targetOf(text)] : []));
}

function targetOf(text: string): FoundTarget {
  const [, namespace, name] = /^\w+ ([^/\s]+)\/(\S+)$/.exec(text) ?? [];
  return { service: name ?? text, namespace };
}
