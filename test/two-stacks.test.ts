import { createApi, newClientMsgId } from "@resonance/client";
import { eventually } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { openPerson } from "./testing/open-person.ts";
import { openTestStack } from "./testing/open-test-stack.ts";

test("two stacks on one database and one NATS are one system", async () => {
  await using database = await openTestDatabase();
  await using nats = await openTestNats();
  const servers = { RESONANCE_MYSQL_URL: database.url, RESONANCE_NATS_URL: nats.url };
  await using one = await openTestStack(servers);
  await using other = await openTestStack(servers);
  await using alice = await openPerson(one.url, { username: "alice" });
  await using bob = await openPerson(other.url, { username: "bob" });
  await using laptop = await openPerson(other.url, { username: "alice", isNew: false });
  const signal = AbortSignal.timeout(90_000);
  const { sessionId } = await createApi(one.url, alice.token).createSession(
    { members: ["bob"], type: 1 },
    { signal },
  );

  const sends = Array.from({ length: 100 }, (_, index) =>
    [alice, bob].map(({ chat }) => chat.send({ sessionId, content: `${index}` }, signal)),
  );
  const stored = await Promise.all(sends.flat());

  // Of each person's own messages the order is that of sending.
  for (const person of [0, 1]) {
    const seqs = stored.flatMap(({ seqId }, index) => (index % 2 === person ? [seqId] : []));
    expect(seqs).toEqual(seqs.toSorted((a, b) => (a < b ? -1 : 1)));
  }
  // Each once, in order, without a gap: the announcement and two hundred messages.
  const all = Array.from({ length: 201 }, (_, index) => BigInt(index + 1));
  for (const person of [alice, bob, laptop]) {
    // Well under the half minute after which a client looks for what it has missed.
    await eventually(
      () => {
        const seen = person.messages.filter((message) => message.sessionId === sessionId);
        expect(seen.map(({ seqId }) => seqId)).toEqual(all);
      },
      { timeoutMs: 20_000 },
    );
  }
  // Sent again from another device, through another gateway: one message, or a conflict.
  const again = { sessionId, content: "once", clientMsgId: newClientMsgId() };
  const first = await alice.chat.send(again, signal);
  expect(await laptop.chat.send(again, signal)).toEqual(first);
  await expect(laptop.chat.send({ ...again, content: "twice" }, signal)).rejects.toMatchObject({
    reason: "client_msg_id_conflict",
  });
  expect((await alice.ask("/help")).answer.fromUsername).toBe("ops-bot");
  expect((await bob.ask("/help")).answer.fromUsername).toBe("ops-bot");
}, 120_000);
