import { editDistance } from "../service-name.ts";
import { ToolError } from "../tool.ts";
import type { KubeApi } from "./kube-api.ts";

/**
 * The namespaces to look at: the one that was named, or all that may be looked at.
 *
 * @throws ToolError `unknown_namespace` for one that is not among them, with the nearest first.
 */
export function namespacesOf(api: KubeApi, named: string | undefined): readonly string[] {
  if (named === undefined) return api.namespaces;
  if (api.namespaces.includes(named)) return [named];
  const near = api.namespaces.toSorted(
    (one, other) => editDistance(named, one) - editDistance(named, other),
  );
  throw new ToolError(
    "unknown_namespace",
    `namespace ${named} is not among those that may be looked at`,
    { near },
  );
}
