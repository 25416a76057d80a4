import { expect, test } from "vitest";
import { proposalAnswer } from "./proposal-commands.ts";

test("who sees no card is told what decides a proposal, in both languages", () => {
  const told = { proposal: "k3x9pq", mention: "" };

  expect(proposalAnswer(told, "en")).toBe(
    "It is proposed as `k3x9pq`. Nothing has changed, and nothing will before an administrator approves it. Its card in the chat has the details and the buttons; `/approve k3x9pq` and `/reject k3x9pq` decide as well.",
  );
  expect(proposalAnswer(told, "zh")).toBe(
    "已提出提案 `k3x9pq`。现在什么都没有改变；管理员批准后才会执行。详情和按钮在聊天里的卡片上，也可以发 `/approve k3x9pq` 或 `/reject k3x9pq` 来决定。",
  );
});

test("in a group the commands have the mention that they need", () => {
  expect(proposalAnswer({ proposal: "k3x9pq", mention: "@ops-bot " }, "en")).toContain(
    "`@ops-bot /approve k3x9pq` and `@ops-bot /reject k3x9pq`",
  );
});
