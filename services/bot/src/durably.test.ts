import { ChatError } from "@resonance/kit";
import { expect, test } from "vitest";
import { durably } from "./durably.ts";

const signal = new AbortController().signal;

function failingOnce(error: Error) {
  let tries = 0;
  return () => {
    tries += 1;
    return tries === 1 ? Promise.reject(error) : Promise.resolve(tries);
  };
}

test.each([
  ["what is away", new ChatError("unavailable", "the database does not answer")],
  ["a deadlock", Object.assign(new Error("Deadlock found"), { errno: 1213 })],
  ["a lock that others hold", Object.assign(new Error("Lock wait timeout"), { errno: 1205 })],
])("%s is tried for again", async (_what, error) => {
  expect(await durably(failingOnce(error), signal)).toBe(2);
});

test.each([
  ["a request that is wrong", new ChatError("invalid_argument", "no such session")],
  ["an error that nobody knows", new Error("oh")],
])("%s is not", async (_what, error) => {
  await expect(durably(failingOnce(error), signal)).rejects.toBe(error);
});
