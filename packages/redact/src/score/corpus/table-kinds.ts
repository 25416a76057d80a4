import { password } from "./assignment-kinds.ts";
import type { SecretKindMaker } from "./planted.ts";
import { alphabets, type Random } from "./random.ts";

/** What stands in a column of secrets: what people think of, and digests of it. */
function cell(random: Random): string {
  return random.pick([
    () => password(random),
    () => random.string(32, alphabets.hex),
    () => `${random.string(2, "abcdefgh")}${1_000 + random.below(9_000)}`,
  ])();
}

/** Tables whose head names a secret. */
export const tableKinds: Readonly<Record<string, SecretKindMaker>> = {
  table_divided: (random, index) => {
    const secret = cell(random);
    const name = random.pick(["password", "passwd_hash", "app_secret", "登录密码", "口令"]);
    const text =
      [
        `host,user,${name}\n10.0.0.7,root,${secret}`,
        `host\tuser\t${name}\n10.0.0.7\troot\t${secret}`,
        `host;user;${name}\n10.0.0.7;root;${secret}`,
        `HOST      USER  ${name}\n10.0.0.7  root  ${secret}`,
      ][index % 4] ?? "";
    return { text, secret, isWhole: true };
  },
  table_ruled: (random, index) => {
    const secret = cell(random);
    const name = random.pick(["rolpassword", "authentication_string", "secret", "密码"]);
    const text =
      [
        ` user | ${name}\n------+--------\n app  | ${secret}\n(1 row)`,
        `+------+-----+\n| user | ${name} |\n+------+-----+\n| app | ${secret} |\n+------+-----+`,
        `| user | ${name} |\n|:--|:--|\n| app | ${secret} |`,
      ][index % 3] ?? "";
    return { text, secret, isWhole: true };
  },
  table_statement: (random, index) => {
    const secret = cell(random);
    const text =
      [
        `INSERT INTO \`t_user\` (\`id\`,\`password\`) VALUES (1,'first1'),(2,'${secret}');`,
        `COPY public.users (id, password_hash) FROM stdin;\n1\t${secret}\n\\.`,
        `INSERT INTO 员工 (工号, 登录密码) VALUES ('0071','${secret}')`,
      ][index % 3] ?? "";
    return { text, secret, isWhole: true };
  },
};
