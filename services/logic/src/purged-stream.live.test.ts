import { create } from "@bufbuild/protobuf";
import { streamName } from "@resonance/bus";
import { createLogger } from "@resonance/kit";
import { CreateSessionRequestSchema } from "@resonance/mq-proto/logic";
import { start as startTask } from "@resonance/task";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import { openTestLogic } from "./test-logic.ts";

const log = createLogger("purged-stream-test", "silent");
const pair = "single:alice:bob";
const timeoutMs = 20_000;

async function openPair() {
  await using stack = new AsyncDisposableStack();
  const logic = stack.use(await openTestLogic());
  for (const name of ["alice", "bob"]) await logic.user(name);
  const request = { creatorUsername: "alice", members: ["bob"], type: 1 };
  await createSession(logic.deps, create(CreateSessionRequestSchema, request), logic.signal);
  const counters: string[] = [];
  const checkStream = logic.bus.checkStream.bind(logic.bus);
  logic.bus.checkStream = async () => {
    const state = await checkStream();
    counters.push(state.removed?.counter ?? "");
    return state;
  };
  const closing = stack.move();
  return {
    logic,
    startTask: () =>
      startTask({
        environment: { RESONANCE_MYSQL_URL: logic.mysqlUrl, RESONANCE_NATS_URL: logic.natsUrl },
        log,
        signal: logic.signal,
      }),
    async send(contents: readonly string[]) {
      for (const content of contents) {
        await logic.send({ sessionId: pair, fromUsername: "alice", content });
      }
      await eventually(
        async () =>
          expect(await logic.db.query("SELECT id FROM t_message_outbox WHERE status = 0")).toEqual(
            [],
          ),
        { timeoutMs },
      );
    },
    /** As if two minutes were over: the server knows copies by their ids, which payloads make. */
    outliveDuplicates: () =>
      logic.db.execute("UPDATE t_message_outbox SET payload = CONCAT(payload, 0xC03E01)"),
    async bobsInbox() {
      const rows = await logic.db.query<{ content: string }>(
        `SELECT c.content FROM t_inbox i JOIN t_message_content c ON c.msg_id = i.msg_id
          WHERE i.owner_username = 'bob' AND i.session_id = ? AND c.sender_username = 'alice'
          ORDER BY i.seq_id`,
        [pair],
      );
      return rows.map(({ content }) => content);
    },
    /** Resolves when Logic has looked at the stream as it is now. */
    async isLookedAt() {
      const { removed } = await checkStream();
      await eventually(() => expect(counters).toContain(removed?.counter), { timeoutMs });
    },
    purge: async () => (await logic.bus.manager()).streams.purge(streamName),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

test("events that somebody purges from the stream before Task has them are published again", async () => {
  await using purged = await openPair();
  {
    await using _task = await purged.startTask();
    await purged.send(["seen"]);
    await eventually(async () => expect(await purged.bobsInbox()).toEqual(["seen"]), { timeoutMs });
  }
  await purged.send(["1", "2", "3"]);
  await purged.outliveDuplicates();
  await purged.isLookedAt();

  await purged.purge();
  await using _task = await purged.startTask();

  await eventually(async () => expect(await purged.bobsInbox()).toEqual(["seen", "1", "2", "3"]), {
    timeoutMs,
  });
});
