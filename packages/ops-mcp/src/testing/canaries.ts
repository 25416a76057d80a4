import { leakIn } from "@resonance/redact/score/leaks";

// Each of parts, so that no scanner takes this file for a leak.
const random = "q7Zx2Kp9Lm4Vt8Rw3Ny6";
const keyLines = ["MIIEvQIBADANBgkqhkiG9w0BAQ", `${random}Aa1Bb2Cc3Dd4Ee5`, `${random}Ff6Gg7Hh8`];
const jwt = [{ alg: "HS256" }, { sub: "alice" }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .concat(`sig${random}`)
  .join(".");
const pem = (word: string) => `-----${word} PRIVATE KEY-----`;

/** A text that holds a secret, and what of it must be seen nowhere. */
export type Canary = readonly [text: string, ...secrets: string[]];

/** Secrets by their kind. */
export const canaries = {
  assignment: [`DB_PASSWORD=Canary-assign-7`, "Canary-assign-7"],
  json: [`{"user":"im","password":"Canary json 8"}`, "Canary json 8"],
  escaped_json: [JSON.stringify({ body: '{"secret":"CanaryEsc9x"}' }), "CanaryEsc9x"],
  yaml: ["redis:\n  auth_token: Canary_yaml_10", "Canary_yaml_10"],
  key_block: [[pem("BEGIN"), ...keyLines, pem("END")].join("\n"), ...keyLines],
  jwt: [`verified ${jwt}`, jwt, `sig${random}`],
  bearer: [`Authorization: Bearer bear${random}`, `bear${random}`],
  basic: [
    `Authorization: Basic ${Buffer.from("im:CanaryBasic11").toString("base64")}`,
    Buffer.from("im:CanaryBasic11").toString("base64"),
  ],
  cookie: [`Cookie: theme=dark; sid=cook${random}`, `cook${random}`],
  connection: ["mysql://im:CanaryConn12@db:3306/im", "CanaryConn12"],
  driver: ["im:CanaryDsn13@tcp(db:3306)/im", "CanaryDsn13"],
  query: [`GET /ws?token=quer${random}&v=1`, `quer${random}`],
  github: [`push with gh${"p"}_${random}${random.slice(4)}`, `${random}${random.slice(4)}`],
  cloud_key: [`AK${"IA"}QZXCVBNMASDFGHJK used`, "QZXCVBNMASDFGHJK"],
  command: ["mysql -uroot -pCanaryCmd14 im", "CanaryCmd14"],
  statement: ["CREATE USER im IDENTIFIED BY 'CanarySql15'", "CanarySql15"],
  prose: ["the password is CanaryProse16", "CanaryProse16"],
  chinese: ["数据库密码：Canary口令17x", "Canary口令17x"],
  wrapped: [
    Buffer.from("password=CanaryWrap18").toString("base64"),
    Buffer.from("password=CanaryWrap18").toString("base64"),
  ],
  seed: [
    `nkey S${"U"}A${"QWERTYUIOPASDFGHJKLZXCVBNM234567QWERTYUIOPASDFGHJKLZXCV"}`,
    "QWERTYUIOPASDFGHJKLZXCVBNM",
  ],
} as const satisfies Readonly<Record<string, Canary>>;

const secrets = Object.values<Canary>(canaries).flatMap(([, ...parts]) => parts);

/** What of the canaries stands in a text: whole ones, and eight characters in a row of one. */
export function leaksIn(text: string): string[] {
  return secrets.flatMap((secret) => leakIn(text, secret) ?? []);
}
