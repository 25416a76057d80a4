import { create, toBinary } from "@bufbuild/protobuf";
import {
  GetSessionListRequestSchema,
  GetSessionListResponseSchema,
} from "@resonance/mq-proto/logic";
import { expect, test } from "vitest";
import { getSessionList } from "./get-session-list.ts";
import { openTestLogic } from "./test-logic.ts";

// What a caller of Logic takes in one answer.
const maxAnswerBytes = 16 * 1024 ** 2;
const long = "长".repeat(20_000);

test("a list of many sessions with long last messages can be read, the recent ones whole", async () => {
  await using logic = await openTestLogic();
  await logic.user("alice");
  const numbers = Array.from({ length: 400 }, (_, index) => index + 1);
  await logic.db.execute("INSERT INTO t_session (session_id, type, name, max_seq_id) VALUES ?", [
    numbers.map((number) => [`s${number}`, 2, "", 1]),
  ]);
  await logic.db.execute("INSERT INTO t_session_member (session_id, username) VALUES ?", [
    numbers.map((number) => [`s${number}`, "alice"]),
  ]);
  for (const number of numbers) {
    await logic.db.execute(
      `INSERT INTO t_message_content
         (msg_id, session_id, sender_username, seq_id, content, msg_type, created_at)
       VALUES (?, ?, 'bob', 1, ?, 'text', NOW(3) - INTERVAL ? MINUTE)`,
      [number, `s${number}`, long, number],
    );
  }

  const request = create(GetSessionListRequestSchema, { username: "alice" });
  const list = create(GetSessionListResponseSchema, await getSessionList(logic.deps, request));

  expect(toBinary(GetSessionListResponseSchema, list).length).toBeLessThan(maxAnswerBytes);
  const contents = new Map(
    list.sessions.map(({ sessionId, lastMessage }) => [sessionId, lastMessage?.content]),
  );
  expect(contents.get("s1")).toBe(long);
  expect(contents.get("s400")).toBe(long.slice(0, 2_000));
});
