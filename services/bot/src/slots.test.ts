import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

const signal = new AbortController().signal;

test("no more than the bound run side by side, and who waits longest is next", async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  const first = await slots.take(signal);
  const others = ["a", "b"].map(async (name) => {
    using _slot = await slots.take(signal);
    order.push(name);
  });
  expect(order).toEqual([]);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await Promise.all(others);
  expect(order).toEqual(["a", "b"]);
});

test("who gives up waiting takes no slot", async () => {
  const slots = new Slots(1);
  const held = await slots.take(signal);
  const stop = new AbortController();
  const waiting = slots.take(stop.signal);
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  held[Symbol.dispose]();
  using slot = await slots.take(signal);
  expect(slot).toBeDefined();
});
