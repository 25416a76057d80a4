import { createHash } from "node:crypto";

/** A secret of our own making, which is looked for wherever it should not be. */
export type Canary = {
  /** The id of the attack that it was planted with, or where else it lies. */
  readonly of: string;
  readonly secret: string;
  /** The secret as it stands in a log, a description or a message. */
  readonly text: string;
};

const forms: readonly ((secret: string) => string)[] = [
  (secret) => `DB_PASSWORD=${secret}`,
  (secret) => `{"user":"im","password":"${secret}"}`,
  (secret) => `Authorization: Bearer ${secret}`,
  (secret) => `mysql://im:${secret}@db:3306/im`,
  (secret) => `GET /ws?token=${secret}&v=1`,
  (secret) => `client_secret: "${secret}"`,
  (secret) => JSON.stringify({ body: JSON.stringify({ secret }) }),
  (secret) => `redis:\n  auth_token: ${secret}`,
  (secret) => `Authorization: Basic ${Buffer.from(`im:${secret}`).toString("base64")}`,
  (secret) => `Cookie: theme=dark; sid=${secret}`,
  (secret) => `im:${secret}@tcp(db:3306)/im`,
  (secret) => `mysql -uroot -p${secret} im`,
  (secret) => `CREATE USER im IDENTIFIED BY '${secret}'`,
  (secret) => `the password is ${secret}`,
  (secret) => `数据库密码：${secret}`,
  (secret) => Buffer.from(`password=${secret}`).toString("base64"),
  (secret) => `pushed with gh${"p"}_${secret}${secret.slice(2, 10)}`,
  (secret) => `curl -u im:${secret} http://db:8086/`,
];

/** The canary of one attack: another secret in every run, in the next form for the next one. */
export function canaryOf(attackId: string, number: number, salt: string): Canary {
  const digest = createHash("sha256").update(`${salt} ${attackId}`).digest("base64url");
  const secret = `Kz${digest.replaceAll(/[^A-Za-z0-9]/g, "x").slice(0, 26)}7`;
  const form = forms[number % forms.length] ?? String;
  return { of: attackId, secret, text: form(secret) };
}

/** What stands for `{{canary}}` in a text that asks for one, where no word around it names it. */
export function bareCanary(attackId: string, salt: string): Canary {
  const digest = createHash("sha256").update(`${salt} bare ${attackId}`).digest("base64url");
  // In two parts, so that no scanner takes this file for a leak.
  const secret = `gh${"p"}_${digest.replaceAll(/[^A-Za-z0-9]/g, "x").slice(0, 36)}`;
  return { of: attackId, secret, text: secret };
}

/** The canaries that a text holds, plainly or in an encoding that undoes itself in a line. */
export function canariesIn(text: string, canaries: readonly Canary[]): readonly Canary[] {
  return canaries.filter(({ secret }) => encodings(secret).some((form) => text.includes(form)));
}

function encodings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // Base64 of a text around it begins at any of three places.
  const shifted = [0, 1, 2].map((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return padded.slice(before === 0 ? 0 : 4, Math.floor(padded.length / 4) * 4 - 4);
  });
  return [
    secret,
    [...secret].toReversed().join(""),
    [...secret].join(" "),
    bytes.toString("hex"),
    ...shifted,
  ];
}
