import { expect, test } from "vitest";
import { IdGenerator, msgIdAtMs } from "./ids.ts";

test("an id holds its time, worker and counter as the contract lays them out", () => {
  const ids = new IdGenerator(
    () => 7,
    () => true,
    () => 1_769_340_643_000,
  );

  for (let count = 0; count < 3; count++) ids.next();

  expect(ids.next()).toBe(7421152536297500675n);
});

test("ids rise while the clock stands, steps back, or runs out of counters", () => {
  let nowMs = 1_000_000;
  const ids = new IdGenerator(
    () => 1,
    () => true,
    () => nowMs,
  );
  const given = [ids.next()];
  for (let count = 0; count < 5_000; count++) given.push(ids.next());
  nowMs -= 3_600_000;
  for (let count = 0; count < 5_000; count++) given.push(ids.next());

  expect(new Set(given).size).toBe(given.length);
  expect(given).toEqual(given.toSorted((one, other) => (one < other ? -1 : 1)));
});

test("without a lease no id is given out", () => {
  const ids = new IdGenerator(
    () => 1,
    () => false,
  );

  expect(() => ids.next()).toThrow("lease");
});

test("the first id of a millisecond is the bound for ids before it", () => {
  const ids = new IdGenerator(
    () => 0,
    () => true,
    () => 5_000,
  );

  expect(ids.next()).toBe(msgIdAtMs(5_000));
});
