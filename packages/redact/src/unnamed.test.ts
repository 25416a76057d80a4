import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const run = "kQ7zX2mN9pL4vT8wR3yA6bC1dE5fG0hJ";
const digest = "db869cf00155f38472297b59edc6afb6";

test.each([
  ["in a sentence", `use ${run} for now`, run],
  ["in a path", `curl https://app.example.net/join/${run}/go`, run],
  ["as an argument", `importprivkey "${run}" "hot"`, run],
  ["the key of an address", `https://h/notify?mch=1602&key=${digest} failed`, digest],
  ["sk of a cloud", `旧 sk=${run} 停用`, run],
  ["an anchor", 'x-db-pass: &dbpass "3x6ov7zyowXc$w"', "3x6ov7zyowXc$w"],
  ["hashes of Windows", `Admin:500:aad3b435b51404eeaad3b435b51404ee:${digest}:::`, digest],
  ["a hook", "POST /services/TFQX514DI87/BHQHQKRK9FC/Ga1vMcfvCgyKDQix1R", "Ga1vMcfvCgyKDQix1R"],
])("a secret without a name of its own is hidden: %s", (_, text, secret) => {
  expect(redact(text).text).not.toContain(secret);
});

test.each([
  `etag: ${run}`,
  `request-id: ${run}`,
  `consumer amq.ctag-${run}`,
  `nextCursor=${run}`,
  `https://docs.example.net/document/d/${run}/edit`,
  "at org.example.payment.AbstractHttp2ConnectionManagerFactoryBean",
  "UPDATE users SET password = $1 WHERE id = $2",
  "daemon:*:19000:0:99999:7:::",
  "密码:********(已脱敏)",
  "password: ENC[AES256_GCM,data:QbEw1vFLeWg5MwHD,iv:hFp+YpZPeP0huAygskoS/OpbugDUWn7eOAmjl=,type:str]",
  "DB_PASS: '{{resolve:ssm-secure:/prod/db/pw:3}}'",
  `您的验证码为${"$"}{code},5分钟内有效`,
  "sessionKey: agent:main:group:-100233",
  "sessionid = 0x10007c2b3f40003, negotiated timeout = 40000",
  "arn:aws:secretsmanager:ap-east-1:330119306708:secret:prod/pg-Ab3xQz",
  "审计:用户 wangwei 查看了密钥 prod/db(未导出明文)",
])("stays: %s", (text) => {
  expect(redact(text).text).toBe(text);
});
