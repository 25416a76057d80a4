import type { Planted, SecretKindMaker } from "./planted.ts";
import { alphabets, type Random } from "./random.ts";

const words = [
  "Sommer",
  "dragon",
  "Tiger",
  "winter",
  "Coffee",
  "panda",
  "rocket",
  "Shadow",
] as const;

/** What people think of, and what password managers do. */
export function password(random: Random): string {
  switch (random.below(5)) {
    case 0:
      return `${random.pick(words)}${1_000 + random.below(9_000)}${random.pick(["!", "#", "?", "@", ""])}`;
    case 1:
      return random.string(16);
    case 2:
      return `${random.string(4)}$${random.string(4)}%${random.string(4)}`;
    case 3:
      return `${random.pick(words)}-${random.pick(words)}-${random.string(6, alphabets.lower)}`;
    default:
      return random.string(20, `${alphabets.mixed}!#*+-_.`).replace(/[.+_-]$/, "x");
  }
}

const names = [
  "password",
  "DB_PASSWORD",
  "redisPassword",
  "mysql.passwd",
  "SMTP_PASS",
  "admin-pwd",
  "secret",
  "client_secret",
  "API_KEY",
  "apiKey",
  "access_token",
  "authToken",
  "X-Api-Key",
  "jwt_secret",
  "session_secret",
  "encryptionKey",
  "webhookSecret",
  "ROOT_PASSWORD",
  "spring.datasource.password",
  "MINIO_SECRET_KEY",
  "passphrase",
] as const;

type Form = (name: string, value: string) => string;

const kinds = {
  env: [
    (n, v) => `${envName(n)}=${v}`,
    (n, v) => `export ${envName(n)}='${v}'`,
    (n, v) => `${envName(n)}="${v}" node main.js`,
    (n, v) => `set ${envName(n)}=${v}`,
  ],
  ini: [
    (n, v) => `[client]\nuser = app\n${n} = ${v}\nport = 3306`,
    (n, v) => `${n}=${v}\nuser=app`,
    (n, v) => `${n}: ${v} ; keep safe`,
  ],
  yaml: [
    (n, v) => `${n}: ${v}`,
    (n, v) => `db:\n  host: db\n  ${n}: "${v}"\n  port: 1`,
    (n, v) => `${n}: |\n  ${v}\nother: 1`,
    (n, v) => `${n}:\n  ${v}\nuser: app`,
    (n, v) => `- name: ${envName(n)}\n  value: ${v}`,
  ],
  json: [
    (n, v) => `{"user":"app","${n}":"${v}","port":1}`,
    (n, v) => `{\n  "${n}" : "${v}"\n}`,
    (n, v) => `{"name":"${envName(n)}","value":"${v}"}`,
    (n, v) => `{"${n}":["${v}"]}`,
  ],
  escaped_json: [
    (n, v) => JSON.stringify({ body: JSON.stringify({ [n]: v, a: 1 }) }),
    (n, v) => JSON.stringify({ outer: JSON.stringify({ body: JSON.stringify({ [n]: v }) }) }),
  ],
  object: [
    (n, v) => `config { ${camel(n)}: '${v}', retries: 3 }`,
    (n, v) => `Config(user='app', ${snake(n)}='${v}')`,
    (n, v) => `{:${snake(n)}=>"${v}"}`,
    (n, v) => `&{User:app ${camel(n)}:${v}}`,
    (n, v) => `${camel(n)} := "${v}"`,
  ],
  xml: [
    (n, v) => `<${camel(n)}>${v}</${camel(n)}>`,
    (n, v) => `<property name="${n}" value="${v}"/>`,
    (n, v) => `<add key="${n}" value="${v}" />`,
    (n, v) => `<key>${n}</key><string>${v}</string>`,
  ],
  command_option: [
    (n, v) => `app --user bob --${kebab(n)} ${v} --port 1`,
    (n, v) => `app --${kebab(n)}=${v}`,
    (n, v) => `spawn ["app","--${kebab(n)}","${v}"]`,
    (n, v) => `app -${kebab(n)} '${v}'`,
  ],
  call: [
    (n, v) => `define('${envName(n)}', '${v}');`,
    (n, v) => `setenv("${envName(n)}", "${v}", 1)`,
    (n, v) => `setx ${envName(n)} ${v}x9Kq7Zp2`,
    (n, v) => `connect(host='db', ${snake(n)}='${v}')`,
  ],
  table: [
    (n, v) => `| user | bob |\n| ${n} | ${v} |`,
    (n, v) => `user,${n},age\nbob,${v},7`,
    (n, v) => `Content-Disposition: form-data; name="${n}"\n\n${v}\n--x`,
    (n, v) => `Your ${n}:\n\n    ${v}\n`,
  ],
  logfmt: [
    (n, v) => `level=info user=bob ${snake(n)}=${v} took=3ms`,
    (n, v) => `msg="login" ${snake(n)}="${v}"`,
  ],
} as const satisfies Record<string, readonly Form[]>;

function ofForms(forms: readonly Form[]): SecretKindMaker {
  return (random, index) => {
    const secret = password(random);
    const form = forms[index % forms.length];
    if (!form) throw new Error("no form");
    return { text: form(random.pick(names), secret), secret } satisfies Planted;
  };
}

export const assignmentKinds: Readonly<Record<string, SecretKindMaker>> = {
  ...Object.fromEntries(
    Object.entries(kinds).map(([kind, forms]) => [`assign_${kind}`, ofForms(forms)]),
  ),
  query: (random, index) => {
    const secret = random.string(16 + random.below(20), alphabets.base64url.replace("-", ""));
    const name = random.pick([
      "token",
      "access_token",
      "api_key",
      "apikey",
      "sig",
      "signature",
      "code",
      "key",
      "X-Amz-Signature",
      "password",
      "client_secret",
      "auth",
      "sid",
    ]);
    const before = random.pick([
      "https://api.example.com/v1/items?page=2&",
      "/ws?",
      "wss://chat.example.com/ws?v=1&",
      "GET /download?",
    ]);
    return {
      text: `${before}${name}=${secret}${index % 2 === 0 ? "&page=3" : " HTTP/1.1"}`,
      secret,
    };
  },
  prose: (random, index) => {
    const secret = random.pick([
      () => `${random.pick(words)}${1_000 + random.below(9_000)}!`,
      () => random.string(14),
    ])();
    const form = [
      `the password for the staging db is ${secret}, please keep it`,
      `my password is ${secret}`,
      `password was changed to ${secret} yesterday`,
      `use api key ${secret} for that`,
      `login: admin password: ${secret}`,
      `I set the secret to "${secret}" as asked`,
      `Password for 'https://bob@git.example.com': ${secret}`,
      `token (temporary): ${secret}`,
    ][index % 8];
    return { text: form ?? "", secret };
  },
  chinese: (random, index) => {
    const secret = random.pick([
      () => `${random.pick(words)}${1_000 + random.below(9_000)}`,
      () => random.string(14),
    ])();
    const form = [
      `密码：${secret}`,
      `数据库密码是${secret}，别外传`,
      `管理员口令: ${secret}`,
      `访问密钥为 ${secret}`,
      `令牌「${secret}」已发放`,
      `新密码改成 ${secret} 了`,
      `登录密码（临时）：${secret}`,
      `私钥=${secret}`,
    ][index % 8];
    return { text: form ?? "", secret };
  },
  two_lines: (random, index) => {
    const secret = random.string(32);
    const [head, tail] = [secret.slice(0, 16), secret.slice(16)];
    const form = [
      `api_key=${head}\n${tail}`,
      `"token": "${head}\n${tail}"`,
      `SECRET_KEY=${head}\\\n${tail}`,
      `2026-11-26T10:00:00Z INFO token=${head}\n2026-11-26T10:00:00Z INFO ${tail}`,
    ][index % 4];
    return { text: form ?? "", secret, fragments: [head, tail], isWhole: true };
  },
};

const snake = (name: string) =>
  name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/[.-]/g, "_")
    .toLowerCase();
const envName = (name: string) => snake(name).toUpperCase();
const kebab = (name: string) => snake(name).replaceAll("_", "-");
const camel = (name: string) =>
  snake(name).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
