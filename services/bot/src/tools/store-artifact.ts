import { randomBytes } from "node:crypto";
import type { Database } from "@resonance/db";
import { durably } from "../durably.ts";
import type { Run } from "../runs/run.ts";
import { insertArtifact } from "../sql/artifacts.ts";

/** Stores a result that was too long to be shown, without secrets, and gives its id. */
export async function storeArtifact(
  db: Database,
  run: Run,
  { tool, text }: { readonly tool: string; readonly text: string },
  signal: AbortSignal,
): Promise<string> {
  const id = `a-${randomBytes(8).toString("hex")}`;
  await durably(() => insertArtifact(db, { ...run, id, tool, text }), signal);
  return id;
}
