import type { Language } from "../../../language.ts";
import { codeSpan } from "./phrases.ts";

/**
 * What a tool of ours says of an error: in Chinese where the sentence is one that our tools make,
 * and quoted as it is where it is somebody else's.
 */
export function toolMessage(message: string, language: Language): string {
  if (language === "en") return codeSpan(message.slice(0, longest));
  for (const [pattern, words] of sentences) {
    const found = pattern.exec(message);
    if (!found) continue;
    const [, ...parts] = found;
    return words.replaceAll(/\{(\d)\}/g, (_, index: string) =>
      (parts[Number(index)] ?? "").slice(0, longest),
    );
  }
  return codeSpan(message.slice(0, longest));
}

const longest = 400;

// `said` is what a back end adds in its own words; it stays as it is, behind a colon.
const said = "(: .*)?";

/** In the order in which they are tried; `{0}` is the first group. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^the certificate of (.+) has expired$/, "{0} 的证书已过期"],
  [/^the certificate of (.+) cannot be trusted$/, "{0} 的证书不受信任"],
  [/^(.+) did not answer in time$/, "{0} 没有及时回应"],
  [/^logic cannot be asked for the status now$/, "现在问不到 logic 的状态"],
  [/^logic could not read them$/, "logic 没能读到"],
  [/^Logic does not answer: (.+)$/, "Logic 没有回应（{0}）"],
  [/^messages cannot be counted now$/, "现在数不了消息"],
  [/^NATS cannot be asked for what waits in it$/, "现在问不到 NATS 里有多少积压"],
  [/^the log is too large to be read whole$/, "日志太大，没有读完"],
  [/^the log begins after the window$/, "日志是在那之后才开始的"],
  [/^the log cannot be read$/, "日志读不了"],
  [/^the service's log file cannot be read$/, "这个服务的日志文件读不了"],
  [/^the list of the stack's services cannot be read$/, "本机服务的清单读不了"],
  [/^the list of the stack's services is malformed$/, "本机服务的清单格式不对"],
  [
    /^nothing says where Logic is: no stack runs here$/,
    "不知道 Logic 在哪里：这里没有运行本机服务",
  ],
  [/^no service is called (.+)$/, "没有叫 {0} 的服务"],
  [/^nothing is called (.+) in (.+)$/, "{1} 里没有叫 {0} 的"],
  [
    /^namespace (.+) is not among those that may be looked at$/,
    "命名空间 {0} 不在可以查看的范围内",
  ],
  [/^(.+) answered something unexpected(?: at (.+))?$/, "{0} 的回答不是预期的"],
  [/^(.+) answered something that is no JSON$/, "{0} 的回答不是 JSON"],
  [/^(.+) answered more than (\d+ MiB); narrow the query$/, "{0} 的回答超过 {1}，请缩小范围"],
  [new RegExp(`^(.+?) answered (\\d{3})${said}$`, "s"), "{0} 返回 {1}{2}"],
  [/^(.+) does not accept our credential$/, "{0} 不接受我们的凭证"],
  [new RegExp(`^(.+?) does not allow it${said}$`, "s"), "{0} 不允许{1}"],
  [new RegExp(`^(.+?) does not have it${said}$`, "s"), "{0} 里没有{1}"],
  [new RegExp(`^(.+?) does not accept the query${said}$`, "s"), "{0} 不接受这个查询{1}"],
  [/^(.+) cannot be reached$/, "{0} 连不上"],
];
