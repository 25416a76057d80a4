import { expect, test } from "vitest";
import { askSentences } from "./ask-texts.ts";
import { commandToApprove, proposalIn } from "./how-to-decide.ts";

test("an answer that proposes something is told from one that has the commands as examples", () => {
  const proposed = "It is proposed as `k3x9pq`. `/approve k3x9pq` and `/reject k3x9pq` decide.";
  const help = "- `/approve k7m2pq`: approve what has this id\n- `/reject k7m2pq`: reject it";

  expect(proposalIn(proposed)).toBe("k3x9pq");
  expect(proposalIn("也可以发 `/approve k3x9pq` 或 `/reject k3x9pq` 来决定。")).toBe("k3x9pq");
  expect(proposalIn(help)).toBeUndefined();
  expect(proposalIn("by `/approve ID` and `/reject ID`")).toBeUndefined();
});

test("the command to approve goes to where the question went, and as the same person", () => {
  expect(commandToApprove("k3x9pq", { url: undefined, user: "admin" })).toBe(
    'npm run -s ask -- "/approve k3x9pq"',
  );
  expect(commandToApprove("k3x9pq", { url: "http://chat.example:8080", user: "ada" })).toBe(
    'npm run -s ask -- "/approve k3x9pq" --url http://chat.example:8080 --user ada',
  );
});

test("the terminal is told where the chat is, in its language", () => {
  const url = "http://localhost:8080";
  expect(askSentences.en.howToDecide(url, "npm run …")).toBe(
    "the card is in the chat at http://localhost:8080; an administrator can also decide here:\n  npm run …",
  );
  expect(askSentences.zh.howToDecide(url, "npm run …")).toContain(`${url} `);
});
