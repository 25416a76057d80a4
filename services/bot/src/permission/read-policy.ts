import { ConfigError } from "@resonance/kit";
import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import type { z } from "zod";
import { type Policy, policySchema } from "./policy.ts";

/**
 * Parses a policy file: YAML or JSON.
 *
 * @throws ConfigError that names every problem with its line
 */
export function readPolicy(text: string, fileName: string): Policy {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const broken = document.errors.map(
    ({ pos, message }) => `line ${lines.linePos(pos[0]).line}: ${message}`,
  );
  if (broken.length > 0) throw problems(fileName, broken);
  const parsed = policySchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw problems(
    fileName,
    parsed.error.issues.map((issue) => {
      const offset = offsetOf(document.contents, pathOf(issue));
      return `line ${lines.linePos(offset).line}: ${issue.path.join(".") || "policy"}: ${issue.message}`;
    }),
  );
}

function problems(fileName: string, found: readonly string[]): ConfigError {
  return new ConfigError(`${fileName} has ${found.length} problem(s):\n  ${found.join("\n  ")}`);
}

/** A key too many is told at the key itself. */
function pathOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
}

/** Where in the text the value of a path begins, or what is nearest above it. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    const pair = isMap(node) ? pairOf(node, key) : undefined;
    const next: unknown = pair ? pair.value : itemOf(node, key);
    const at: unknown = pair ? pair.key : next;
    const range = at && typeof at === "object" && "range" in at ? (at as Node).range : undefined;
    if (range) offset = range[0];
    node = next;
  }
  return offset;
}

function pairOf(map: YAMLMap, key: PropertyKey) {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function itemOf(node: unknown, key: PropertyKey): unknown {
  if (typeof key !== "number" || typeof node !== "object" || node === null) return undefined;
  return "items" in node && Array.isArray(node.items) ? node.items[key] : undefined;
}
