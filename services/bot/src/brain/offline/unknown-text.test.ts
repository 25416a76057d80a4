import { expect, test } from "vitest";
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
