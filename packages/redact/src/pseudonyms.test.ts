import { expect, test } from "vitest";
import { Pseudonyms } from "./pseudonyms.ts";

const open = () => new Pseudonyms({ key: "session one", hosts: ["db-host-7"] });

test.each([
  ["an address", "connect to 10.20.30.40:3306 failed", "10.20.30.40"],
  ["an address of version 6", "peer 2001:db8::8a2e:370:7334 gone", "2001:db8::8a2e:370:7334"],
  ["an e-mail address", "mail to alice@example.com bounced", "alice@example.com"],
  ["a host", "lookup db-1.prod.example.com failed", "db-1.prod.example.com"],
  [
    "a host in the cluster",
    "dial logic.im.svc.cluster.local refused",
    "logic.im.svc.cluster.local",
  ],
  ["a host known by name", "running on db-host-7 now", "db-host-7"],
  ["an account", "account id: 123456789012 over quota", "123456789012"],
])("%s gets another name, and gets it back", (_, text, original) => {
  const pseudonyms = open();

  const hidden = pseudonyms.hide(text);

  expect(hidden).not.toContain(original);
  expect(pseudonyms.reveal(hidden)).toBe(text);
});

test("a name is the same in every process of a session, and another in another session", () => {
  expect(open().hide("10.20.30.40")).toBe(open().hide("10.20.30.40"));
  expect(new Pseudonyms({ key: "session two" }).hide("10.20.30.40")).not.toBe(
    open().hide("10.20.30.40"),
  );
});

test.each([
  "listening on 127.0.0.1:8080 and localhost",
  "at start.ts:12 in gateway.log, version 1.2.3.4-rc1",
  "2026-11-26T10:11:12.345Z took 12:34:56",
  "msg_id=7421152536297500675 seq_id=12",
])("%s stays", (text) => {
  expect(open().hide(text)).toBe(text);
});

test("a name nobody gave stays as it is", () => {
  expect(open().reveal("ask host-abcdef")).toBe("ask host-abcdef");
});
