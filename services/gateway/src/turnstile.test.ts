import { expect, test } from "vitest";
import { Turnstile } from "./turnstile.ts";

test("so many are inside at once, and the others follow in the order in which they came", async () => {
  const turnstile = new Turnstile({ inside: 2, waiting: 10 });
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  const visit = async (visitor: number) => {
    using _place = await turnstile.enter();
    order.push(visitor);
    inside += 1;
    most = Math.max(most, inside);
    await Promise.resolve();
    inside -= 1;
  };

  await Promise.all([1, 2, 3, 4, 5, 6].map(visit));

  expect(order).toEqual([1, 2, 3, 4, 5, 6]);
  expect(most).toBe(2);
});

test("whom the line is too long for is told at once", async () => {
  const turnstile = new Turnstile({ inside: 1, waiting: 1 });
  const first = await turnstile.enter();
  const second = turnstile.enter();

  expect(await turnstile.enter()).toBeUndefined();

  first?.[Symbol.dispose]();
  using place = await second;
  expect(place).toBeDefined();
});

test("a place that is given back twice is one place", async () => {
  const turnstile = new Turnstile({ inside: 1, waiting: 0 });
  const place = await turnstile.enter();

  place?.[Symbol.dispose]();
  place?.[Symbol.dispose]();

  expect(await turnstile.enter()).toBeDefined();
  expect(await turnstile.enter()).toBeUndefined();
});
