import { password } from "./assignment-kinds.ts";
import type { SecretKindMaker } from "./planted.ts";
import { alphabets } from "./random.ts";

/** Secrets that are arguments of calls and commands, and values of pairs. */
export const argumentKinds: Readonly<Record<string, SecretKindMaker>> = {
  argument_call: (random, index) => {
    const secret = random.string(10, alphabets.lower);
    const text =
      [
        `pool.setPassword("${secret}");`,
        `new NetworkCredential("svc", "${secret}", "CORP")`,
        `#0 /srv/db.php(7): PDO->__construct('mysql:host=db', 'shop', '${secret}')`,
        `DriverManager.getConnection("jdbc:mysql://db/im", "im", "${secret}")`,
      ][index % 4] ?? "";
    return { text, secret };
  },
  argument_list: (random, index) => {
    const secret = random.string(12);
    const text =
      [
        `command: ["redis-cli", "-a", "${secret}", "ping"]`,
        `type=EXECVE argc=3 a0="mysql" a1="-uroot" a2="-p${secret}"`,
        `xfreerdp /v:10.0.0.7 /u:ops /p:${secret}`,
        `mosquitto_pub -h mq -u sensor -P ${secret} -t a/b`,
      ][index % 4] ?? "";
    return { text, secret };
  },
  pair_object: (random, index) => {
    const secret = password(random);
    const text =
      [
        `[{"ParameterKey":"MasterPassword","ParameterValue":"${secret}"}]`,
        `{"value":"${secret}","key":"smtp_password"}`,
        `aws ssm put-parameter --name /prod/redis/password --value '${secret}'`,
        `OptionName: RDS_PASSWORD\nValue: ${secret}`,
      ][index % 4] ?? "";
    return { text, secret };
  },
};
