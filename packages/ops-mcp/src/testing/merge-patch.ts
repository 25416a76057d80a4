/** A JSON merge patch; with `strategic`, lists whose items have a name or type are merged by it. */
export function mergePatch(target: unknown, patch: unknown, strategic: boolean): unknown {
  if (Array.isArray(patch)) return strategic ? mergeLists(target, patch) : patch;
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value, strategic);
  }
  return result;
}

function mergeLists(target: unknown, patch: readonly unknown[]): unknown[] {
  const before: unknown[] = Array.isArray(target) ? target : [];
  const key = ["name", "type"].find((candidate) =>
    patch.every((item) => isObject(item) && typeof item[candidate] === "string"),
  );
  if (key === undefined || patch.length === 0) return [...patch];
  const keyOf = (item: unknown) => (isObject(item) ? item[key] : undefined);
  const merged = before.map((item) => {
    const change = patch.find((candidate) => keyOf(candidate) === keyOf(item));
    return change === undefined ? item : mergePatch(item, change, true);
  });
  const added = patch.filter((item) => !before.some((old) => keyOf(old) === keyOf(item)));
  return [...merged, ...added];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
