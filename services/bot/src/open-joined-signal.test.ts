import { expect, test } from "vitest";
import { openJoinedSignal } from "./open-joined-signal.ts";

test("a joined signal aborts once, with the reason of the first that does", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  using joined = openJoinedSignal(one.signal, other.signal);
  let aborts = 0;
  joined.signal.addEventListener("abort", () => {
    aborts += 1;
  });

  other.abort("other");
  one.abort("one");

  expect(joined.signal.reason).toBe("other");
  expect(aborts).toBe(1);
});

test("joined with one that has aborted it has aborted, too", () => {
  using joined = openJoinedSignal(new AbortController().signal, AbortSignal.abort("before"));

  expect(joined.signal.reason).toBe("before");
});

test("once disposed it aborts no more", () => {
  const one = new AbortController();
  const joined = openJoinedSignal(one.signal);

  joined[Symbol.dispose]();
  one.abort();

  expect(joined.signal.aborted).toBe(false);
});
