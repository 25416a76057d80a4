import type { Diagnosis, Finding } from "@resonance/ops-mcp";
import { expect, test } from "vitest";
import { windowOf } from "../../../testing/results.ts";
import { renderDiagnosis } from "./diagnosis.ts";

const then: Finding = {
  code: "database_was_down",
  severity: "warning",
  target: "logic",
  facts: { lines: 3 },
  evidence: ["send failed"],
};
const now: Finding = {
  code: "service_down",
  severity: "critical",
  target: "task",
  facts: {},
  evidence: [],
  isOfNow: true,
};

function told(findings: readonly Finding[], language: "zh" | "en"): string {
  const data: Diagnosis = {
    at: "2026-11-22T12:00:00.000Z",
    service: null,
    window: windowOf({ endsNow: false }),
    findings,
    looks: [{ what: "logs", at: ["logic"] }],
  };
  return renderDiagnosis({ outcome: "ok", data }, language);
}

test("of a time that is over it is said which, and what is known of then", () => {
  expect(told([], "en")).toMatch(
    /^Looked at the time \*\*2026-11-22 09:30:00 – 10:30:00 UTC\*\*: log lines .* are of then\. Of processes, status and alerts only the present is known\.\n\nThe log lines of that time show no fault\./,
  );
  expect(told([], "zh")).toMatch(/^看的是这段时间：.*\n\n那段时间的日志里没有发现故障。/);
});

test("what is wrong now is not counted among the faults of then", () => {
  const text = told([then, now], "en");

  expect(text).toContain("One problem: **logic**");
  expect(text).toContain("Wrong now, which need not have to do with that time:\n- 🔴 **task**");
});

test("a window up to now is told as ever", () => {
  const data = {
    at: "",
    service: null,
    window: windowOf({}),
    findings: [],
    looks: [{ what: "logs" as const, at: ["logic"] }],
  };
  expect(renderDiagnosis({ outcome: "ok", data }, "en")).toMatch(/^Nothing is wrong/);
});
