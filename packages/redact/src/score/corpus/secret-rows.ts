import type { SecretRow } from "../rows.ts";
import { argumentKinds } from "./argument-kinds.ts";
import { assignmentKinds } from "./assignment-kinds.ts";
import { blockKinds } from "./block-kinds.ts";
import { channelKinds } from "./channel-kinds.ts";
import { clientKinds } from "./client-kinds.ts";
import { encodedKinds } from "./encoded-kinds.ts";
import { mentionKinds } from "./mention-kinds.ts";
import type { Planted, SecretKindMaker } from "./planted.ts";
import { createRandom, type Random } from "./random.ts";
import { tableKinds } from "./table-kinds.ts";
import { tokenKinds } from "./token-kinds.ts";
import { traceKinds } from "./trace-kinds.ts";

const makers: Readonly<Record<string, SecretKindMaker>> = {
  ...argumentKinds,
  ...assignmentKinds,
  ...blockKinds,
  ...channelKinds,
  ...clientKinds,
  ...encodedKinds,
  ...mentionKinds,
  ...tableKinds,
  ...tokenKinds,
  ...traceKinds,
};

const edges = [4_096, 8_192, 16_384, 20_000] as const;

/** Made-up secrets of every kind we know, in texts as they are found in. The same for one seed. */
export function secretRows(seed: number, perKind = 16): SecretRow[] {
  const random = createRandom(seed);
  return Object.entries(makers).flatMap(([kind, maker]) =>
    Array.from({ length: perKind }, (_, index) => {
      const planted = maker(random, index);
      const row = {
        id: `${kind}-${index}`,
        kind,
        ...planted,
        text: inLine(planted, random, index),
      };
      return index % 4 === 3 ? { ...row, padTo: random.pick(edges) } : row;
    }),
  );
}

/** Some stand alone, some in a line of a log, some with lines around. */
function inLine(planted: Planted, random: Random, index: number): string {
  if (planted.isWhole) return planted.text;
  const line = planted.text.includes("\n");
  const time = `2026-11-${10 + random.below(20)}T0${random.below(10)}:15:${10 + random.below(50)}.${100 + random.below(900)}Z`;
  const service = random.pick(["gateway", "logic", "task", "bot"]);
  switch (index % 4) {
    case 0:
      return planted.text;
    case 1:
      return line ? planted.text : `${time} WARN ${service} ${planted.text}`;
    case 2:
      return line ? `before\n${planted.text}\nafter` : `[${service}] ${planted.text} (request 17)`;
    default:
      return `${time} INFO ${service} ready in 12 ms\n${planted.text}\n${time} INFO ${service} done`;
  }
}
