import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const word = "q7Zx2Kp9Lm4V";
const hex = "d98088ebf295de92f5ed59820b9249e7";
const id = "73543634-9bce-4abe-a7e5-984e67a6549f";
const base64 = "CD1MjxOsp8CsrKdLV1UW47GTj17ZlHYCD7ktoShzBwL";
const mixed = "Gasp3Element!65";

test.each([
  ["a variable that is set in a shell", `setx JENKINS_API_TOKEN "${hex}" /M`, hex],
  ["a default of Terraform", `variable "db_password" {\n  default = "${word}"\n}`, word],
  ["a private JWK", `{"kty":"EC","x":"GAmi4f2kT8gvszH3","d":"${base64}"}`, base64],
  ["an AppRole", `{"secretId":"${id}","mount":"approle"}`, id],
  ["what a command printed", `$ kubectl get secret db -o json | base64 -d\n${word}`, word],
  ["a user of etcd", `etcdctl --user root:${word} get /registry`, word],
  ["a reset link", `https://sso.local/reset-password?code=${hex}`, hex],
  ["Oracle's address", `jdbc:oracle:thin:scott/${word}@//ora-1:1521/ORCL`, word],
  ["an address in an address", `https%3A%2F%2Fops%3A${word}%40git.local%2Frepo.git`, word],
  ["what was tried", `password authentication failed for user "ods" (tried "${mixed}")`, mixed],
  ["a list", `unseal_keys_b64:\n- ${base64}\n- x${base64}\nsealed: false`, base64],
  ["a numbered name", `Unseal Key 1: ${base64}`, base64],
  ["a line of passwd", `ftpuser:${word}:1001:1001::/srv/ftp:/sbin/nologin`, word],
  ["a pair in code", `requests.get(url, auth=('metrics', '${word}'), timeout=5)`, word],
  ["a rule of Redis", `user ops on #${hex}${hex} ~* +@all`, hex],
  ["an option of ssh-keygen", `ssh-keygen -p -P '${mixed}' -f id_rsa`, mixed],
  ["what is sent to a prompt", `expect "password:"; send "${word}\\r"`, word],
  ["a seed in hex", `HD seed=${hex}${hex}`, hex],
  ["the old one", `The license secret was changed from ${word} to ${mixed}`, word],
  ["the new one", `The license secret was changed from ${word} to ${mixed}`, mixed],
  [
    "basic without a name",
    `Authorization: Basic Yxl2saUS3LMBDGypHdYn\nnext`,
    "Yxl2saUS3LMBDGypHdYn",
  ],
  ["tokens of one level", `acl: {enabled: true, tokens: {agent: ${id}}}`, id],
  ["tokens on lines", `tokens:\n  agent: ${id}\nport: 8500`, id],
  ["an output", `{"db_pass":{"sensitive":true,"value":"${word}x8"}}`, word],
  ["a token as a name", `curl -u ${hex}: https://api.local/charges`, hex],
  ["a key of IPsec", `%any : PSK "${word}"`, word],
  ["what is piped", `echo "${word}" | kinit admin`, word],
  ["the second of two", `snmpwalk -v3 -u ops -A ${mixed} -X ${word} 10.1.1.1`, word],
  ["a share", `net use Z: \\\\nas\\ops ${word} /user:corp\\bk`, word],
  ["a table", `| id | api_secret   |\n+----+--------------+\n|  7 | ${word} |`, word],
  ["a note in parentheses", `私钥（波场）${hex}${hex}`, hex],
  ["behind its use", `I set the IPMI one to ${mixed} as the password`, mixed],
  ["the possessive", `the DB pass's ${word}`, word],
  ["one of two names", `You need the PIN/secret ${word}QenIGY to pair`, word],
  ["with its user", `服务器 10.3.3.3 root/${mixed} 你先登上去看`, mixed],
  ["a login and its password", `use login ops / ${word} for the switch`, word],
  ["a changed one", `root 的 pwd 改成了 ${word}，大家注意`, word],
  ["another alphabet", "新密码为「пароль6401regret」，别外传", "пароль6401regret"],
  ["the same as before", `密码还是老的那个 ${mixed}`, mixed],
  ["cut in two", `"token": "${hex}" \\\n  "2e84caf3556dc4d06133fe1c26e5ef8c"`, "2e84caf3556d"],
])("%s", (_, text, secret) => {
  expect(redact(text).text).not.toContain(secret);
});

test.each([
  "invalid token: signature mismatch (kid=2025-10)",
  'password = data.vault_generic_secret.db.data["password"]',
  "redis://:<password>@host:6379",
  "password: !vault |",
  "token: your-token-here",
  "passwd: (hidden)",
  'def refresh_token(self, token): return self._post("/refresh", token=token)',
  "tokens = tokenizer.encode(text); print(len(tokens))",
  "for k, v := range secrets { delete(secrets, k) }",
  "password := os.Args[1]",
  "ALTER TABLE users ADD COLUMN password_hash varchar(100) NOT NULL;",
  'npm ERR! code E401 Unable to authenticate, need: Basic realm="nexus"',
  "kafka record key=ChJvcmRlci52MS5PcmRlckV2ZW50Egh1YmxlbnJtdA== partition=4",
  "Password: ●●●●●●●●",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as shells write it
  "password: ${DB_PWD:?required}",
  'read -s -p "Password: " PW',
  "secret: {secretName: gw-tls, defaultMode: 420}",
  "existingSecret: mysql-auth",
  "csrf_header: X-CSRF-Token",
  "- secretKey: password",
  "export const selectApiKeys = (state) => state.settings.apiKeys;",
  'public static final String HEADER_AUTHORIZATION = "Authorization";',
])("stays: %s", (text) => {
  expect(redact(text).text).toBe(text);
});

test("a certificate stays, beside a key that goes", () => {
  const certificate = `-----BEGIN CERTIFICATE-----\nMIIB${"aB3dE6gH9jK2mN5p".repeat(4)}\n-----END CERTIFICATE-----`;
  const key = `-----BEGIN PRIVATE KEY-----\nMIIE${"q7Zx2Kp9Lm4Vt8Rw".repeat(4)}\n-----END PRIVATE KEY-----`;

  const { text } = redact(`${certificate}\n${key}`);

  expect(text.startsWith(certificate)).toBe(true);
  expect(text).not.toContain("q7Zx2Kp9");
});
