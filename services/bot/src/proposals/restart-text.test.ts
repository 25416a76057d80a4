import { type RestartEvidence, type RestartObstacle, ToolError } from "@resonance/ops-mcp";
import { expect, test } from "vitest";
import { evidenceText, obstacleText, restartErrorText } from "./restart-text.ts";

// What is between backticks is somebody else's.
const own = (text: string) => text.replaceAll(/`[^`]*`/g, "");
const englishWords = /[a-z]{3,} [a-z]{2,}/i;

test.each<[RestartObstacle, RegExp, RegExp]>([
  [{ kind: "server" }, /^mysql is a server/, /^mysql 是.*不能从这里重启$/],
  [{ kind: "budget", name: "keep-all" }, /`keep-all` allows no/, /`keep-all` 现在不允许/],
])("%j is told in both languages", (obstacle, en, zh) => {
  expect(obstacleText({ id: "mysql", obstacle }, "en")).toMatch(en);
  const chinese = obstacleText({ id: "mysql", obstacle }, "zh") ?? "";
  expect(chinese).toMatch(zh);
  expect(own(chinese)).not.toMatch(englishWords);
});

const process = { kind: "process", pid: 7, startedAt: "2026-01-25T12:00:00Z" } as const;
const rollout = { kind: "rollout", wanted: 3, updated: 2, ready: 1 } as const;

test.each<[RestartEvidence, RegExp, RegExp]>([
  [
    { ...process, state: "running", isNew: true, lastExit: undefined },
    /^task runs as process 7 since/,
    /^task 运行正常，进程号 7，启动于/,
  ],
  [
    { ...process, state: "running", isNew: false, lastExit: undefined },
    /^task is still the process 7/,
    /^task 还是原来的进程 7$/,
  ],
  [
    { ...process, state: "restarting", isNew: false, lastExit: undefined },
    /restarting/,
    /正在重启/,
  ],
  [
    { ...process, state: "stopped", isNew: false, lastExit: "exit code 1" },
    /^task is stopped; it ended with `exit code 1`$/,
    /^task 已停止，上次退出：`exit code 1`$/,
  ],
  [{ kind: "unchanged", generation: "4" }, /generation 4 as before/, /仍是第 4 代/],
  [
    { ...rollout, message: undefined },
    /^2 of 3 updated, 1 ready$/,
    /^共 3 个副本，已更新 2 个，就绪 1 个$/,
  ],
  [{ ...rollout, message: "timed out progressing" }, /; `timed out/, /集群的说明：`timed out/],
])("%j is told in both languages", (evidence, en, zh) => {
  expect(evidenceText("task", evidence, "en")).toMatch(en);
  const chinese = evidenceText("task", evidence, "zh");
  expect(chinese).toMatch(zh);
  expect(own(chinese)).not.toMatch(englishWords);
});

test.each([
  new ToolError("unknown_service", "no service is called tusk", { near: ["task"] }),
  new ToolError("unknown_namespace", "namespace x is not among those", { near: ["prod"] }),
  new ToolError("not_found", "api is no workload that can be rolled out anew"),
  new ToolError("not_configured", "no cluster may be changed from here"),
  new ToolError("changed", "task has changed meanwhile"),
  new ToolError("forbidden", "Kubernetes does not allow it: deployments is forbidden"),
  new ToolError("unreadable", "the list of the stack's services cannot be read"),
  new ToolError("unavailable", "Kubernetes cannot be reached"),
  new ToolError("certificate", "the certificate of Kubernetes has expired"),
  new ToolError("timed_out", "Kubernetes did not answer in time"),
])("$code is told in both languages, with what is near", (error) => {
  const chinese = restartErrorText(error, "zh");
  const english = restartErrorText(error, "en");

  expect(own(chinese)).toMatch(/\p{Script=Han}/u);
  expect(own(chinese)).not.toMatch(englishWords);
  expect(english).not.toMatch(/\p{Script=Han}/u);
  for (const name of error.near) {
    expect(chinese).toContain(name);
    expect(english).toContain(name);
  }
});
