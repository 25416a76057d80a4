import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const random = "kQ7zX2mN9pL4vT8wR3yA6bC1dE5fG0hJ";

test.each([
  ["a setter", 'pool.setUsername("wms"); pool.setPassword("p3bbles");', "p3bbles"],
  ["a setter of PHP", "$mail->setPassword('hello-world');", "hello-world"],
  ["a credential", 'new NetworkCredential("svc", "Mint-44x", "CORP")', "Mint-44x"],
  ["a stack trace", "#0 /a.php(7): PDO->__construct('mysql:host=x', 'shop', 'pebble')", "pebble"],
  [
    "a connection",
    'DriverManager.getConnection("jdbc:mysql://h/d", "u", "p1neapple")',
    "p1neapple",
  ],
  ["mail", 'smtp.PlainAuth("", "bot@x.cn", "smtpw0rd", "smtp.x.cn")', "smtpw0rd"],
  ["a client", `new OSSClient("oss-cn", "id", "${random}")`, random],
  ["a console", 'client.connect("10.0.0.2", 22, "root", "Vps#2024x")', "Vps#2024x"],
  ["an argument list", 'command: ["redis-cli", "-a", "pineap1", "ping"]', "pineap1"],
  ["audit", 'type=EXECVE argc=3 a0="mysql" a1="-uroot" a2="-pS3cret1"', "S3cret1"],
  ["a parameter", '[{"ParameterKey":"DbPassword","ParameterValue":"apple"}]', "apple"],
  ["an option", "Namespace=aws,OptionName=DB_PASSWORD,Value=rdsPear8", "rdsPear8"],
  ["a value before its name", '{"value":"grape88","key":"smtp_password"}', "grape88"],
  ["a store", "aws ssm put-parameter --name /a/redis/password --value orange7", "orange7"],
  ["a type", "put-parameter --name /a/x --type SecureString --value 'x.9*jn'", "x.9*jn"],
  ["Oracle", 'expdp scott/"Ti@ger/81"@ORCL dumpfile=s.dmp', "ger/81"],
  ["a remote desktop", "xfreerdp /u:a /p:'Rdp Moon 1' /v:h", "Moon 1"],
  ["a broker", "mosquitto_pub -h h -u s -P b33hive! -t t/1", "b33hive!"],
  ["an object store", `obsutil config -i=AK -k=${random} -e=x`, random],
  ["an item of Zabbix", "zabbix_get -k 'mysql.ping[tcp://h,zbx,zbxM0n!]'", "zbxM0n!"],
])("an argument that is a secret is hidden: %s", (_, text, secret) => {
  expect(redact(text).text).not.toContain(secret);
});

test.each([
  'login("alice", "Welcome back")',
  't.Error("password", "must not be empty")',
  'getPassword("db"); findByToken("refresh_token")',
  'client.connect("10.0.0.1", 6379)',
  'build("web", "Release-2024.1"); connect("mqtt", "Topic-A1"); open("report", "Q3-2024")',
  "account-service/AuthV2Handler ok",
  'createClient("redis://cache:6379", "orders-v2")',
  'command: ["sh", "-c", "exec node main.js"]',
  "sqlplus / as sysdba",
  "vfs.fs.size[/,pfree] rows[10.0.0.1,root,centos7]",
  '{"Name":"SECRET_NAME","Value":"db"}',
  "aws ssm put-parameter --name /a/url --value https://x.example.net/z",
])("stays: %s", (text) => {
  expect(redact(text).text).toBe(text);
});

test("calls within calls without an end are read once", () => {
  const started = performance.now();
  redact("login(".repeat(5_000));
  redact("auth('".repeat(5_000));
  redact('setPassword("'.repeat(5_000));
  redact('["a","-p",'.repeat(5_000));
  redact('a0="a" a1="-p" '.repeat(3_000));
  expect(performance.now() - started).toBeLessThan(4_000);
});
