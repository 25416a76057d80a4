import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenignRow } from "../rows.ts";
import { benignKinds } from "./benign-kinds.ts";
import { createRandom } from "./random.ts";

const perTemplate = 5;

/** Ordinary log lines, full of ids that look like secrets. The same for one seed. */
export function benignRows(seed: number): BenignRow[] {
  const random = createRandom(seed);
  return [
    ...writtenRows(),
    ...Object.entries(benignKinds).flatMap(([kind, templates]) =>
      templates.flatMap((template, index) =>
        Array.from({ length: perTemplate }, (_, turn) => ({
          id: `${kind}-${index}-${turn}`,
          kind,
          text: template(random),
        })),
      ),
    ),
  ];
}

/** Written by hand: most of them speak of secrets without telling one. */
function writtenRows(): BenignRow[] {
  const text = readFileSync(join(import.meta.dirname, "ordinary-lines.txt"), "utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, index) => ({ id: `written-${index}`, kind: "written", text: line }));
}
