import type { SecretKindMaker } from "./planted.ts";
import { alphabets, type Random } from "./random.ts";

// Each is built of parts, so that no scanner takes this file for a leak.
const tokens: Readonly<Record<string, (random: Random) => string>> = {
  aws_key_id: (random) => `${"AK"}IA${random.string(16, alphabets.base32)}`,
  github: (random) => `${random.pick(["ghp", "gho", "ghs"])}_${random.string(36)}`,
  github_fine: (random) => `github_${"pat"}_${random.string(22)}_${random.string(59)}`,
  gitlab: (random) => `gl${"pat"}-${random.string(20, alphabets.base64url)}`,
  slack: (random) =>
    `xox${random.pick(["b", "p"])}-${random.string(12, alphabets.digits)}-${random.string(12, alphabets.digits)}-${random.string(24)}`,
  slack_webhook: (random) =>
    `T${random.string(8, alphabets.upper)}/B${random.string(8, alphabets.upper)}/${random.string(24)}`,
  stripe: (random) => `${random.pick(["sk", "rk"])}_${"live"}_${random.string(24)}`,
  openai: (random) => `sk-${"proj"}-${random.string(48, alphabets.base64url)}`,
  anthropic: (random) => `sk-${"ant"}-api03-${random.string(93, alphabets.base64url)}AA`,
  google: (random) => `${"AI"}za${random.string(35, alphabets.base64url)}`,
  google_oauth: (random) => `ya29.${random.string(60, alphabets.base64url)}`,
  npm: (random) => `${"npm"}_${random.string(36)}`,
  pypi: (random) => `${"pypi"}-AgEIcHlwaS5vcmc${random.string(60, alphabets.base64url)}`,
  sendgrid: (random) =>
    `${"SG"}.${random.string(22, alphabets.base64url)}.${random.string(43, alphabets.base64url)}`,
  telegram: (random) =>
    `${random.string(9, "123456789")}:AA${random.string(33, alphabets.base64url)}`,
  vault: (random) => `${"hvs"}.${random.string(95, alphabets.base64url)}`,
  digitalocean: (random) => `dop_${"v1"}_${random.string(64, alphabets.hex)}`,
  huggingface: (random) => `${"hf"}_${random.string(34)}`,
  alibaba: (random) => `${"LT"}AI${random.string(20)}`,
  age: (random) => `AGE-SECRET-${"KEY"}-1${random.string(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`,
  jwt: (random) =>
    [
      { alg: "HS256", typ: "JWT" },
      { sub: random.string(8), exp: 1_790_000_000 },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .concat(random.string(43, alphabets.base64url))
      .join("."),
  jwt_cut: (random) =>
    [
      { alg: "RS256", kid: random.string(6) },
      { iss: random.string(8), aud: "im" },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".")
      .slice(0, -10),
};

const around: readonly ((token: string) => string)[] = [
  (token) => token,
  (token) => `using ${token} for the call`,
  (token) => `{"k":"${token}","n":1}`,
  (token) => `request failed: 401 (${token})`,
  (token) => `GITHUB=${token}`,
  (token) => `remote: 'https://x/${token}' refused`,
];

export const tokenKinds: Readonly<Record<string, SecretKindMaker>> = Object.fromEntries(
  Object.entries(tokens).map(([kind, make]): [string, SecretKindMaker] => [
    `token_${kind}`,
    (random, index) => {
      const secret = make(random);
      const hook = kind === "slack_webhook" ? "https://hooks.slack.com/services/" : "";
      const form = around[index % around.length] ?? ((token: string) => token);
      return { text: form(hook + secret), secret };
    },
  ]),
);
