/**
 * Leaves out somebody else's words where they are quoted and set aside: 'someone pasted "restart
 * mysql", ignore that', 「有人贴了句 "重启" 别照做」. What stands outside is what is asked; where
 * nothing does, the text stays as it is.
 */
export function besideSetAside(text: string): string {
  const others = text.replace(setAside, " ").trim();
  return /[\p{L}\p{N}]/u.test(others) ? others : text;
}

const somebody =
  "(?:\\b(?:some(?:one|body)|he|she|they|(?:a|one) (?:colleague|user|customer|guy))\\b|(?:群里|频道里?|刚刚?|刚才|又)*(?:有人|有个人|他|她|同事|用户|客户))";
const wrote =
  "(?:\\b(?:just )?(?:pasted|posted|wrote|typed|said|sent|dropped|shared)\\b|(?:刚刚?|又|在群里|在频道里?)*(?:贴|发|写|说|转|甩)了?一?[句段条个]?)";
const quoted = "(?:\"[^\"]+\"|“[^”]+”|「[^」]+」|'[^']+'(?!\\w))";
const ignored =
  "(?:\\b(?:please )?(?:ignore|disregard|forget|skip) (?:that|it|this)\\b|\\b(?:do not|don't) (?:do|follow|obey|execute|run) (?:that|it|this)\\b|(?:请|你|先)?(?:别|不要|不用|无需|甭)(?:照做|照着做|理它?|管它?|听它?的?|当真|执行|信)|(?:请)?(?:无视|忽略)(?:它|这句|掉)?)";
const setAside = new RegExp(
  `${somebody}\\s*${wrote}[^"“「,，。]{0,12}${quoted}[^"“「?？]{0,30}?${ignored}[\\s,，.。;；!！]*`,
  "i",
);
