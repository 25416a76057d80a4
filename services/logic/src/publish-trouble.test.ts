import { createLogger } from "@resonance/kit";
import { expect, test, vi } from "vitest";
import { PublishTrouble } from "./publish-trouble.ts";

function open() {
  const log = createLogger("test", "silent");
  const error = vi.spyOn(log, "error");
  const info = vi.spyOn(log, "info");
  let counted = 0;
  const clock = { nowMs: 0 };
  const count = (events: number) => {
    counted += events;
  };
  const trouble = new PublishTrouble(log, count, () => clock.nowMs);
  return { trouble, clock, error, info, counted: () => counted };
}

test("every event is counted, and ten seconds of trouble are one line", () => {
  const { trouble, clock, error, counted } = open();

  for (let second = 0; second <= 10; second++) {
    clock.nowMs = second * 1_000;
    trouble.failed(2, new Error("stream is full"));
  }

  expect(counted()).toBe(22);
  expect(error.mock.calls.map(([details]) => (details as { events: number }).events)).toEqual([
    2, 20,
  ]);
});

test("the end of trouble is said once, and the next trouble at once", () => {
  const { trouble, error, info } = open();
  trouble.passed();
  expect(info).not.toHaveBeenCalled();

  trouble.failed(1, new Error("away"));
  trouble.passed();
  trouble.passed();
  trouble.failed(1, new Error("away again"));

  expect(info).toHaveBeenCalledTimes(1);
  expect(error).toHaveBeenCalledTimes(2);
});
