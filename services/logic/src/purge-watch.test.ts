import { expect, test } from "vitest";
import { PurgeWatch } from "./purge-watch.ts";

const counts = (atLeast: number, atMost = atLeast, counter = "one") => ({
  counter,
  atLeast,
  atMost,
});

test("events that were removed since the last look are noticed once", () => {
  const watch = new PurgeWatch();

  const noticed = [counts(3), counts(10, 12), counts(10, 12)].map((look) => watch.look(look, 0));

  expect(noticed).toEqual([0, 7, 0]);
});

test("what is given again, and what comes while it is counted, is no removal", () => {
  const watch = new PurgeWatch();

  const noticed = [counts(3, 8), counts(8), counts(-5)].map((look) => watch.look(look, 0));

  expect(noticed).toEqual([0, 0, 0]);
  expect(watch.isDue(1_000_000)).toBe(false);
});

test("the counts of another counter, and those that are missing, are not compared", () => {
  const watch = new PurgeWatch();

  const looks = [counts(3), counts(10, 10, "another"), undefined, counts(20, 20, "another")];

  expect(looks.map((look) => watch.look(look, 0))).toEqual([0, 0, 0, 0]);
});

test("removed events are due at once, and once more when their copies are taken", () => {
  const watch = new PurgeWatch();
  watch.look(counts(0), 0);
  watch.look(counts(1), 1_000);

  expect(watch.isDue(1_000)).toBe(true);
  watch.noted(1_000);
  expect(watch.isDue(120_999)).toBe(false);
  expect(watch.isDue(126_000)).toBe(true);
  watch.noted(126_000);
  expect(watch.isDue(1_000_000)).toBe(false);
});
