import { openDatabase, type Queryable } from "@resonance/db";
import { migrate } from "@resonance/migrations";
import type { SessionId } from "@resonance/mq-proto";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { Audiences } from "./audiences.ts";

test("the people of many groups are found in as many statements as those of few", async () => {
  await using database = await openTestDatabase();
  await migrate({ url: database.url, signal: AbortSignal.timeout(30_000) });
  await using db = openDatabase(database.url);
  const small = Array.from({ length: 40 }, (_, index) => `group-${index}` as SessionId);
  const halls = ["hall-1", "hall-2"] as SessionId[];
  const members = [
    ...small.map((sessionId) => [sessionId, "alice", 1]),
    ...halls.flatMap((hall) => Array.from({ length: 201 }, (_, at) => [hall, `m${at}`, at])),
    // At the limit a room is small.
    ...Array.from({ length: 200 }, (_, at) => ["room", `m${at}`, at]),
  ];
  await db.execute("INSERT INTO t_session_member (session_id, username, joined_seq) VALUES ?", [
    members,
  ]);
  let statements = 0;
  const counted: Queryable = {
    execute: (sql, parameters) => db.execute(sql, parameters),
    query(sql, parameters) {
      statements += 1;
      return db.query(sql, parameters);
    },
  };
  const audiences = new Audiences(counted, "first-member");

  const found = await audiences.of([...small, ...halls, "room" as SessionId]);

  expect(small.map((group) => found.get(group)?.owners)).toEqual(small.map(() => ["alice"]));
  expect(halls.map((hall) => found.get(hall)?.owners)).toEqual(halls.map(() => ["m0"]));
  expect(found.get("room")?.owners).toHaveLength(200);
  // Which are large, the first member of each that is, and the members of both kinds.
  expect(statements).toBe(5);
});
