import { create } from "@bufbuild/protobuf";
import { openPipeline } from "@resonance/db";
import { CreateSessionRequestSchema, SendMessageRequestSchema } from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import { lanes, openMessageStore } from "./message-store.ts";
import { sendMessage } from "./send-message.ts";
import type { OutboxRow } from "./sql/outbox.ts";
import { openTestLogic } from "./test-logic.ts";

test("what is stored is acknowledged and announced though nobody's routes can be read", async () => {
  await using logic = await openTestLogic();
  for (const name of ["alice", "bob"]) await logic.user(name);
  const session = { creatorUsername: "alice", members: ["bob"], type: 1 };
  await createSession(logic.deps, create(CreateSessionRequestSchema, session), logic.signal);
  const announced: OutboxRow[] = [];
  const outbox = {
    publish: (rows: readonly OutboxRow[]) => void announced.push(...rows),
    [Symbol.asyncDispose]: async () => undefined,
  };
  await using pipeline = openPipeline(logic.mysqlUrl, { poolSize: lanes });
  await using store = openMessageStore({ ...logic.deps, outbox, pipeline });
  const send = (content: string) => {
    const request = { sessionId: "single:alice:bob", fromUsername: "alice", content };
    return sendMessage(store, create(SendMessageRequestSchema, request));
  };
  await logic.db.execute("RENAME TABLE t_route TO t_elsewhere");

  // Of the first one the session is read, of the next ones it is known.
  const first = await send("1");
  const [second, third] = await Promise.all([send("2"), send("3")]);

  expect([second.seqId, third.seqId]).toEqual([first.seqId + 1n, first.seqId + 2n]);
  await eventually(() =>
    expect(announced.map(({ msgId, delivered }) => [msgId, delivered])).toEqual(
      [first, second, third].map(({ msgId }) => [msgId, undefined]),
    ),
  );
});
