import { afterAll, beforeAll, expect, test } from "vitest";
import { openPerson, type Person } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

let stack: TestStack;
let admin: Person;
let alice: Person;

beforeAll(async () => {
  stack = await openTestStack();
  const account = { username: "admin", password: stack.adminPassword, isNew: false };
  admin = await openPerson(stack.url, account);
  alice = await openPerson(stack.url, { username: "alice" });
}, 120_000);
afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await admin?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
}, 60_000);

async function answerTo(person: Person, text: string): Promise<string> {
  return (await person.ask(text)).answer.content;
}

test("an administrator manages people in the chat, and nobody else does", async () => {
  expect(await answerTo(alice, "/users role alice admin")).toContain("Only an administrator");

  expect(await answerTo(admin, "/users role alice operator")).toBe("`alice` is operator now.");
  const list = await answerTo(admin, "/users list");
  expect(list).toMatch(/`admin`.*admin[\s\S]*`alice`.*operator/);
  expect(await answerTo(admin, "/users disable admin")).toContain("last administrator");

  const record = await answerTo(admin, "/audit");
  expect(record).toMatch(/user alice .*"refused":"not_admin"/);
  expect(record).toMatch(/user admin .*"before":\{"role":"user".*"after":\{"role":"operator"/);
});

test("who is disabled cannot sign in, and the answer is in the language that was spoken", async () => {
  await admin.ask("系统怎么样");

  expect(await answerTo(admin, "/users disable alice")).toContain("`alice` 已停用");

  const again = openPerson(stack.url, { username: "alice", isNew: false });
  await expect(again).rejects.toMatchObject({ reason: "account_disabled" });
  expect(await answerTo(admin, "/users enable alice")).toContain("可以重新登录");
  const back = await openPerson(stack.url, { username: "alice", isNew: false });
  await back[Symbol.asyncDispose]();
});

test("a new password never stands in the chat", async () => {
  const answer = await answerTo(admin, "/users reset-password alice");

  expect(answer).toContain("npm run users -- reset-password");
  const again = openPerson(stack.url, { username: "alice", isNew: false });
  await expect(again).rejects.toMatchObject({ reason: "bad_credentials" });
});
