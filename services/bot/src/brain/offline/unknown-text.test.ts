import { expect, test } from "vitest";
import { understand } from "./understand.ts";
import { unknownText } from "./unknown-text.ts";

test.each(["", "thanks", "cancel", "are you there?", "hello, you there?"])(
  "%s gets a word in return, and no list of questions",
  (asked) => {
    expect(unknownText(asked, "en")).toMatch(/^I am here\..*`\/cancel`/);
  },
);

test.each(["在吗", "谢谢", "算了"])("%s is answered in a sentence", (asked) => {
  expect(unknownText(asked, "zh")).toMatch(/^我在。/);
});

test.each(["who restarted what today?", "who approved the restart?"])(
  "%s is shown the way to the record",
  (asked) => {
    expect(unknownText(asked, "en")).toContain("`/proposals`");
  },
);

test.each(["asdf qwer", "现在谁值班", "who is on call?"])(
  "%s is said not to be understood, with examples",
  (asked) => {
    expect(unknownText(asked, "en")).toContain("I did not understand that");
  },
);

test("what was not understood is quoted, and questions to ask instead are offered", () => {
  const text = unknownText("who is on call?", "en");
  expect(text).toContain("`who is on call?` fits none of my rules");
  const offered = [...text.matchAll(/"([^"]+)"/g)].map(([, question]) => question ?? "");
  expect(offered.map((question) => understand(question, null).intent)).toEqual([
    "diagnose",
    "get_logs",
    "list_services",
  ]);
  expect(unknownText("现在谁值班", "zh")).toMatch(
    /^这句我没看懂：`现在谁值班`。.*\n\n接下来可以问：「/,
  );
});

test("of what was not understood a service that it names is known", () => {
  const text = unknownText("does gateway like jazz", "en");
  expect(text).toContain("Of it I know only `gateway`.");
  expect(text).toContain('"diagnose gateway"');
  expect(unknownText("logic 喜欢听歌吗", "zh")).toContain("其中我只认得 `logic`。");
});

test("a secret is not quoted, not even half of one behind the cut", () => {
  const long = `${"please remember this for me ".repeat(2)}and also this AKIAIOSFODNN7EXAMPLE of mine`;
  const text = unknownText(long, "en");
  expect(text).toContain("please remember this for me please remember this for me ");
  expect(text).toContain("…` fits none");
  expect(text).not.toContain("AKIA");
});

test.each([
  ["is it safe to restart logic?", "`/restart logic`"],
  ["restart task once the deploy is done", "`/restart task`"],
  ["重启 nats，算了", "`/restart nats`"],
  ["don't restart anything", "`/restart gateway`"],
])("%s is said to order nothing, with the way to order it", (asked, command) => {
  const answer = unknownText(asked, "en");
  expect(answer).toContain("nothing was restarted");
  expect(answer).toContain(command);
});

test.each(["restart logic and task", "那就重启吧"])("%s is asked back for the service", (asked) => {
  expect(unknownText(asked, "en")).toContain("Which service shall be restarted?");
});
