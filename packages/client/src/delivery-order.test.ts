import { expect, test } from "vitest";
import { DeliveryOrder } from "./delivery-order.ts";
import { buildMessage } from "./message-builder.ts";

const sessionId = "single:alice:bob";
const seqs = (messages: readonly { seqId: bigint }[]) => messages.map(({ seqId }) => Number(seqId));
const message = (seqId: number) => buildMessage({ sessionId, seqId: BigInt(seqId) });

function begun(seq: number): DeliveryOrder {
  const order = new DeliveryOrder();
  order.begin(sessionId, BigInt(seq));
  return order;
}

test("messages in order are delivered as they come", () => {
  const order = begun(4);
  expect(seqs(order.accept(message(5)))).toEqual([5]);
  expect(seqs(order.accept(message(6)))).toEqual([6]);
});

test("a message is delivered once, however often it comes", () => {
  const order = begun(4);
  order.accept(message(5));
  expect(order.accept(message(5))).toEqual([]);
  expect(order.accept(message(3))).toEqual([]);
});

test("a thousand messages in any order and some of them twice come out in order, each once", () => {
  const order = begun(0);
  const arrivals = Array.from({ length: 1_000 }, (_, index) => ((index * 37) % 1_000) + 1);

  const delivered = [...arrivals, ...arrivals.slice(0, 300)].flatMap((seq) =>
    order.accept(message(seq)),
  );

  const all = Array.from({ length: 1_000 }, (_, index) => BigInt(index + 1));
  expect(delivered.map(({ seqId }) => seqId)).toEqual(all);
});

test("a message behind a gap waits for the one that is late", () => {
  const order = begun(4);
  expect(order.accept(message(6))).toEqual([]);
  expect(order.missingThrough(sessionId)).toBe(5n);
  expect(seqs(order.accept(message(5)))).toEqual([5, 6]);
  expect(order.missingThrough(sessionId)).toBeUndefined();
});

test("what was fetched closes a gap together with what waits", () => {
  const order = begun(0);
  order.accept(message(2));
  order.accept(message(5));
  const delivered = order.settle(sessionId, [message(1), message(2), message(3), message(4)], 4n);
  expect(seqs(delivered)).toEqual([1, 2, 3, 4, 5]);
});

test("a hole that the history has too does not hold up what follows", () => {
  const order = begun(1);
  order.accept(message(4));
  expect(seqs(order.settle(sessionId, [message(2)], 3n))).toEqual([2, 4]);
  expect(order.position(sessionId)).toBe(4n);
});

test("settling what has been delivered meanwhile delivers nothing twice", () => {
  const order = begun(0);
  order.accept(message(1));
  order.accept(message(2));
  expect(order.settle(sessionId, [message(1), message(2)], 2n)).toEqual([]);
  expect(seqs(order.accept(message(3)))).toEqual([3]);
});

test("messages that come before the beginning is known are all delivered", () => {
  const order = new DeliveryOrder();
  expect(order.accept(message(8))).toEqual([]);
  expect(order.accept(message(7))).toEqual([]);
  expect(seqs(order.begin(sessionId, 8n))).toEqual([7, 8]);
});

test("a session begins once", () => {
  const order = begun(4);
  expect(order.begin(sessionId, 90n)).toEqual([]);
  expect(order.position(sessionId)).toBe(4n);
});

test("skipping drops what waits before the mark and delivers what follows it", () => {
  const order = begun(1);
  order.accept(message(400));
  order.accept(message(501));
  expect(seqs(order.skip(sessionId, 500n))).toEqual([501]);
});
