import { expect, test } from "vitest";
import { PacketQueue } from "./packet-queue.ts";

function openQueue() {
  const handled: number[] = [];
  const reading: string[] = [];
  const gates: (() => void)[] = [];
  const queue = new PacketQueue(
    async (bytes) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      handled.push(bytes[0] ?? -1);
    },
    { pause: () => reading.push("pause"), resume: () => reading.push("resume") },
  );
  const finishNext = async () => {
    gates.shift()?.();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { queue, handled, reading, gates, finishNext };
}

test("packets are handled one after another, in order", async () => {
  const { queue, handled, gates, finishNext } = openQueue();
  for (const number of [1, 2, 3]) queue.add(Uint8Array.of(number));
  expect(gates).toHaveLength(1);
  await finishNext();
  expect(gates).toHaveLength(1);
  await finishNext();
  await finishNext();
  expect(handled).toEqual([1, 2, 3]);
});

test("reading pauses over 256 packets and goes on when half is handled", async () => {
  const { queue, reading, finishNext } = openQueue();
  for (let count = 0; count < 258; count++) queue.add(Uint8Array.of(1));
  expect(reading).toEqual(["pause"]);
  expect(queue.isPaused).toBe(true);
  for (let count = 0; count < 128; count++) await finishNext();
  expect(reading).toEqual(["pause"]);
  for (let count = 0; count < 2; count++) await finishNext();
  expect(reading).toEqual(["pause", "resume"]);
});

test("reading pauses over 1 MiB", async () => {
  const { queue, reading, finishNext } = openQueue();
  for (let count = 0; count < 9; count++) queue.add(new Uint8Array(128 * 1024));
  expect(reading).toEqual(["pause"]);
  for (let count = 0; count < 9; count++) await finishNext();
  expect(reading).toEqual(["pause", "resume"]);
});

test("closing waits for what was added and takes no more", async () => {
  const { queue, handled, finishNext } = openQueue();
  queue.add(Uint8Array.of(1));
  queue.add(Uint8Array.of(2));
  const closed = queue.close();
  queue.add(Uint8Array.of(3));
  await finishNext();
  await finishNext();
  await closed;
  expect(handled).toEqual([1, 2]);
});

test("an idle queue closes at once", async () => {
  await openQueue().queue.close();
});
