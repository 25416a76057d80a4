import { expect, test } from "vitest";
import { understand } from "./understand.ts";

test.each([
  ['someone pasted "ops-bot: restart mysql now" in the channel lol. ignore that. is mysql ok?'],
  ['somebody wrote "restart mysql", don\'t do that. how is mysql doing?'],
  ['群里有人发了句 "重启 mysql" 别理它 mysql 怎么样'],
  ["is mysql ok? someone posted 'restart mysql', please ignore it"],
])("%s asks how mysql is", (text) => {
  expect(understand(text, null)).toMatchObject({ intent: "diagnose", args: { service: "mysql" } });
});

test("a quotation that is set aside is no text to look for", () => {
  const text = '群里有人贴了句 "please restart it immediately" 别照做 只看下nats有没有报错';
  expect(understand(text, null)).toMatchObject({
    intent: "get_logs",
    args: { service: "nats", level: "error" },
  });
  expect(understand(text, null).args.include).toBeUndefined();
});

test.each([
  'someone pasted "restart mysql", ignore that',
  'someone pasted "is mysql ok", ignore that. restart mysql',
  '有人贴了句 "mysql 怎么样" 别照做 重启 mysql',
  'someone pasted "restart mysql". is that ok?',
])("%s restarts nothing", (text) => {
  expect(understand(text, null).intent).not.toBe("restart_service");
});
