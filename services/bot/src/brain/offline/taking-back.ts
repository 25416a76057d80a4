/** Whether a text takes back what was asked before, and says nothing else that counts. */
export function isTakenBack(text: string): boolean {
  return whole.test(text) || first.test(text);
}

const zh = [
  // Of what was asked: it is to be left.
  "算了吧?|作罢|打住|停|先别|慢着|且慢|等等|等一?下|取消(?:吧|掉)?|撤销|撤回|作废",
  "(?:请)?(?:忽略|无视)(?:它|吧|掉|我|上(?:一|面)条?|刚才(?:的|那条)?)?(?:消息)?",
  "(?:先)?别(?:管|弄|看|查|理我?|动|急|搞)了?|先不(?:用|管|弄|查|看|搞)了?",
  "不(?:用|需要|必|问|看|查|弄)了?|不用[看查管弄]了?|没事了?|没什么|没你(?:的)?事了?",
  // Of the words: they do not count.
  "(?:就)?当我?(?:什么都)?没(?:说|问|讲)过?|我?收回(?:刚才)?(?:的|这|那)?(?:句)?话?|刚才(?:的|那[句条个]|说的)?(?:话|消息)?(?:不算|作废)|不算数?|改主意了?",
  "不对|不是|错了|(?:我)?(?:说|打|发|问|搞|弄|点|看)错(?:了|人|群|窗口|地方|频道)*|手滑|手误|口误|误会|搞混了?|抱歉|不好意思|对不起",
  // It is no longer wanted.
  "(?:已经|现在|又)?(?:好了|恢复了|没问题了|解决了|搞定了|查到了|找到了)",
];
const en = [
  "never ?mind|nvm|forget (?:it|about it|that|what i said|i (?:said|asked)(?: anything)?)|cancel(?: that| it| my (?:request|question|last \\w+))?|(?:scratch|strike) (?:that|it)|belay that",
  "(?:please )?(?:ignore|disregard) (?:that|me|this|it|(?:my|the) (?:last|previous|earlier)(?: \\w+)?)|disregard|stop|abort|hold (?:on|off)|hang on|wait",
  "(?:skip|drop) (?:it|that)|leave (?:it|that)(?: alone| be)?|don'?t bother|don'?t(?: do (?:it|that|anything))?|do not|not needed(?: anymore)?|no longer needed|no,? thanks?|no need|no|nah|actually|oh",
  "i take (?:that|it) back|take (?:that|it) back|(?:i )?(?:have |just )?changed my mind|on second thoughts?",
  "my bad|my mistake|false alarm|typo|sorry|oops|whoops|(?:i )?(?:didn't|did not) mean (?:that|it|to (?:send|ask|say) that)",
  "(?:that )?(?:wasn't|was not|isn't|is not) (?:for|meant for|addressed to) (?:you|here|this (?:chat|channel))|wrong (?:chat|window|channel|room|thread|person|place|button)",
  "(?:it's |all |already )?(?:solved|sorted|fixed|fine) (?:now|already)|(?:i )?(?:found|got) it(?: myself)?",
];
const opening = "(?:那|那就|还是|哦|嗯|啊|呃|哎|额|(?:ok|oh|um+|ah|actually|wait),? ?)?";
const close = "(?:了|吧|啦|哈|哦|啊)?(?:[,.!。! ]+|$)";

/** One after the other, to the end: "不对，当我没说". */
const whole = new RegExp(`^${opening}(?:(?:${[...zh, ...en].join("|")})${close})+$`, "i");
/** What can mean nothing else may have a few words behind it: "算了 先这样". */
const plain =
  "算了吧?|不用了?|没事了?|没什么|取消(?:吧|掉)?|撤销|撤回|忽略(?:它|吧)?|不需要了?|不必了?|当我没说|不问了|先不(?:用|管|弄|查)了?|作罢|打住|别管了|别弄了|never ?mind|nvm|forget (?:it|about it|that)|cancel(?: that| it)?|scratch that|ignore (?:that|me)|no thanks?|no need|stop|skip it|drop it|leave it|don'?t bother|not needed(?: anymore)?|disregard(?: that)?|my bad|false alarm|wrong (?:chat|window|channel)";
const first = new RegExp(`^${opening}(?:(?:${plain})${close})+.{0,12}$`, "i");
