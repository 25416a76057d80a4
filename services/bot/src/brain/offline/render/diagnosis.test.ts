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

function toldNow(beside: string | undefined, language: "zh" | "en", service: string | null = null) {
  const looks = [{ what: "logs" as const, at: ["logic"] }];
  const data = { at: "", service, window: windowOf({}), findings: [], looks };
  return renderDiagnosis({ outcome: "ok", data }, language, beside);
}

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
  expect(toldNow(undefined, "en")).toMatch(/^Nothing is wrong/);
});

test("no fault found is no answer to what may be about something else", () => {
  expect(toldNow("disk full?", "en")).toMatch(
    /^I found no fault in what I can look at, which is named below\. That may not answer what you asked: `disk full\?`\.\n\nYou could ask next: "/,
  );
  expect(toldNow("mysql 的备份好了吗", "zh", "mysql")).toMatch(
    /^在我能查的范围里，\*\*mysql\*\* 没有发现故障（查了什么见下）。这不一定回答了你问的：`mysql 的备份好了吗`。\n\n接下来可以问：「mysql 最近 1 小时的日志」/,
  );
});
