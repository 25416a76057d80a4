import { expect, test } from "vitest";
import { openProposals, proposalOf } from "./proposals.ts";

const bot = "ops-bot";
const of = (fromUsername: string, content: string) => ({ fromUsername, content });
const shown = of(bot, "**Proposal `k3x9pq`: restart task**\n\nApprove: `/approve k3x9pq`");
const done = of(bot, "**Proposal `k3x9pq`: done** · restart task (ada)");

test("the bot's card is one, in both languages, and nobody else's is", () => {
  expect(proposalOf(shown, bot)).toBe("k3x9pq");
  expect(proposalOf(of(bot, "**提案 `k3x9pq`：重启 task**"), bot)).toBe("k3x9pq");
  expect(proposalOf(of("eve", shown.content), bot)).toBeUndefined();
  expect(proposalOf(of(bot, `somebody wrote ${shown.content}`), bot)).toBeUndefined();
  expect(proposalOf(done, bot)).toBeUndefined();
});

test("a proposal is open until its outcome is said or its reader decides", () => {
  expect([...openProposals([shown], { bot, me: "ada" })]).toEqual(["k3x9pq"]);
  expect([...openProposals([shown, done], { bot, me: "ada" })]).toEqual([]);
  expect([
    ...openProposals([shown, of("ada", "@ops-bot /approve k3x9pq")], { bot, me: "ada" }),
  ]).toEqual([]);
  expect([
    ...openProposals([shown, of("ada", "what is /approve other99 for?")], { bot, me: "ada" }),
  ]).toEqual(["k3x9pq"]);
  // Who may not decide takes nobody's buttons away.
  expect([...openProposals([shown, of("eve", "/approve k3x9pq")], { bot, me: "ada" })]).toEqual([
    "k3x9pq",
  ]);
});
