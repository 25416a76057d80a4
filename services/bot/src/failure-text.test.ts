import { expect, test } from "vitest";
import { type Failure, failureText, withPartialText } from "./failure-text.ts";

const failures = [
  "busy",
  "too_long",
  "key_problem",
  "timed_out",
  "refused",
  "offline",
  "budget",
  "failed",
  "deadline",
] as const satisfies readonly Failure[];
const details = { correlationId: "1a2b3c4d", deadlineMs: 300_000 };

test.each(failures)("%s has a sentence of its own in each language, with the id", (failure) => {
  const zh = failureText(failure, "zh", details);
  const en = failureText(failure, "en", details);
  expect(zh).toMatch(/\p{Script=Han}.*（编号 1a2b3c4d）$/u);
  expect(en).toMatch(/^[^\p{Script=Han}]*\(reference 1a2b3c4d\)$/u);
  const others = failures.filter((other) => other !== failure);
  expect(others.map((other) => failureText(other, "en", details))).not.toContain(en);
});

test("what was said before is kept, and marked as broken off", () => {
  const text = withPartialText("The gateway is", failureText("busy", "en", details), "en");
  expect(text).toMatch(/^The gateway is …\n\n_The answer breaks off here\._ Sorry/);
  expect(withPartialText(" \n", "Sorry.", "en")).toBe("Sorry.");
});

test.each(["busy", "timed_out", "offline", "deadline"] as const)(
  "%s names commands that answer at once, without the model",
  (failure) => {
    expect(failureText(failure, "zh", details)).toContain("`/diagnose`");
    expect(failureText(failure, "en", details)).toContain("`/diagnose`");
  },
);
