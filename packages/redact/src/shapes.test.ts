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
  ["HAProxy's statistics", `  stats auth monitor:${word}`, word],
  ["a plugin of Caddy", `tls {\n  dns cloudflare ${base64}\n}`, base64],
  ["an output of Terraform", `$ terraform output -raw rds_admin_pw\n${mixed}`, mixed],
  ["Consul's gossip key", `encrypt = "${base64}="\ndatacenter = "fra1"`, base64],
  ["a digest of ZooKeeper", `addauth digest super:${word}`, word],
  ["a user of Kafka", `  user_app="${word}";\n};`, word],
  ["a rule that is set", `ACL SETUSER worker on >${word} ~jobs:* +@all`, word],
  ["what Redis found slow", `[0 10.2.3.4:51234] "AUTH" "default" "${mixed}"`, mixed],
  ["a user of PgBouncer", `"app_rw" "md5${hex}"\n"stats" ""`, hex],
  ["a community", `rocommunity lemon0572 10.0.0.0/8`, "lemon0572"],
  ["a key of a router", `tacacs-server key 7 0433DFA92CFBE7C9AE`, "0433DFA92CFBE7C9AE"],
  [
    "a static key",
    `-----BEGIN OpenVPN Static key V1-----\n${hex}\n-----END OpenVPN Static key V1-----`,
    hex,
  ],
  ["a sign-in by mail", "S: 334 UGFzc3dvcmQ6\nC: aTdyUGVjNGp5a0Ex\nS: 235 ok", "aTdyUGVjNGp5a0Ex"],
  [
    "a manifest",
    "kind: Secret\ndata:\n  redis-url: Yl9URXhNNCNoNUdyZC1BakBF\n",
    "Yl9URXhNNCNoNUdyZC1BakBF",
  ],
  ["what Vault keeps", `{"data":{"data":{"smtp":"${mixed}"},"metadata":{"version":3}}}`, mixed],
  ["a dump of PHP", `  ["db_pass"]=>\n  string(12) "${word}"`, word],
  ["an answer", `bob: what's the root pw on nas2?\nann: ${mixed}\nbob: ta`, mixed],
  ["a correction", `no, it's ${word} — the password from yesterday was for staging`, word],
  ["letters", "wifi password, spelled out: N 5 c n L X S b p k", "N 5 c n L X S b p k"],
  ["a second factor", "my 2FA code → 637602 (expires in 30s)", "637602"],
  ["under its name", `API 密钥如下:\n${base64}\n请尽快轮换`, base64],
  ["the new one alone", `跳板机密码改了,新的是 ${word} ,旧的不能用了`, word],
  ["a file that is shown", `$ cat /var/jenkins_home/secrets/initialAdminPassword\n${hex}`, hex],
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
  'db.createUser({user:"backup",pwd:passwordPrompt(),roles:["backup"]})',
  "Settings(host='mx1', username='mailer', password=SecretStr('**********'))",
  "const token = req.headers.authorization?.split(' ')[1];",
  'SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]',
  'password = getpass.getpass("Database password: ")',
  "Access denied for user 'app'@'10.0.0.7' (using password: YES)",
  "origin\tgit@gitlab.example.net:ops/tools.git (fetch)",
  "token_policies=ops token_num_uses=0 secret_id_ttl=10m",
  "    api_key: <secret>\n    api_url: https://api.example.net/",
  "passwd: password updated successfully",
  "NODE_AUTH_TOKEN: ${" + "{ secrets.NPM_TOKEN }}",
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
