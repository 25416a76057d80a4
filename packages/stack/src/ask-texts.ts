import type { ClientError } from "@resonance/client";
import type { Language } from "@resonance/kit";

export type AskSentences = {
  readonly usage: string;
  notRunning(home: string): string;
  noPassword(user: string): string;
  /** `down` names the services of the stack that do not run. */
  noAnswer(seconds: number, down: readonly string[]): string;
  refused(error: ClientError, of: Refused): string;
  /** Told beneath an answer that proposes something, whose card no terminal shows. */
  howToDecide(url: string, command: string): string;
};

/** `down` names the services of the stack that do not run. */
type Refused = { readonly url: string; readonly user: string; readonly down: readonly string[] };

const en: AskSentences = {
  usage: [
    'usage: npm run -s ask -- "<question>" [--timeout SECONDS]',
    '       npm run -s ask -- "<question>" --url http://host:8080 --user NAME   (password in RESONANCE_PASSWORD)',
  ].join("\n"),
  notRunning: (home) => `Resonance is not running on ${home}: start it first with\n  npm start`,
  noPassword: (user) => `the password of ${user} is not known here: set RESONANCE_PASSWORD`,
  noAnswer: (seconds, down) =>
    `no answer from ops-bot within ${seconds} s${down.length > 0 ? `: not running: ${down.join(", ")}` : ""}`,
  refused(error, { url, user, down }) {
    if (error.reason === "offline") return `no Resonance answers at ${url}`;
    if (error.reason === "bad_credentials") return `${user} cannot sign in with this password`;
    const missing = down.length > 0 ? `; not running: ${down.join(", ")}` : "";
    return `the question was not answered: ${error.message} (${error.reason})${missing}`;
  },
  howToDecide: (url, command) =>
    `the card is in the chat at ${url}; an administrator can also decide here:\n  ${command}`,
};

const zh: AskSentences = {
  usage: [
    '用法：npm run -s ask -- "<问题>" [--timeout 秒数]',
    '      npm run -s ask -- "<问题>" --url http://host:8080 --user 用户名   （密码放在 RESONANCE_PASSWORD 中）',
  ].join("\n"),
  notRunning: (home) => `Resonance 没有在 ${home} 上运行，请先启动：\n  npm start`,
  noPassword: (user) => `这里没有 ${user} 的密码，请设置 RESONANCE_PASSWORD`,
  noAnswer: (seconds, down) =>
    `${seconds} 秒内没有收到 ops-bot 的回答${down.length > 0 ? `：未在运行：${down.join("、")}` : ""}`,
  refused(error, { url, user, down }) {
    if (error.reason === "offline") return `${url} 上没有 Resonance 响应`;
    if (error.reason === "bad_credentials") return `${user} 无法用这个密码登录`;
    const missing = down.length > 0 ? `；未在运行：${down.join("、")}` : "";
    const why = zhReasons[error.reason] ?? error.message;
    return `问题没有得到回答：${why}（${error.reason}）${missing}`;
  },
  howToDecide: (url, command) => `卡片在 ${url} 的聊天里；管理员也可以在这里决定：\n  ${command}`,
};

const zhReasons: Readonly<Partial<Record<ClientError["reason"], string>>> = {
  unavailable: "服务暂时不可用，请稍后重试",
  timed_out: "服务没有及时响应，请稍后重试",
  busy: "请求太多，请稍后重试",
  message_too_long: "问题太长",
  internal: "服务内部出错",
};

export const askSentences: Readonly<Record<Language, AskSentences>> = { en, zh };
