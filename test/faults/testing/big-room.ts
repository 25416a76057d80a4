import type { Load } from "./open-load.ts";
import { runSql } from "./tamper.ts";

/** A room of the load's people and of many members who are never there, made behind the scenes. */
export type BigRoom = {
  readonly session: string;
  /** How many inboxes have a message of this seq. */
  inboxesWith(seq: number): Promise<number>;
};

export async function createBigRoom(
  load: Load,
  mysqlUrl: () => string,
  options: { readonly name: string; readonly silentMembers: number },
): Promise<BigRoom> {
  const [alice] = load.devices;
  if (!alice) throw new Error("the load has no devices");
  const signal = AbortSignal.timeout(20_000);
  const { sessionId: session } = await alice.api.createSession(
    { members: ["bob", "carol"], name: options.name, type: 2 },
    { signal },
  );
  const names = Array.from(
    { length: options.silentMembers },
    (_, index) => `${options.name}-${`${index}`.padStart(5, "0")}`,
  );
  await runSql(mysqlUrl(), "INSERT INTO t_user (username, nickname, password) VALUES ?", [
    names.map((name) => [name, name, "none"]),
  ]);
  // They join after the room's own announcement, which is its first message.
  await runSql(
    mysqlUrl(),
    "INSERT INTO t_session_member (session_id, username, joined_seq) VALUES ?",
    [names.map((name) => [session, name, 1])],
  );
  return {
    session,
    inboxesWith: async (seq) => {
      const [row] = await runSql(
        mysqlUrl(),
        "SELECT COUNT(*) AS inboxes FROM t_inbox WHERE session_id = ? AND seq_id = ?",
        [session, seq],
      );
      return Number(row?.inboxes);
    },
  };
}
