import { create, fromBinary } from "@bufbuild/protobuf";
import type { Pipeline } from "@resonance/db";
import {
  DeliverySchema,
  deliveredHeader,
  PushEventSchema,
  parseDelivered,
  topicOf,
} from "@resonance/mq-proto";
import { CreateSessionRequestSchema, SendMessageRequestSchema } from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import { type MessageStore, openMessageStore, openStorePipeline } from "./message-store.ts";
import { sendMessage } from "./send-message.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

const pair = "single:alice:bob";

let logic: TestLogic;
/** The store of another process, which remembers what it has written itself. */
let other: MessageStore;
let statements: string[] = [];
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  logic = closing.use(await openTestLogic());
  for (const name of ["alice", "bob"]) await logic.user(name);
  const request = { creatorUsername: "alice", members: ["bob"], type: 1 };
  await createSession(logic.deps, create(CreateSessionRequestSchema, request), logic.signal);
  const pipeline = closing.use(openStorePipeline(logic.mysqlUrl));
  other = closing.use(openMessageStore({ ...logic.deps, pipeline: watched(pipeline) }));
});
afterAll(() => closing.disposeAsync());

/** Notes what is asked. */
function watched(pipeline: Pipeline): Pipeline {
  return {
    ...pipeline,
    transaction: (work, signal) =>
      pipeline.transaction((tx) => {
        const query: typeof tx.query = (sql, parameters) => {
          statements.push(sql);
          return tx.query(sql, parameters);
        };
        return work({
          query,
          execute: (sql, parameters) => tx.execute(sql, parameters),
          commit: () => tx.commit(),
          get isCommitted() {
            return tx.isCommitted;
          },
        });
      }, signal),
  };
}

function sendThere(content: string, clientMsgId = "", sessionId = pair) {
  const request = { sessionId, fromUsername: "bob", content, clientMsgId };
  return sendMessage(other, create(SendMessageRequestSchema, request));
}

function sendHere(content: string) {
  return logic.send({ sessionId: pair, fromUsername: "alice", content });
}

/** How often the session's row was read before it was written to. */
function reads(): number {
  return statements.filter((sql) => sql.includes("FOR UPDATE")).length;
}

async function storedSeqIds(): Promise<bigint[]> {
  const rows = await logic.db.query<{ seqId: bigint }>(
    "SELECT seq_id AS seqId FROM t_message_content WHERE session_id = ? ORDER BY seq_id",
    [pair],
  );
  return rows.map(({ seqId }) => seqId);
}

test("a session that was written to is not read again, and its seq_ids stay dense", async () => {
  statements = [];

  const first = await sendThere("1");
  const second = await sendThere("2");
  const third = await sendThere("3");

  expect(reads()).toBe(1);
  expect([second.seqId, third.seqId]).toEqual([first.seqId + 1n, first.seqId + 2n]);
});

test("two processes that write into one session in turn give out every seq_id once", async () => {
  await sendThere("remembers");

  const seqIds: bigint[] = [];
  for (let count = 0; count < 10; count++) {
    seqIds.push((await sendHere(`here ${count}`)).seqId);
    seqIds.push((await sendThere(`there ${count}`)).seqId);
  }

  const [first = 0n] = seqIds;
  expect(seqIds).toEqual(seqIds.map((_, index) => first + BigInt(index)));
  const stored = await storedSeqIds();
  expect(stored).toEqual(stored.map((_, index) => BigInt(index + 1)));
});

test("two processes that write into one session at once give out every seq_id once", async () => {
  await sendThere("remembers");

  const ids = await Promise.all(
    Array.from({ length: 40 }, (_, count) =>
      count % 2 === 0 ? sendHere(`here ${count}`) : sendThere(`there ${count}`),
    ),
  );

  expect(new Set(ids.map(({ seqId }) => seqId)).size).toBe(40);
  const stored = await storedSeqIds();
  expect(stored).toEqual(stored.map((_, index) => BigInt(index + 1)));
});

test("a message that is sent again to a session that is known is stored once", async () => {
  const first = await sendThere("once", "again");

  const second = await sendThere("once", "again");

  expect(second).toMatchObject({ msgId: first.msgId, seqId: first.seqId });
  await expect(sendThere("something else", "again")).rejects.toMatchObject({
    reason: "client_msg_id_conflict",
  });
});

test("one client id for two groups, from two processes at once, is a message and a conflict", async () => {
  const groups: string[] = [];
  for (const name of ["one", "other"]) {
    const request = { creatorUsername: "bob", members: ["alice"], type: 2, name };
    const made = create(CreateSessionRequestSchema, request);
    groups.push((await createSession(logic.deps, made, logic.signal)).sessionId ?? "");
  }
  const [here = "", there = ""] = groups;

  for (let round = 0; round < 20; round++) {
    const clientMsgId = `both-${round}`;
    const message = { fromUsername: "bob", content: "hi", clientMsgId };
    const outcomes = await Promise.allSettled([
      logic.send({ ...message, sessionId: here }),
      sendThere("hi", clientMsgId, there),
    ]);
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason] : [],
    );
    expect(refused).toMatchObject([{ reason: "client_msg_id_conflict" }]);
  }
});

test("who is no member of a session that is known is refused", async () => {
  await sendThere("remembers");

  const request = { sessionId: pair, fromUsername: "eve", content: "hi" };
  const sent = sendMessage(other, create(SendMessageRequestSchema, request));

  await expect(sent).rejects.toMatchObject({ reason: "not_a_member" });
});

test("a one-to-one message is delivered from here, and its event names whose inboxes get a row", async () => {
  const headers = new Map<string, string>();
  const delivered: string[] = [];
  const connection = await logic.bus.connected();
  const contentIn = (message: { string(): string }) =>
    message.string().match(/direct-\d/)?.[0] ?? "";
  connection.subscribe(topicOf(PushEventSchema), {
    callback: (_error, message) => {
      // Those of the tests before may still come.
      if (contentIn(message) === "") return;
      headers.set(contentIn(message), message.headers?.get(deliveredHeader) ?? "");
    },
  });
  connection.subscribe(`${topicOf(DeliverySchema)}.*`, {
    callback: (_error, message) => {
      const gateway = message.subject.split(".").at(-1);
      for (const { toUsernames } of fromBinary(DeliverySchema, message.data).items) {
        delivered.push(`${contentIn(message)} at ${gateway} to ${toUsernames.join(" and ")}`);
      }
    },
  });
  await connection.flush();
  await sendThere("direct-1");
  await eventually(() => expect(headers.size).toBe(1));
  await logic.db.execute(
    `INSERT INTO t_route (username, gateway_id, incarnation, connected_at)
     VALUES ('bob', 'g1', 1, NOW(3)), ('bob', 'g2', 1, NOW(3)), ('eve', 'g1', 1, NOW(3)),
            ('alice', 'g2', 1, NOW(3))`,
  );

  await sendThere("direct-2");
  await sendThere("direct-3", "", "0");

  await eventually(() => expect(headers.size).toBe(3));
  expect(parseDelivered(headers.get("direct-1") ?? "")).toEqual(["alice", "bob"]);
  expect(parseDelivered(headers.get("direct-2") ?? "")).toEqual(["alice", "bob"]);
  // A group's people are for Task to find.
  expect(headers.get("direct-3")).toBe("");
  // A delivery goes before its event.
  expect(delivered.toSorted()).toEqual([
    "direct-2 at g1 to bob",
    "direct-2 at g2 to alice and bob",
  ]);
});

test("nothing is stored into a session that is known and that a restored database does not have", async () => {
  await logic.user("carol");
  const request = { creatorUsername: "bob", members: ["carol"], type: 1 };
  await createSession(logic.deps, create(CreateSessionRequestSchema, request), logic.signal);
  const session = "single:bob:carol";
  await sendThere("remembers", "", session);
  for (const table of ["t_session", "t_session_member", "t_message_content"]) {
    await logic.db.execute(`DELETE FROM ${table} WHERE session_id = ?`, [session]);
  }

  await expect(sendThere("for nobody", "", session)).rejects.toMatchObject({
    reason: "not_a_member",
  });

  const stored = "SELECT msg_id FROM t_message_content WHERE session_id = ?";
  expect(await logic.db.query(stored, [session])).toEqual([]);
});
