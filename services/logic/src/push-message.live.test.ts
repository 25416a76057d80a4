import { create } from "@bufbuild/protobuf";
import { transaction } from "@resonance/db";
import { roomSessionId, storedAtMs, type Username } from "@resonance/mq-proto";
import {
  GetHistoryMessagesRequestSchema,
  GetSessionListRequestSchema,
} from "@resonance/mq-proto/logic";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getHistoryMessages } from "./get-history-messages.ts";
import { getSessionList } from "./get-session-list.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

let logic: TestLogic;
let alice: Username;
beforeAll(async () => {
  logic = await openTestLogic();
  alice = await logic.user("alice");
});
afterAll(() => logic?.[Symbol.asyncDispose]());

test.each([
  ["no time", "NULL"],
  ["a time of zeros", "'0000-00-00 00:00:00'"],
])("a message whose row has %s is shown with the time in its id", async (_, time) => {
  const room = { sessionId: roomSessionId };
  const { msgId } = await logic.send({ ...room, fromUsername: alice, content: "hi" });
  await transaction(
    logic.db,
    async (tx) => {
      // As a server without NO_ZERO_DATE takes it.
      await tx.execute("SET SESSION sql_mode = ''");
      await tx.execute(`UPDATE t_message_content SET created_at = ${time}`);
    },
    logic.signal,
  );

  const asked = create(GetHistoryMessagesRequestSchema, { ...room, username: alice });
  const { messages } = await getHistoryMessages(logic.deps, asked);
  const listing = create(GetSessionListRequestSchema, { username: alice });
  const { sessions = [] } = await getSessionList(logic.deps, listing);

  const timestamp = BigInt(storedAtMs(msgId)) / 1_000n;
  expect(messages.at(-1)).toMatchObject({ msgId, content: "hi", timestamp });
  const listed = sessions.find(({ sessionId }) => sessionId === roomSessionId);
  expect(listed?.lastMessage).toMatchObject({ msgId, content: "hi", timestamp });
});
