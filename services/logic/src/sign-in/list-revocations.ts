import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import type {
  ListRevocationsRequest,
  ListRevocationsResponseSchema,
} from "@resonance/mq-proto/logic";
import { listRevocationsSince } from "../sql/revocations.ts";

// One that was made earlier may be committed later.
const overlapMs = 30_000;

/** What was revoked since then, and some of what was revoked before it. */
export async function listRevocations(
  deps: { readonly db: Queryable },
  request: ListRevocationsRequest,
): Promise<MessageInitShape<typeof ListRevocationsResponseSchema>> {
  const since = Number(request.createdAfterMs);
  const { asOfMs, rows } = await listRevocationsSince(
    deps.db,
    since > 0 ? since - overlapMs : undefined,
  );
  return {
    asOfMs: BigInt(asOfMs),
    revocations: rows.map((row) => ({
      username: row.username,
      tokenHash: row.tokenHash ? new Uint8Array(row.tokenHash) : new Uint8Array(),
      signInId: row.signInId ?? "",
      issuedUntil: row.issuedUntil ?? 0n,
    })),
  };
}
