import { password } from "./assignment-kinds.ts";
import type { SecretKindMaker } from "./planted.ts";

/** Secrets in traces of protocols, in objects as languages print them, and told beside a user. */
export const traceKinds: Readonly<Record<string, SecretKindMaker>> = {
  trace_line: (random, index) => {
    const secret = random.string(14);
    const text =
      [
        `<< PASS ${secret}`,
        `10:02:11 ← PASS ${secret}`,
        `*put* b'PASS ${secret}'`,
        `pop3 client sent PASS ${secret}`,
        `sendto(7, "A3 LOGIN kai@example.com \\"${secret}\\"\\r\\n", 40, 0, NULL, 0) = 40`,
        `> b'KFNG1 LOGIN kai "${secret}"'`,
        `<- a7 LOGIN kai ${secret}`,
        `1732 [0 10.0.0.4:55012] "auth" "${secret}"`,
      ][index % 8] ?? "";
    return { text, secret, isWhole: true };
  },
  trace_sasl: (random, index) => {
    const secret = Buffer.from(`\0kai@example.com\0${random.string(12)}`).toString("base64");
    const text =
      [
        `C: AUTH PLAIN ${secret}`,
        `a1 AUTHENTICATE PLAIN ${secret}`,
        `AUTHENTICATE ${secret}`,
        `send: 'AUTH PLAIN ${secret}\\r\\n'`,
        `C: AUTH PLAIN\nS: 334\nC: ${secret}`,
        `C: A01 AUTHENTICATE "PLAIN" "${secret}"`,
      ][index % 6] ?? "";
    return { text, secret };
  },
  told_pair: (random, index) => {
    const secret = `${random.string(4)}!${random.string(3)}(${random.string(4)}7`;
    const text =
      [
        `sign in with kai@example.com and the pass '${secret}'`,
        `log in as deploy with pass ${secret}`,
        `it wants user \`deploy\` / pass \`${secret}\``,
        `login: deploy, pw "${secret}"`,
        `u: deploy p: ${secret}`,
        `用户名 deploy，pass ${secret}`,
      ][index % 6] ?? "";
    return { text, secret };
  },
  printed_object: (random, index) => {
    const secret = password(random);
    const text =
      [
        `Settings(db_user='app', db_password=SecretStr('${secret}'), debug=False)`,
        `Auth {\n    user: "kai",\n    api_key: Some(\n        "${secret}",\n    ),\n}`,
        `Set-ADAccountPassword -NewPassword (ConvertTo-SecureString -AsPlainText "${secret}" -Force)`,
        `把 Redis 的 requirepass 设成 ${secret}，然后重启`,
      ][index % 4] ?? "";
    return { text, secret };
  },
};
