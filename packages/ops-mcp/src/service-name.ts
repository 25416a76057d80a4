/** What people call each part of the system. Lower case; the first is the canonical name. */
export const serviceNames = {
  gateway: ["gateway", "gate-way", "gw", "网关"],
  logic: ["logic", "逻辑服务", "逻辑"],
  task: ["task", "push", "推送", "任务"],
  bot: ["bot", "ops-bot", "opsbot", "机器人", "助手"],
  mysql: ["mysql", "mariadb", "database", "db", "数据库"],
  nats: ["nats", "jetstream", "mq", "message queue", "消息队列"],
} as const satisfies Record<string, readonly string[]>;

export type ServiceName = keyof typeof serviceNames;

export type ResolvedName =
  | { readonly found: true; readonly name: string }
  | { readonly found: false; readonly near: readonly string[] };

/**
 * Finds which of the existing services is meant: by name, by what people call it, or by a name
 * that is one or two typing errors away. A miss names what is nearest, or all there are.
 */
export function resolveService(query: string, existing: readonly string[]): ResolvedName {
  const wanted = query
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/[-\s]?(service|服务)$/u, "");
  const exact = candidates(existing).find(({ alias }) => alias === wanted);
  if (exact) return { found: true, name: exact.name };
  const ranked = candidates(existing)
    .map(({ name, alias }) => ({ name, distance: editDistance(wanted, alias), alias }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  if (best && best.distance <= toleratedErrors(best.alias)) {
    const rivals = ranked.filter(({ distance }) => distance === best.distance);
    if (rivals.every(({ name }) => name === best.name)) return { found: true, name: best.name };
  }
  const near = ranked
    .map(({ name, alias, distance }) => ({
      name,
      strangeness: strangeness(wanted, alias, distance),
    }))
    .filter(({ strangeness }) => strangeness <= 0.5)
    .sort((one, other) => one.strangeness - other.strangeness)
    .map(({ name }) => name);
  return { found: false, near: near.length > 0 ? [...new Set(near)].slice(0, 3) : existing };
}

/** From 0, the same, to 1: the share of letters that differ, less for a common beginning. */
function strangeness(wanted: string, alias: string, distance: number): number {
  const length = Math.max(wanted.length, alias.length);
  let common = 0;
  while (common < 3 && wanted[common] !== undefined && wanted[common] === alias[common]) common++;
  return distance / length - common / 10;
}

/** How many typing errors a name of this length may have and still be meant. */
export function toleratedErrors(alias: string): number {
  if (/[^\x20-\x7e]/.test(alias) || alias.length < 4) return 0;
  return alias.length < 7 ? 1 : 2;
}

/** Insertions, deletions, replacements and swaps of neighbours between two short strings. */
export function editDistance(one: string, other: string): number {
  if (Math.max(one.length, other.length) > 64) return Math.max(one.length, other.length);
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped && row > 1 && column > 1 ? at(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, other.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

function candidates(existing: readonly string[]): { name: string; alias: string }[] {
  const known = new Map<string, readonly string[]>(Object.entries(serviceNames));
  return existing.flatMap((name) =>
    (known.get(name) ?? [name]).map((alias) => ({ name, alias: alias.toLowerCase() })),
  );
}
