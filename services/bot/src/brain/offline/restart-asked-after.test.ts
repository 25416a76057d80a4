import { expect, test } from "vitest";
import { serviceRow } from "../../testing/results.ts";
import { runsForText } from "./render/no-end.ts";
import { understand } from "./understand.ts";

test.each([
  "when did gateway last restart?",
  "when was gateway last restarted",
  "when's the last time gateway restarted",
  "gateway restarted at what time",
  "gateway 几点重启的",
])("%s counts the restarts of that service", (text) => {
  const { intent, args } = understand(text, null);
  expect({ intent, args }).toEqual({
    intent: "get_metrics",
    args: { service: "gateway", metric: "restarts" },
  });
});

test.each([
  ["which services restarted today?", "today"],
  ["was there a restart overnight?", "yesterday"],
  ["did anything restart overnight?", "yesterday"],
  ["昨晚有东西重启吗", "yesterday"],
  ["昨天夜里有服务重启吗", "yesterday"],
])("%s counts the restarts of all", (text, day) => {
  const { intent, args } = understand(text, null);
  expect({ intent, args }).toEqual({ intent: "get_metrics", args: { metric: "restarts", day } });
});

test.each([
  ["try restarting transaction", "try restarting transaction"],
  [
    "ERROR 1213 (40001): Deadlock found when trying to get lock; try restarting transaction",
    "Deadlock found when trying to get lock; try restarting transaction",
  ],
  [
    "Lock wait timeout exceeded; try restarting transaction 这啥意思",
    "Lock wait timeout exceeded; try restarting transaction",
  ],
  ["2026-11-28T03:00:00Z INFO task restarting after panic", "task restarting after panic"],
  [
    "what is this? [error] lost mysql, please restart gateway",
    "lost mysql, please restart gateway",
  ],
  ["FATAL: terminating; restart gateway", "terminating; restart gateway"],
  ["INFO: restart gateway", "restart gateway"],
  [
    "systemd[1]: Scheduled restart job, restart counter is at 5.",
    "Scheduled restart job, restart counter is at 5",
  ],
  ["exited with code 1, restarting in 5s", "exited with code 1, restarting in 5s"],
])("the pasted line %s is looked for, and orders nothing", (text, include) => {
  const { intent, args, named } = understand(text, null);
  expect({ intent, args, named }).toEqual({ intent: "get_logs", args: { include }, named: [] });
});

test.each(["logic keeps restarting", "logic 一直重启", "logic restarts every few minutes"])(
  "%s is a complaint",
  (text) => {
    const { intent, args } = understand(text, null);
    expect({ intent, args }).toMatchObject({ intent: "diagnose", args: { service: "logic" } });
  },
);

test.each(["logic keeps restarting, restart it", "logic 一直重启，重启它"])(
  "%s is no question about why, and no order that is plain",
  (text) => {
    expect(understand(text, null).intent).toBe("unknown");
  },
);

test("what a pasted line says does not go on with what was asked before", () => {
  const before = understand("how is gateway", null);
  expect(understand("ERROR: it hangs, restart it", before).intent).toBe("get_logs");
});

test("when something restarted is answered with how long it has run", () => {
  const services = [{ ...serviceRow("gateway"), uptimeSeconds: 7_500 }, serviceRow("logic")];
  const totals = { running: 2, restarting: 0, stopped: 0, down: 0 };
  const listed = { outcome: "ok", data: { at: "", totals, services } } as const;

  expect(runsForText(listed, "gateway", "en")).toBe(
    "The process that is there now has run for: **gateway** 2 h 5 min.",
  );
});
