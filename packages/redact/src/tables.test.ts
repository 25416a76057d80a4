import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const digest = "5f4dcc3b5aa765d61d8327deb882cf99";
const id = "0c1d2e3f-4a5b-4c6d-8e7f-0123456789ab";

test.each([
  ["commas", "user,password\nalice,tiger7\nbob,Wolf99x", "Wolf99x"],
  ["quoted cells", 'name,token\nci,"ab,cd,12345"', "ab,cd,12345"],
  ["tabs", "host\tuser\tpwd\ndb1\troot\tGrape#71a", "Grape#71a"],
  ["Chinese heads", "设备名称,管理地址,登录密码\n交换机,10.0.0.1,kaixin88", "kaixin88"],
  [
    "a name and its password",
    "| 主机 | 账号/密码 |\n| --- | --- |\n| a | ops/kaixin88 |",
    "kaixin88",
  ],
  ["Markdown", "| 系统 | 密码 |\n|---|---|\n| 禅道 | Zen!66 |", "Zen!66"],
  ["psql", ` usename | passwd\n---------+-----\n app | md5${digest}\n(1 row)`, digest],
  ["psql, a row that is too wide", `-[ RECORD 1 ]--\nrolname | a\nrolpassword | ${digest}`, digest],
  ["a frame", "│ user │ password │\n├──────┼──────────┤\n│ root │ mango77 │", "mango77"],
  ["wide blanks", "NAME    USER   PASSWORD\nmaster  root   sunny9", "sunny9"],
  ["names and values", "| 配置项 | 值 |\n|---|---|\n| redis.password | pear42 |", "pear42"],
  ["a UUID", `id|login|secret\n7|app|${id}`, id],
  ["COPY", `COPY a.u (id, pwd_hash) FROM stdin;\n1\t${digest}\n\\.`, digest],
  ["INSERT", "INSERT INTO u (id, `password`) VALUES\n (1,'it''s1'),\n (2,'q9w8e7');", "q9w8e7"],
  [
    "INSERT in Chinese",
    "REPLACE INTO `账户` (`账号`,`口令`) VALUES ('root','haha8812')",
    "haha8812",
  ],
  ["a function", "INSERT INTO u (a,passwd) VALUES ('x', MD5('winter88'))", "winter88"],
  [
    "a dump",
    `CREATE TABLE \`u\` (\n  \`id\` int,\n  \`password\` char(32),\n  PRIMARY KEY (\`id\`)\n);\nINSERT INTO \`u\` VALUES (1,'${digest}');`,
    digest,
  ],
])("the column that names a secret is hidden: %s", (_, text, secret) => {
  expect(redact(text).text).not.toContain(secret);
});

test.each([
  "| Field | Type |\n|---|---|\n| password | varchar(255) |\n| token | varchar(64) |",
  "Field,Type\npassword,varchar\ntoken,text",
  "NAME      SECRETS   AGE\ndefault   0         51d",
  "suite,pass,fail\nunit,120,3",
  "INSERT INTO users (id, password) VALUES ($1, :password), (?, ?)",
  "| 参数 | 说明 |\n|---|---|\n| password | 数据库密码,必填 |",
  "| name | password |\n|---|---|\n| alice | ****** |\n| bob | (unset) |",
  "NAME     STATUS   SECRET\npg-app   Synced   pg-app-credentials",
  "password:  24 bytes\nusername:  5 bytes",
  "checks the user, the password\nand then, logs in again",
])("stays: %s", (text) => {
  expect(redact(text).text).toBe(text);
});

test("a long table without an end is read once", () => {
  const started = performance.now();
  redact("a,password\n".repeat(10_000));
  redact("| pw | a |\n".repeat(10_000));
  redact("insert into a(password) values (".repeat(3_000));
  redact("copy t (password) from stdin\n".repeat(3_000));
  expect(performance.now() - started).toBeLessThan(4_000);
});
