import type { Route } from "@resonance/bus";
import type { Queryable } from "@resonance/db";
import { isSingleSessionId, type SessionId, type Username } from "@resonance/mq-proto";
import {
  findFirstPerson,
  listLarge,
  listMembersWithRoutes,
  listOnlineMembers,
} from "./sql/members.ts";

/** Who is to get a message. */
export type Audience = {
  /** The people whose inboxes get a row. */
  readonly owners: readonly Username[];
  /** Where they are connected. Whoever connects later has the message from the history. */
  readonly routes: readonly Route[];
};

/** `every-member` is for a Go system on the same database, which reads rooms by their inboxes. */
export type LargeRoomInboxes = "first-member" | "every-member";

const maxRemembered = 10_000;

/**
 * Finds who is to get what is said. In a session of over 200 members only those who are online are
 * read, and only one inbox gets a row, that of the member who joined first: clients read a room by
 * its seq_ids, and the row tells Logic that the event has had its effect. So a message costs what
 * the people who are there cost, however many members there are.
 */
export class Audiences {
  readonly #db: Queryable;
  readonly #largeRooms: LargeRoomInboxes;
  /** The first members of large sessions: such a session stays large. */
  readonly #first = new Map<SessionId, Username>();

  constructor(db: Queryable, largeRooms: LargeRoomInboxes) {
    this.#db = db;
    this.#largeRooms = largeRooms;
  }

  async of(sessionIds: Iterable<SessionId>): Promise<ReadonlyMap<string, Audience>> {
    const all = [...new Set(sessionIds)];
    if (all.length === 0) return new Map();
    await this.#findLarge(all);
    const large = all.filter((sessionId) => this.#first.has(sessionId));
    const small = all.filter((sessionId) => !this.#first.has(sessionId));
    const [members, online] = await Promise.all([
      small.length === 0 ? [] : listMembersWithRoutes(this.#db, small),
      large.length === 0 ? [] : listOnlineMembers(this.#db, large),
    ]);
    const audiences = new Map<string, Audience>();
    for (const [sessionId, rows] of Map.groupBy(members, (row) => row.sessionId)) {
      // A member who is connected to two gateways appears twice. Bots read no inbox.
      const owners = new Set(rows.flatMap((row) => (row.isBot ? [] : [row.username])));
      const routes = rows.flatMap(({ username, gatewayId }) =>
        gatewayId === null ? [] : [{ username, gatewayId }],
      );
      audiences.set(sessionId, { owners: [...owners], routes });
    }
    const onlineIn = Map.groupBy(online, (row) => row.sessionId);
    for (const sessionId of large) {
      const first = this.#first.get(sessionId);
      const routes = onlineIn.get(sessionId) ?? [];
      audiences.set(sessionId, { owners: first ? [first] : [], routes });
    }
    return audiences;
  }

  async #findLarge(sessionIds: readonly SessionId[]): Promise<void> {
    if (this.#largeRooms === "every-member") return;
    const unknown = sessionIds.filter(
      (sessionId) => !isSingleSessionId(sessionId) && !this.#first.has(sessionId),
    );
    if (unknown.length === 0) return;
    for (const sessionId of await listLarge(this.#db, unknown)) {
      const first = await findFirstPerson(this.#db, sessionId);
      if (this.#first.size >= maxRemembered) this.#first.clear();
      if (first) this.#first.set(sessionId, first);
    }
  }
}
