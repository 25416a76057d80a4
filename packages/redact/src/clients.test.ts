import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const word = "Tulip7Lamp";
const other = "Ferry_Moor42";
const key = "T3dNuXuLt7iHb1qr4RomxPxzWtPkgTChxFG2vs7aP6U=";

test.each([
  ["a mechanism", "C: AUTH PLAIN 4QonSwmhs4c7SkfBOIx4pL4ZM5h", "4QonSwmhs4c7"],
  ["a mechanism of IMAP", "A1 AUTHENTICATE XOAUTH2 4QonSwmhs4c7SkfBOIx4pL4ZM5h", "4QonSwmhs4c7"],
  ["Redis", `*3\r\n$4\r\nAUTH\r\n$3\r\nkai\r\n$10\r\n${word}\r\n`, word],
  ["Redis in dots", `*2..$4..AUTH..$10..${word}..`, word],
  ["a setting of Redis", `*4\\r\\n$11\\r\\nrequirepass\\r\\n$10\\r\\n${word}\\r\\n`, word],
  ["an answer of Redis", `1) "requirepass"\n2) "${word}"`, word],
  ["a cookie jar", `#HttpOnly_.x.io\tTRUE\t/\tTRUE\t1789000000\tuid\t${word}`, word],
  ["an agent of SNMP", `createUser mon SHA "${other}" AES "${word}"`, word],
  ["a switch", `snmp-server user mon g v3 auth sha ${word} priv aes 128 ${other}`, word],
  ["a switch's second", `snmp-server user mon g v3 auth sha ${word} priv aes 128 ${other}`, other],
  ["a plan", `  ~ master_password = "${other}" -> "${word}"`, word],
  ["a difference", `password: ${other} → ${word}`, word],
  ["an alias", `mc alias set store http://minio:9000 admin ${word}`, word],
  ["a setting of npm", `npm config set //x.io/:_authToken ${word}`, word],
  ["a setting of composer", `composer config http-basic.x.io kai ${word}`, word],
  ["a secret of .NET", `dotnet user-secrets set "Db:Main" "${word}"`, word],
  ["a here-string", `cryptsetup luksOpen /dev/sdb x <<< "${word}"`, word],
  ["a keytool", `keytool -importkeystore -srcstorepass ${word} -alias a`, word],
  ["Erlang", `erl -sname a -setcookie ${word}`, word],
  ["quoted arguments", `npm verbose argv "login" "--otp" "928911"`, "928911"],
  ["a function of MySQL", `select aes_decrypt(card, '${word}') from t`, word],
  ["a function of ClickHouse", `encrypt('aes-256-gcm', card, '${word}', iv)`, word],
  ["a function within values", `values ('a', crypt('${word}', gen_salt('bf')))`, word],
  ["a signature", `createHmac("sha256", "${word}")`, word],
  ["a key made", `$ wg genkey\n${key}`, key],
  ["a key drawn", `$ head -c 32 /dev/urandom | base64\n${key}`, key],
  ["a variable shown", `$ echo $DB_PASSWORD\n${word}`, word],
  ["a file decrypted", `$ gpg -d pw.gpg\n${word}`, word],
  ["a flow of devices", `{"device_code":"${word}x","user_code":"WDJB-MJ4T"}`, "WDJB-MJ4T"],
  ["a sign-in of SAML", `SAMLResponse=${word}%2Fz9Q&RelayState=home`, word],
  ["a code first", "G-482913 is your Example verification code.", "482913"],
  ["a code for", "Use 482913 as your login code", "482913"],
  ["a code of a device", "enter the code F7ZK9QXBT to authenticate", "F7ZK9QXBT"],
  ["a code in Chinese", "482913为您的登录验证码，请勿泄露", "482913"],
  ["a code for a page", "@example.com #482913", "482913"],
  ["a cut name", `...ssword=${word}&next=1`, word],
  ["a cut name at the start", `assword: ${word}`, word],
  ["a cut scheme", "…earer h8sdfKJ23sdf8sdfkj12", "h8sdfKJ23sdf8sdfkj12"],
])("what %s holds goes", (_, text, secret) => {
  expect(redact(text).text).not.toContain(secret);
});

test.each([
  'pin-sha256="d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="; max-age=5184000',
  "-> Index lookup on sessions using token_idx (token=orders.token)",
  "Join Filter: (u.password = v.password)",
  "aws_secretsmanager_secret.db: Refreshing state... [id=db]",
  "random_password.db: Still creating... [10s elapsed]",
  "密钥 regcred 不存在",
  "AUTH PLAIN authentication failed for robot",
  ".example.com\tTRUE\t/\tFALSE\t1789000000\ttheme\tdark",
  "jwt.verify(token, publicKey)",
  "git config credential.helper store",
  "wg genkey\nprivatekey",
  '1) "maxmemory"\n2) "1073741824"',
  "482913 is your order code",
  "Use 5432 as the port for login",
  "482913 次验证码请求",
  "...sword=rusty",
  "…tokens: 4811 of 8192",
  "*2..$3..GET..$10..session:42..",
])("stays: %s", (text) => {
  expect(redact(text).text).toBe(text);
});

test("clients' lines without an end are read once", () => {
  const started = performance.now();
  redact("mc alias set a ".repeat(5_000));
  redact("TRUE\t/\tTRUE\t".repeat(5_000));
  redact("config set --a ".repeat(5_000));
  redact('"a" "-b" '.repeat(8_000));
  redact("$4..AUTH..$".repeat(5_000));
  redact("snmp auth md5 ".repeat(4_000));
  redact("createUser a AES ".repeat(4_000));
  redact("use the code your code enter ".repeat(4_000));
  redact("kinit a <<< ".repeat(5_000));
  expect(performance.now() - started).toBeLessThan(8_000);
});
