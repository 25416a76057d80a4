import { expect, test } from "vitest";
import { redact } from "./redact.ts";
import { StreamRedactor } from "./stream-redactor.ts";

const word = "Kestrel_moor4417";
const hex = "7be1c0925f4d83a6e2019cb47d5f38aa";
const seed = "N5QXE4DBNRUW4ZLP";
const spelled = "kq3d w7rt mz2x 5vph";
const tail = "Vb7Kd2Rm";

test.each([
  ["what an expression falls back to", `const token = env.API_TOKEN ?? "${word}";`, word],
  ["an or of Python", `SECRET_KEY = os.environ.get("SECRET_KEY") or '${word}'`, word],
  ["an Elvis operator", `val password = System.getenv("PW") ?: "${word}"`, word],
  ["a default of a template", `db_password: "{{ pw | default('${word}', true) }}"`, word],
  ["what a substitution prints", `DB_PASSWORD=$(printf '%s' "${word}")`, word],
  ["a here-string", `read -r DB_PASSWORD <<< '${word}'`, word],
  ["a key in hex behind an option", `agent join --gossip-key ${hex}`, hex],
  ["a key in hex that words name", `Using certificate key:\n${hex}${hex}`, hex],
  ["a salt", `LOGGED_IN_SALT='${hex}'`, hex],
  ["a key of a merchant", `mch_key=${hex}`, hex],
  ["a literal of any name", `kubectl create secret generic x --from-literal=conn=${hex}`, hex],
  [
    "a literal on a further line",
    `oc create secret generic x \\\n --from-literal=a='${word}'`,
    word,
  ],
  ["a generator", `secretGenerator:\n- name: x\n  literals:\n  - a=b1c2d3\n  - c=${word}`, word],
  ["the second of a store", `fly secrets set FOO=${hex} BAR=${word}`, word],
  ["a store of Vault", `vault kv put secret/im conn=${word}`, word],
  ["a body", `gh secret set CONN --body "${hex}"`, hex],
  ["a seed that is typed", `Enter this key by hand in your authenticator: ${spelled}`, "w7rt mz2x"],
  ["a seed in capitals", `2FA 备用: ${spelled.toUpperCase()}`, "W7RT MZ2X"],
  ["a seed of a command", `oathtool -b --totp=sha256 "${seed}"`, seed],
  ["a seed of a call", `pyotp.TOTP('${seed}').now()`, seed],
  ["a seed in hex", `HOTP/T30/6 alice - ${hex}`, hex],
  ["a seed in Chinese", `动态口令种子 ${seed}`, seed],
  ["an escaped quote", `export DB_PASSWORD='a1b2c3'\\''${tail}'`, tail],
  ["a quote in quotes", `sshpass -p 'a1b2c3'"'"'${tail}' ssh x`, tail],
  ["a doubled quote", `ALTER ROLE x PASSWORD 'a1b2c3''${tail}';`, tail],
  ["pieces in different quotes", `DB_PASSWORD="a1b2c3"'${tail}'`, tail],
  ["a plain piece behind quotes", `A=1 DB_PASSWORD='a1 b2'${tail} B=2`, tail],
  ["an escaped quote in a plain word", `DB_PASSWORD=a1b2\\"${tail}`, tail],
  ["a word where a type could stand", "(user: ops, password: hunterpw) => refused", "hunterpw"],
  ["a sign of money before it", "password: $unny4Day", "unny4Day"],
  ["signs around it", "password: @Db_2024@", "Db_2024"],
  ["a note before an arrow", "password(prod) -> hunter2x", "hunter2x"],
])("no sibling of a secret is left: %s", (_, text, secret) => {
  expect(redact(text).text).not.toContain(secret);
});

const certificate = Buffer.from(
  `-----BEGIN CERTIFICATE-----\nMIIB${"aB3dE6gH9jK2mN5p".repeat(6)}\n-----END CERTIFICATE-----\n`,
).toString("base64");
const digest = `${hex}${hex}`;

test.each([
  `certificate-authority-data: ${certificate}`,
  `caBundle: ${certificate}`,
  `  checksum/secret: ${digest}`,
  "password: ~\nuser: x",
  "token 有效期: 2025-06-01 10:00:00 ~ 2025-06-02 10:00:00",
  "令牌过期时间: 2025-06-01T10:00:00Z",
  'kube_secret_type{secret="gw-tls",type="kubernetes.io/tls"} 1',
  'curl -H "PRIVATE-TOKEN: $TOKEN" "$API_V4_URL/groups"',
  "password: \"%{lookup('db::password')}\"",
  "password: ((db-password))",
  "password: __DB_PASSWORD__",
  "password: ref+awsssm://prod/db/password",
  "password: !var prod/db/password",
  "password => $mysql::params::root_password,",
  "PGPASSWORD=$DB_PASS psql",
  "--private-key=~/.ssh/id_rsa_prod2 -u ops",
  "private_key=/opt/app/keys/prod_2024.pem",
  "def set_token(self, token: str) -> None:",
  "fn check(password: &str) -> bool {",
  "Set-Cookie: theme=dark; Path=/; Max-Age=600",
  "Cookie: lang=en-GB; tz=Asia/Shanghai",
  "echo 'dGhlIGRlcGxveSBpcyBkb25lIG5vdwo=' | base64 -d",
  `--discovery-token-ca-cert-hash sha256:${digest}`,
  `cache_key=${hex} content_key: ${hex}`,
  "kubectl create secret generic x --from-literal=foo=$FOO --from-literal=user=admin",
  'const token = process.env.TOKEN ?? "";',
  'token = headers.get("X-Token") or args.get("token")',
  "two-factor authentication is required for team four from this week",
])("stays: %s", (text) => {
  expect(redact(text).text).toBe(text);
});

const lines = ["q7Zx2Kp9Lm4Vt8Rw3Ny6".repeat(3), "Rw3Ny6q7Zx2Kp9Lm4Vt8".repeat(3), "c3VmZml4QQ="];

test.each([
  ["syslog", "Mar 11 08:12:44 host app[1]: ", ""],
  ["logfmt", "t=2025-03-11T08:12:44+0000 lvl=info msg=", ""],
  ["quoted logfmt", 'level=info msg="', '"'],
  ["JSON", '{"ts":1741680764,"msg":"', '"}'],
  ["JSON of Docker", '{"log":"', '\\n","stream":"stdout"}'],
  ["code", '  "', '\\n" +'],
  ["a container", "prod/web-7d9f8b5c6-x2k9p/app: ", ""],
])("a key behind the prefixes of %s goes, with its begin and without", (_, before, behind) => {
  const block = ["-----BEGIN EC PRIVATE KEY-----", ...lines, "-----END EC PRIVATE KEY-----"].map(
    (line) => `${before}${line}${behind}`,
  );
  for (const text of [block.join("\n"), `${block.slice(1).join("\n")}\nnext`]) {
    for (const line of lines) expect(redact(text).text).not.toContain(line);
  }
});

test("a certificate beside a key goes with it, as both begin alike", () => {
  const key = Buffer.from(
    `-----BEGIN PRIVATE KEY-----\nMIIE${"q7Zx2Kp9Lm4Vt8Rw".repeat(6)}\n-----END PRIVATE KEY-----\n`,
  ).toString("base64");
  const { text } = redact(`certificate-authority-data: ${certificate}\nclient-key-data: ${key}`);

  expect(text).not.toContain("LS0tLS1CRUdJTi");
});

test("a session among preferences takes the whole header with it", () => {
  expect(redact("Cookie: lang=en; session=hello; tz=UTC").text).not.toContain("hello");
});

test("a stored secret that straddles two chunks goes", () => {
  const redactor = new StreamRedactor();
  const text = `kubectl create secret generic x --from-literal=conn=${hex}\n`;

  const result =
    redactor.write(text.slice(0, 70)) + redactor.write(text.slice(70)) + redactor.end();

  expect(result).not.toContain(hex.slice(8));
});

test("quotes, commands and groups without an end are read once", () => {
  const started = performance.now();
  redact(`PASSWORD=${"'a'\\''".repeat(10_000)}`);
  redact(`PASSWORD=${`"a"'b'`.repeat(10_000)}`);
  redact("password = a ? b : ".repeat(5_000));
  redact("kubectl create secret generic --from-literal=a ".repeat(3_000));
  redact("vault kv put secret/a ".repeat(3_000));
  redact("abc2 ".repeat(20_000));
  redact("ABCD".repeat(20_000));
  redact('x{secret="a",'.repeat(6_000));
  redact("checksum/secret: ".repeat(6_000));
  expect(performance.now() - started).toBeLessThan(4_000);
});
