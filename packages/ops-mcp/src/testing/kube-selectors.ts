import { type KubeObject, StatusError } from "./kube-store.ts";

/** `a=b,c!=d` and `a in (b,c)` over labels. */
export function matchesLabels(object: KubeObject, selector: string): boolean {
  const labels = (object.metadata.labels ?? {}) as Record<string, string>;
  return splitOutsideBrackets(selector).every((term) => {
    const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
    if (set?.[1]) {
      const values = (set[3] ?? "").split(",").map((value) => value.trim());
      return values.includes(labels[set[1]] ?? "") === (set[2] === "in");
    }
    const [, key = "", operator, value = ""] = /^([^=!]+?)(==|=|!=)(.*)$/.exec(term) ?? [];
    if (operator === undefined) return term in labels;
    return (labels[key] === value) === (operator !== "!=");
  });
}

/** The fields that the API server indexes, of the kinds that are used here. */
const fields: Readonly<Record<string, readonly string[]>> = {
  pods: ["metadata.name", "metadata.namespace", "spec.nodeName", "status.phase"],
  events: [
    "metadata.name",
    "metadata.namespace",
    "type",
    "reason",
    "involvedObject.name",
    "involvedObject.kind",
  ],
};

/** @throws StatusError 400 for a field that is not indexed, as the API server answers. */
export function matchesFields(resource: string, object: KubeObject, selector: string): boolean {
  return selector.split(",").every((term) => {
    const [, path = "", operator, value = ""] = /^([^=!]+?)(==|=|!=)(.*)$/.exec(term) ?? [];
    if (!(fields[resource] ?? ["metadata.name", "metadata.namespace"]).includes(path)) {
      throw new StatusError(400, "BadRequest", `field label not supported: ${path}`);
    }
    return (String(read(object, path)) === value) === (operator !== "!=");
  });
}

function read(object: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (at, key) => (at !== null && typeof at === "object" ? Reflect.get(at, key) : undefined),
      object,
    );
}

function splitOutsideBrackets(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
}
