import type { SecretKindMaker } from "./planted.ts";
import { alphabets } from "./random.ts";

/** Secrets as clients send, keep, print and tell them. */
export const clientKinds: Readonly<Record<string, SecretKindMaker>> = {
  mechanism: (random, index) => {
    const secret = random.string(40, alphabets.base64);
    const text =
      [
        `C: AUTH PLAIN a9${secret}`,
        `>>> AUTH XOAUTH2 a9${secret}==`,
        `A01 AUTHENTICATE NTLM a9${secret}`,
      ][index % 3] ?? "";
    return { text, secret };
  },
  cookie_jar: (random, index) => {
    const secret = random.string(26, alphabets.lower);
    const lead = index % 2 === 0 ? "#HttpOnly_" : "";
    return { text: `${lead}.example.com\tTRUE\t/\tTRUE\t1789000000\tuid_tt\t${secret}`, secret };
  },
  snmp_user: (random, index) => {
    const secret = `Tu${random.string(10)}7`;
    const other = `Ka${random.string(10)}4`;
    const text =
      [
        `createUser mon SHA "${secret}" AES "${other}"`,
        `createUser mon MD5 ${secret} DES ${other}`,
        `snmp-server user mon ops v3 auth sha ${secret} priv aes 128 ${other}`,
      ][index % 3] ?? "";
    return { text, secret, fragments: [other], isWhole: true };
  },
  changed: (random, index) => {
    const secret = `Tu${random.string(10)}7`;
    const other = `Ka${random.string(10)}4`;
    const text =
      [
        `      ~ master_password = "${secret}" -> "${other}"`,
        `api_token: '${secret}' => '${other}'`,
        `password: ${secret} → ${other}`,
      ][index % 3] ?? "";
    return { text, secret, fragments: [other] };
  },
  kept_by_command: (random, index) => {
    const secret = `Tu${random.string(10)}7`;
    const text =
      [
        `mc alias set store http://minio:9000 admin ${secret}`,
        `npm config set //npm.example.com/:_authToken ${secret}`,
        `keytool -importkeystore -srckeystore a.p12 -srcstorepass ${secret} -destkeystore b.jks`,
        `composer config http-basic.repo.example.com kai ${secret}`,
        `dotnet user-secrets set "Db:Main" "${secret}"`,
        `kinit kai <<< '${secret}'`,
        `erl -sname a -setcookie ${secret}`,
        `npm verbose argv "login" "--password" "${secret}" "--quiet"`,
      ][index % 8] ?? "";
    return { text, secret };
  },
  printed_key: (random, index) => {
    const secret = `${random.string(42, alphabets.base64)}7=`;
    const command =
      [
        "wg genkey",
        "consul keygen",
        "head -c 32 /dev/urandom | base64",
        "echo $DB_PASSWORD",
        "gpg -d pw.gpg",
      ][index % 5] ?? "";
    return { text: `$ ${command}\n${secret}\n$ ls`, secret, isWhole: true };
  },
  code_of_message: (random, index) => {
    const secret = `${1 + random.below(9)}${random.string(5, alphabets.digits)}`;
    const text =
      [
        `G-${secret} is your Example verification code.`,
        `Use ${secret} as your login code`,
        `Your Example code is ${secret}`,
        `${secret}为您的登录验证码，请勿泄露`,
        `【云台】校验码：${secret}`,
      ][index % 5] ?? "";
    return { text, secret, fragments: [secret] };
  },
  cut_name: (random, index) => {
    const secret = `Tu${random.string(10)}7`;
    const text =
      [`...ssword=${secret}&next=1`, `…oken: ${secret}`, `[truncated]ecret":"${secret}"}`][
        index % 3
      ] ?? "";
    return { text, secret };
  },
};
