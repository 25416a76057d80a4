import type { BenignRow } from "../rows.ts";
import { benignKinds } from "./benign-kinds.ts";
import { createRandom } from "./random.ts";

const perTemplate = 5;

/** Ordinary log lines, full of ids that look like secrets. The same for one seed. */
export function benignRows(seed: number): BenignRow[] {
  const random = createRandom(seed);
  return Object.entries(benignKinds).flatMap(([kind, templates]) =>
    templates.flatMap((template, index) =>
      Array.from({ length: perTemplate }, (_, turn) => ({
        id: `${kind}-${index}-${turn}`,
        kind,
        text: template(random),
      })),
    ),
  );
}
