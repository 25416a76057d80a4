import type { Environment } from "@resonance/kit";

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:-otherwise}` in all strings within a JSON value, keys left alone.
 * What is replaced is not looked at again.
 */
export function expandVariables(
  value: unknown,
  environment: Environment,
): { readonly value: unknown; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  const expand = (part: unknown): unknown => {
    if (typeof part === "string") {
      return part.replace(reference, (_, name: string, otherwise: string | undefined) => {
        const found = environment[name] || otherwise;
        if (found === undefined) missing.add(name);
        return found ?? "";
      });
    }
    if (Array.isArray(part)) return part.map(expand);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, expand(inner)]));
  };
  return { value: expand(value), missing: [...missing] };
}
