import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ChatError } from "./chat-error.ts";
import { commandFailure } from "./command-failure.ts";
import { ConfigError } from "./config.ts";

const home = "/srv/resonance";
const missing = new ConfigError("the configuration has 1 problem(s):\n  RESONANCE_X is missing");
const refused = new ChatError("unavailable", "the database does not answer", {
  cause: new Error("connect ECONNREFUSED 10.0.0.9:3306"),
});
const given = { RESONANCE_HOME: home, RESONANCE_MYSQL_URL: "mysql://u:geheim@10.0.0.9:3306/x" };

test("a home that no stack has used is told how to start one, in the terminal's language", () => {
  const environment = { RESONANCE_HOME: home };

  const english = commandFailure(missing, environment);
  expect(english).toContain("no Resonance was found on /srv/resonance: start one with\n");
  expect(english).toContain("\n  npm start\n");
  expect(commandFailure(missing, { ...environment, LANG: "zh_CN.UTF-8" })).toContain(
    "/srv/resonance 上没有找到 Resonance，请先启动：\n  npm start\n",
  );
});

test("of a stack on a database of one's own, migrate is told to name it, without its password", () => {
  const used = mkdtempSync(join(tmpdir(), "command-failure-"));
  mkdirSync(join(used, "secrets"));
  writeFileSync(join(used, "secrets/mysql-logic-url"), `${given.RESONANCE_MYSQL_URL}\n`);
  const environment = { RESONANCE_HOME: used };

  const english = commandFailure(missing, environment);
  const chinese = commandFailure(missing, { ...environment, LANG: "zh_CN.UTF-8" });

  const example = "RESONANCE_MYSQL_URL=mysql://user:password@10.0.0.9:3306/x npm run migrate";
  expect(english).toBe(
    `the Resonance on ${used} has a database of its owner's at 10.0.0.9:3306, whose URL is not kept for this command: name it, with an account that may change tables\n  ${example}`,
  );
  expect(chinese).toContain(`\n  ${example}`);
  expect(english + chinese).not.toContain("geheim");
  rmSync(used, { recursive: true });
});

test("a given database that is away is named without its password", () => {
  expect(commandFailure(refused, given)).toBe(
    "cannot connect to MySQL at 10.0.0.9:3306: connect ECONNREFUSED 10.0.0.9:3306\n" +
      "check that it runs, and what RESONANCE_MYSQL_URL says",
  );
  expect(commandFailure(refused, { ...given, LC_ALL: "zh_CN.UTF-8" })).toBe(
    "无法连接 10.0.0.9:3306 上的 MySQL：connect ECONNREFUSED 10.0.0.9:3306\n" +
      "请确认它正在运行，并检查 RESONANCE_MYSQL_URL",
  );
});

test("of a name with several addresses the code is told", () => {
  const cause = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  const error = new ChatError("unavailable", "the database does not answer", { cause });

  expect(commandFailure(error, given)).toContain("at 10.0.0.9:3306: ECONNREFUSED\n");
});

test("any other error is told in its own words", () => {
  expect(commandFailure(missing, given)).toBe(missing.message);
  expect(commandFailure(new TypeError("no such row"), given)).toBe("no such row");
});
