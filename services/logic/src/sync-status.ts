import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Database, transaction } from "@resonance/db";
import { ChatError, type Logger } from "@resonance/kit";
import { isUsername, parseUsername, type Username } from "@resonance/mq-proto";
import type { SyncStatusRequest, SyncStatusResponseSchema } from "@resonance/mq-proto/logic";
import { deleteRoutes, lockLastReport, updateLastReport, upsertRoutes } from "./sql/routes.ts";

/**
 * Takes a gateway's report of who came and who left. The newer of two reports about one user in
 * one batch counts, and leaving ends no connection that is newer. A report of an earlier
 * incarnation of the gateway changes nothing, and is told which one is known.
 *
 * @throws ChatError `aborted` for a report that comes after a later one of the same incarnation:
 * the gateway has given it up and told its changes again, or has to.
 */
export async function syncStatus(
  deps: {
    db: Database;
    log: Logger;
    /** Told who came or left, after the commit. May be lost. */
    announcePresence: (usernames: readonly string[]) => void;
  },
  request: SyncStatusRequest,
  signal: AbortSignal,
): Promise<MessageInitShape<typeof SyncStatusResponseSchema>> {
  const { online, offline } = latestPerUser(request);
  const { seqId, gatewayId, incarnation } = request;
  const last = await transaction(
    deps.db,
    async (tx) => {
      const known = await lockLastReport(tx, gatewayId);
      if (known.incarnation > incarnation) return known;
      // A gateway of the Go system has no incarnations: when it starts, it counts anew.
      if (incarnation > 0n && known.incarnation === incarnation && known.seqId > seqId) {
        throw new ChatError("aborted", `report ${seqId} of ${gatewayId} after ${known.seqId}`);
      }
      await updateLastReport(tx, { gatewayId, incarnation, seqId });
      await upsertRoutes(tx, gatewayId, incarnation, online);
      await deleteRoutes(tx, gatewayId, offline);
      return known;
    },
    signal,
  );
  if (last.incarnation > incarnation) {
    const latest = last.incarnation;
    deps.log.warn({ gatewayId, incarnation, latest }, "a report of an earlier incarnation");
    return { seqId, laterIncarnation: latest };
  }
  const changed = [...online, ...offline].map(({ username }) => username);
  if (changed.length > 0) deps.announcePresence(changed);
  if (incarnation === 0n) return { seqId };
  return { seqId, previousSeqId: last.incarnation === incarnation ? last.seqId : 0n };
}

function latestPerUser(request: SyncStatusRequest) {
  const leftAt = new Map(
    request.offlineBatch.filter(isUsable).map((user) => [user.username, user.timestamp]),
  );
  const online = request.onlineBatch
    .filter(isUsable)
    // In the same second a user who came last is online: an offline report of him will follow.
    .filter((user) => user.timestamp >= (leftAt.get(user.username) ?? 0n))
    .map((user) => ({
      username: parseUsername(user.username),
      remoteIp: user.remoteIp.slice(0, 64),
      connectedAt: timeOf(user.timestamp),
    }));
  const here = new Set<Username>(online.map((user) => user.username));
  const offline = [...leftAt]
    .map(([name, timestamp]) => ({ username: parseUsername(name), leftAt: timeOf(timestamp) }))
    .filter(({ username }) => !here.has(username));
  return { online, offline };
}

/** A gateway of the Go system lets in whoever its Logic knows, and reports fifty at once. */
function isUsable({ username }: { readonly username: string }): boolean {
  return isUsername(username);
}

/** A report without a time is of now. */
function timeOf(unixSeconds: bigint): Date {
  return unixSeconds > 0n ? new Date(Number(unixSeconds) * 1_000) : new Date();
}
