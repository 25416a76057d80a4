import { expect, test } from "vitest";
import { PresenceTimes } from "./presence-times.ts";

test("whoever comes and leaves takes the second in which that is", () => {
  const times = new PresenceTimes();
  expect([times.came("alice", 20n), times.left("alice", 25n), times.came("alice", 26n)]).toEqual([
    20n,
    25n,
    26n,
  ]);
});

test("whoever comes and leaves several times in a second never comes before having left", () => {
  const times = new PresenceTimes();
  const came = [times.came("alice", 20n)];
  const left = [times.left("alice", 20n)];
  came.push(times.came("alice", 20n));
  left.push(times.left("alice", 20n));
  came.push(times.came("alice", 21n));
  expect([came, left]).toEqual([
    [20n, 21n, 22n],
    [20n, 21n],
  ]);
});

test("one user's times are not another's", () => {
  const times = new PresenceTimes();
  times.left("alice", 20n);
  expect(times.came("bob", 20n)).toBe(20n);
});
