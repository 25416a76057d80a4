import type { ServiceName } from "@resonance/ops-mcp";
import { servicesIn } from "./services.ts";

const restart =
  /重启|重新启动|重起|重新拉起|拉起|\b(?:re-?start|reboot|bounc|relaunch|cycl|kick)\w*/i;
const joined =
  /^\s*(?:和|与|跟|及|以及|还有|或者?|还是|、|&|\+|,|and|or|plus|as well as)\s*(?:the )?$/i;

/**
 * The one service that an order to restart is about. Undefined where several are named and none of
 * them stands where only the one that is meant can stand: then the person has to say it.
 */
export function restartTarget(text: string): ServiceName | undefined {
  const named = servicesIn(text);
  const [first] = named;
  if (!first || named.every(({ name }) => name === first.name)) return first?.name;
  const word = restart.exec(text);
  if (!word) return undefined;
  const isJoined = named.some(({ end }, index) => {
    const following = named[index + 1];
    return following !== undefined && joined.test(text.slice(end, following.start));
  });
  if (isJoined) return undefined;
  const after = text.slice(word.index + word[0].length);
  const next = named.find(({ start }) => start >= word.index + word[0].length);
  const offset = next ? next.start - (word.index + word[0].length) : 0;
  if (
    next &&
    /^(?:一?下|一次|掉|了)?\s*(?:on |of )?(?:the |our )?$/i.test(after.slice(0, offset))
  ) {
    return next.name;
  }
  const before = named.findLast(({ end }) => end <= word.index);
  const between = before ? text.slice(before.end, word.index) : ",";
  const isObject = /^\s*(?:服务|service)?\s*(?:给|也|再|直接|赶紧|先|都)?\s*$/.test(between);
  return isObject && before && /[把将]\s*$/.test(text.slice(0, before.start))
    ? before.name
    : undefined;
}
