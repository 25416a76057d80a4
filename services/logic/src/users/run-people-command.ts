import type { MessageInitShape } from "@bufbuild/protobuf";
import { isDuplicateKey } from "@resonance/db";
import { ChatError, type Logger } from "@resonance/kit";
import {
  commandOf,
  isReservedUsername,
  type MsgId,
  singleSessionId,
  storedAtMs,
  type Username,
  withoutMention,
} from "@resonance/mq-proto";
import {
  RunPeopleCommandResponse_Outcome as Outcome,
  type RunPeopleCommandRequest,
  type RunPeopleCommandResponseSchema,
} from "@resonance/mq-proto/logic";
import { findMessages, type StoredMessage } from "../sql/messages.ts";
import {
  countPeople,
  findPeopleCommand,
  findPerson,
  insertPeopleCommand,
  listAdmins,
  listChiefPeople,
} from "../sql/people.ts";
import { listBots } from "../sql/users.ts";
import { type ChangeRefusal, type ChangeUserDeps, changeUser } from "./change-user.ts";
import { readUserCommand, type UserChange, type UserCommand } from "./user-command.ts";

export type PeopleCommandDeps = ChangeUserDeps & { readonly log: Logger };

type Response = Exclude<
  MessageInitShape<typeof RunPeopleCommandResponseSchema>,
  { readonly $typeName: string }
>;

const outcomes = {
  done: Outcome.DONE,
  usage: Outcome.USAGE,
  not_admin: Outcome.NOT_ADMIN,
  not_alone: Outcome.NOT_ALONE,
  too_old: Outcome.TOO_OLD,
  no_such_person: Outcome.NO_SUCH_PERSON,
  no_person: Outcome.NO_PERSON,
  last_admin: Outcome.LAST_ADMIN,
} as const satisfies Record<ChangeRefusal | "done" | "usage" | "not_alone" | "too_old", Outcome>;

export type PeopleOutcome = keyof typeof outcomes;

/** The message as an order, with who gave it. */
type Order = {
  readonly message: StoredMessage;
  /** Undefined where the words are none of the command's. */
  readonly command: UserCommand | undefined;
  /** Whether nobody but a bot reads along. */
  readonly isAlone: boolean;
};

/** A bot that keeps an order back cannot come out with it later. */
const newestMs = 10 * 60_000;
const listed = 100;

/**
 * Does what `/users …` in a stored message orders, when its sender is a person who is administrator
 * now, has said it to a bot alone, and not long ago. The caller is not believed anything: it names
 * the message. The same message is acted on once; after that the same answer comes again. Changes
 * and refusals are on record under the sender's name.
 *
 * A new password would stand in the chat: `reset-password` ends every sign-in and makes the old
 * password wrong, and the new one is made at the terminal.
 *
 * @throws ChatError `permission_denied` for a message that is no such order
 */
export async function runPeopleCommand(
  deps: PeopleCommandDeps,
  { msgId }: RunPeopleCommandRequest,
  signal: AbortSignal,
): Promise<Response> {
  const order = await findOrder(deps, msgId);
  if (!order) {
    deps.log.warn({ msgId: msgId.toString() }, "a message that orders nothing was to be acted on");
    throw new ChatError("permission_denied", `message ${msgId} is no command about people`, {
      reason: "not_allowed",
    });
  }
  const before = await findPeopleCommand(deps.db, msgId);
  if (before !== undefined) return answer(order, before);
  const refusal = await refusalOf(deps, order);
  if (refusal !== undefined) return await refuse(deps, order, refusal);
  if (!order.command) return answer(order, "usage");
  if (order.command.command === "list") return await list(deps, order);
  return await change(deps, order, order.command, signal);
}

async function findOrder(deps: PeopleCommandDeps, msgId: bigint): Promise<Order | undefined> {
  const message = (await findMessages(deps.db, [msgId as MsgId])).get(msgId as MsgId);
  if (message?.type !== "text" || isReservedUsername(message.sender)) return undefined;
  const sender = await findPerson(deps.db, message.sender);
  if (sender?.isBot !== 0) return undefined;
  const bots = await listBots(deps.db);
  const text = bots
    .map((bot) => withoutMention(message.content, bot))
    .find((asked) => commandOf(asked) === "/users");
  if (text === undefined) return undefined;
  const isAlone = bots.some(
    (bot) => message.sessionId === singleSessionId(message.sender as Username, bot),
  );
  const [, ...words] = text.trim().split(/\s+/);
  return { message, command: readUserCommand(words), isAlone };
}

async function refusalOf(
  deps: PeopleCommandDeps,
  order: Order,
): Promise<PeopleOutcome | undefined> {
  const { sender, msgId } = order.message;
  if (!(await listAdmins(deps.db, "look")).includes(sender)) return "not_admin";
  if (!order.isAlone) return "not_alone";
  return deps.nowMs() - storedAtMs(msgId) > newestMs ? "too_old" : undefined;
}

async function refuse(
  deps: PeopleCommandDeps,
  order: Order,
  outcome: PeopleOutcome,
): Promise<Response> {
  const { command } = order;
  await deps.audit.append({
    kind: "user",
    ...ordererOf(order),
    details: { ...(command ?? { command: "unreadable" }), refused: outcome },
  });
  return await settle(deps, order, outcome);
}

function ordererOf({ message: { sender, sessionId, msgId } }: Order) {
  return { actor: sender, sessionId, msgId };
}

async function change(
  deps: PeopleCommandDeps,
  order: Order,
  wanted: UserChange,
  signal: AbortSignal,
): Promise<Response> {
  const { sender, msgId } = order.message;
  try {
    const refused = await changeUser(
      deps,
      wanted,
      ordererOf(order),
      {
        within: async (tx, admins) => {
          if (!admins.includes(sender)) return "not_admin";
          // With the change itself, so that it is made once.
          await insertPeopleCommand(tx, msgId, "done");
          return undefined;
        },
      },
      signal,
    );
    if (!refused) return answer(order, "done");
    return await settle(deps, order, refused);
  } catch (error) {
    return await answerOfFaster(deps, order, error);
  }
}

/** What was refused stays refused, and what was done stays done. */
async function settle(
  deps: PeopleCommandDeps,
  order: Order,
  outcome: PeopleOutcome,
): Promise<Response> {
  try {
    await insertPeopleCommand(deps.db, order.message.msgId, outcome);
  } catch (error) {
    return await answerOfFaster(deps, order, error);
  }
  return answer(order, outcome);
}

/** The answer where another call with the same message was faster: that came of it. */
async function answerOfFaster(
  deps: PeopleCommandDeps,
  order: Order,
  error: unknown,
): Promise<Response> {
  if (!isDuplicateKey(error)) throw error;
  const first = await findPeopleCommand(deps.db, order.message.msgId);
  if (first === undefined) throw error;
  return answer(order, first);
}

async function list(deps: PeopleCommandDeps, order: Order): Promise<Response> {
  const [people, total] = await Promise.all([
    listChiefPeople(deps.db, listed),
    countPeople(deps.db),
  ]);
  return {
    ...answer(order, "done"),
    total,
    people: people.map(({ username, role, isBot, disabledAt }) => ({
      username,
      role,
      isBot: isBot === 1,
      disabledAtMs: BigInt(disabledAt?.getTime() ?? 0),
    })),
  };
}

function answer({ command }: Order, outcome: PeopleOutcome): Response {
  if (!command) return { outcome: outcomes[outcome] };
  const username = command.command === "list" ? "" : command.name;
  const role = command.command === "role" ? command.role : "";
  return { outcome: outcomes[outcome], command: command.command, username, role };
}
