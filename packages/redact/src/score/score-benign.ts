import { redact } from "../redact.ts";
import type { BenignRow } from "./rows.ts";

export type Altered = { readonly id: string; readonly kind: string; readonly text: string };

/** The ordinary lines that the redaction changed, as it left them. */
export function scoreBenign(rows: readonly BenignRow[]): Altered[] {
  return rows.flatMap((row) => {
    const { text } = redact(row.text);
    return text === row.text ? [] : [{ id: row.id, kind: row.kind, text }];
  });
}
