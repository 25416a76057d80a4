import { expect, test } from "vitest";
import { stopDecision } from "./stop-signals.ts";

test("Ctrl-C under npm, which comes twice, stops in order", () => {
  const decide = stopDecision();

  expect(decide("SIGINT", 1_000)).toBe("stop");
  expect(decide("SIGINT", 1_020)).toBe("ignore");
});

test("a second Ctrl-C ends everything at once", () => {
  const decide = stopDecision();
  decide("SIGINT", 1_000);

  expect(decide("SIGINT", 1_600)).toBe("force");
});

test("a terminal that says again that it has closed forces nothing", () => {
  const decide = stopDecision();
  decide("SIGHUP", 1_000);

  expect(decide("SIGHUP", 5_000)).toBe("ignore");
  expect(decide("SIGTERM", 6_000)).toBe("force");
});
