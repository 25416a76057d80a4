import { ChatError } from "@resonance/kit";
import {
  RunPeopleCommandResponse_Outcome as Outcome,
  type PeopleService,
  type RunPeopleCommandResponse,
} from "@resonance/mq-proto/logic";
import type { RpcClient } from "@resonance/rpc";
import { codeSpan, table } from "../brain/offline/render/phrases.ts";
import { durably } from "../durably.ts";
import type { Language } from "../language.ts";
import type { Question } from "../question.ts";

export type UsersCommandDeps = {
  readonly people: Pick<RpcClient<typeof PeopleService>, "runPeopleCommand">;
};

/**
 * `/users …`: says what Logic has made of the message. The bot has no right to change an account;
 * it names the message, and Logic reads there who orders what.
 */
export async function usersCommand(
  { people }: UsersCommandDeps,
  { msgId, language }: Pick<Question, "msgId" | "language">,
  signal: AbortSignal,
): Promise<string> {
  const done = await durably(() => people.runPeopleCommand({ msgId }, signal), signal);
  return usersText(done, language);
}

/** What came of a command about people, in words. */
function usersText(done: RunPeopleCommandResponse, language: Language): string {
  const zh = language === "zh";
  const name = codeSpan(done.username.slice(0, 64));
  switch (done.outcome) {
    case Outcome.DONE:
      return done.command === "list" ? listText(done, zh) : doneText(done, zh);
    case Outcome.USAGE:
      return zh
        ? "用法：`/users list`、`/users role <名字> <user|operator|admin>`、`/users disable <名字>`、`/users enable <名字>`、`/users reset-password <名字>`。请不要在聊天里输入密码。"
        : "Usage: `/users list`, `/users role NAME user|operator|admin`, `/users disable NAME`, `/users enable NAME`, `/users reset-password NAME`. Type no password in a chat.";
    case Outcome.NOT_ADMIN:
      return zh
        ? "只有管理员可以管理用户，什么都没有改变。此次尝试已记录。"
        : "Only an administrator manages people. Nothing was changed, and the attempt is on record.";
    case Outcome.NOT_ALONE:
      return zh
        ? "用户只能在与我的单独会话里管理，什么都没有改变。"
        : "People are managed in a chat alone with me. Nothing was changed.";
    case Outcome.TOO_OLD:
      return zh
        ? "这条命令发出太久了，没有执行。需要的话请再发一次。"
        : "That was ordered too long ago, so it was not done. Send it again if it is still wanted.";
    case Outcome.NO_SUCH_PERSON:
      return zh ? `没有叫 ${name} 的用户。` : `There is nobody called ${name}.`;
    case Outcome.NO_PERSON:
      return zh ? `${name} 不是人的账号。` : `${name} is no person's account.`;
    case Outcome.LAST_ADMIN:
      return zh
        ? `${name} 是最后一个能登录的管理员，没有改变。请先让别人成为管理员。`
        : `${name} is the last administrator who can sign in, so nothing was changed. Make somebody else one first.`;
    case Outcome.UNSPECIFIED:
      return unknown(done.outcome);
    default:
      return unknown(done.outcome);
  }
}

function doneText({ command, username, role }: RunPeopleCommandResponse, zh: boolean): string {
  const name = codeSpan(username);
  switch (command) {
    case "role":
      return zh ? `${name} 现在的角色是 ${role}。` : `${name} is ${role} now.`;
    case "disable":
      return zh
        ? `${name} 已停用：所有登录已结束，也不能再登录。`
        : `${name} is disabled: every sign-in has ended, and there will be none.`;
    case "enable":
      return zh ? `${name} 可以重新登录了。` : `${name} may sign in again.`;
    case "reset-password":
      return zh
        ? `${name} 的旧密码已作废，所有登录已结束。新密码不会出现在聊天里，请在服务器上运行 \`npm run users -- reset-password <名字>\` 取得。`
        : `The old password of ${name} is void, and every sign-in has ended. A new one never stands in a chat: make it on the server with \`npm run users -- reset-password NAME\`.`;
    default:
      return unknown(command);
  }
}

function listText({ people, total }: RunPeopleCommandResponse, zh: boolean): string {
  const head = zh ? ["名字", "角色", "停用于（UTC）"] : ["name", "role", "disabled (UTC)"];
  const rows = people.map(({ username, role, isBot, disabledAtMs }) => [
    codeSpan(username),
    isBot ? (zh ? "机器人" : "bot") : role,
    disabledAtMs === 0n ? "" : new Date(Number(disabledAtMs)).toISOString().slice(0, 16),
  ]);
  const shown = table(head, rows);
  if (people.length === total) return shown;
  return zh
    ? `${shown}\n\n共 ${total} 个账号，显示了 ${people.length} 个；\`npm run users -- list\` 列出全部。`
    : `${shown}\n\n${people.length} of ${total} accounts; \`npm run users -- list\` lists all of them.`;
}

function unknown(what: string | number): never {
  throw new ChatError("internal", `Logic answers ${what}, which this version does not know`);
}
