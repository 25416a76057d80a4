import type { SeqId, SessionId, Username } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { KnownSessions, type SessionFacts } from "./known-sessions.ts";

const pair = "single:alice:bob" as SessionId;
const room = "0" as SessionId;

function facts(maxSeqId: bigint, members: string[] | undefined = ["alice", "bob"]): SessionFacts {
  return {
    type: 1,
    maxSeqId: maxSeqId as SeqId,
    members: members as Username[] | undefined,
    bots: [],
  };
}

function open() {
  let nowMs = 0;
  const known = new KnownSessions(() => nowMs);
  const read = (maxSeqId: bigint) => known.learn(new Map([[pair, facts(maxSeqId)]]));
  const maxSeqId = () => known.all(new Set([pair]))?.get(pair)?.maxSeqId;
  const pass = (seconds: number) => {
    nowMs += seconds * 1_000;
  };
  return { known, read, maxSeqId, pass };
}

test("a session that was written to is known with its new seq_id, for a minute after it was read", () => {
  const { known, read, maxSeqId, pass } = open();

  read(7n);
  pass(59);
  known.raise(new Map([[pair, { to: 9n as SeqId }]]));

  expect(maxSeqId()).toBe(9n);
  pass(1);
  expect(maxSeqId()).toBeUndefined();
});

test("sessions are known all together or not at all", () => {
  const { known, read } = open();
  read(7n);

  expect(known.all(new Set([pair, "single:alice:carol" as SessionId]))).toBeUndefined();
});

test("a group is not remembered, nor a one-to-one session that lacks one", () => {
  const { known } = open();
  const one = "single:alice:dave" as SessionId;

  known.learn(
    new Map([
      [room, { ...facts(1n), members: undefined }],
      [one, facts(1n, ["alice"])],
    ]),
  );

  for (const sessionId of [room, one]) expect(known.all(new Set([sessionId]))).toBeUndefined();
});

test("what failed half way is forgotten", () => {
  const { known, read, maxSeqId } = open();
  read(7n);

  known.forget([pair]);

  expect(maxSeqId()).toBeUndefined();
});

test("a session that another Logic writes into, too, is read every time for a minute", () => {
  const { read, maxSeqId, pass } = open();
  read(7n);

  // Between our 7 and this, somebody else has stored 8.
  read(8n);
  expect(maxSeqId()).toBeUndefined();
  pass(59);
  read(9n);
  expect(maxSeqId()).toBeUndefined();
  pass(1);
  read(10n);
  expect(maxSeqId()).toBe(10n);
});
