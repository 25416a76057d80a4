import { createHmac } from "node:crypto";

/** What an entry tells of. */
export type AuditKind =
  | "question"
  | "model"
  | "tool"
  | "answer"
  | "proposal"
  | "decision"
  | "execution"
  | "outcome"
  | "user"
  | "policy";

/** One thing that happened. */
export type AuditEntry = {
  readonly kind: AuditKind;
  /** A person, or what acted by itself, such as `ops-bot`. */
  readonly actor: string;
  readonly sessionId?: string;
  /** Of the question or the decision that it belongs to. */
  readonly msgId?: bigint;
  /** JSON; redacted by whoever writes it. */
  readonly details: Readonly<Record<string, unknown>>;
};

/** An entry in its place in the chain. */
export type AuditRow = {
  /** From 1, without gaps. */
  readonly seq: bigint;
  readonly atMs: bigint;
  readonly kind: string;
  readonly actor: string;
  readonly sessionId: string | null;
  readonly msgId: bigint | null;
  /** JSON */
  readonly details: string;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
};

/** What stands before the first row. */
export const noHash = Buffer.alloc(32);

/** The hash of a row: of all that it says, its place, and the row before. */
export function hashOf(key: string, row: Omit<AuditRow, "hash">): Buffer {
  const { seq, atMs, kind, actor, sessionId, msgId, details, previousHash } = row;
  return createHmac("sha256", key)
    .update(
      JSON.stringify([
        `${seq}`,
        `${atMs}`,
        kind,
        actor,
        sessionId,
        msgId === null ? null : `${msgId}`,
        details,
        previousHash.toString("hex"),
      ]),
    )
    .digest();
}
