import type { SecretKindMaker } from "./planted.ts";
import { alphabets, type Random } from "./random.ts";

const words = ["Hazel", "mango", "Otter", "river", "Falcon", "tulip"] as const;

/** Words with digits and a sign, as people make passwords up. */
function madeUp(random: Random): string {
  const sign = random.pick(["!", "#", "@", "+", "*", "&"]);
  return `${random.pick(words)}${sign}${random.pick(words)}${10 + random.below(90)}`;
}

/** Passwords that only their form and their neighbourhood give away. */
export const mentionKinds: Readonly<Record<string, SecretKindMaker>> = {
  mention: (random, index) => {
    const secret = madeUp(random);
    const text =
      [
        `hey, the root pw on nas2 is ${secret}, pls rotate`,
        `pw changed to ${secret}, update your clients`,
        `密码我改成了「${secret}」,大家重新登录`,
        `新员工邮箱初始密码统一为${secret},登录后修改`,
        `打印机后台的口令没变,还是${secret}`,
        `那个数据库密码你记一下 ${secret} 对就这个`,
      ][index % 6] ?? "";
    return { text, secret };
  },
  mention_beside: (random, index) => {
    const secret = madeUp(random);
    const text =
      [
        `MinIO 控制台:http://10.1.9.9:9001 minioadmin/${secret}`,
        `小李:es 账号多少?\n小周:elastic / ${secret}`,
        `nacos | http://10.1.1.4:8848 | nacos | ${secret}`,
        `vm-31\t10.9.0.31\troot\t${secret}\tcentos7`,
      ][index % 4] ?? "";
    return { text, secret };
  },
  recovery_codes: (random, index) => {
    const codes = Array.from(
      { length: 4 },
      () =>
        `${random.below(10)}${random.string(4, alphabets.hex)}-${random.string(5, alphabets.hex)}`,
    );
    const secret = codes.join("\n");
    const head = ["GitHub recovery codes", "备用码如下:", "Backup codes:"][index % 3] ?? "";
    return { text: `${head}\n${secret}`, secret, fragments: codes, isWhole: true };
  },
};
