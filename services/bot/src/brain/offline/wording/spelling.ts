import { editDistance } from "@resonance/ops-mcp";

// Written short by people in a hurry, each with the word in full.
const short: Readonly<Record<string, string>> = {
  svc: "service",
  svcs: "services",
  srv: "service",
  srvs: "services",
  msg: "message",
  msgs: "messages",
  conn: "connection",
  conns: "connections",
  mem: "memory",
  cfg: "config",
  conf: "config",
  ver: "version",
  img: "image",
  evt: "event",
  evts: "events",
  ev: "events",
  err: "error",
  errs: "errors",
  logz: "logs",
  lat: "latency",
  po: "pod",
  hist: "history",
  stat: "status",
  stats: "statistics",
  comps: "components",
  procs: "processes",
  proc: "process",
};

/** The words that decide what a question is about. */
const vocabulary =
  `service services component components process processes alert alerts alarm alarms event events
  restart restarts restarted restarting reboot bounce help commands command examples example usage
  success failure error errors warning warnings exception exceptions connection connections latency memory message
  messages queue outbox backlog throughput online status list show describe image probe probes
  rollout version environment variables healthy unhealthy health diagnose yesterday today minute
  minutes hours hour logs pods firing users people running crashing crashed crash stuck broken slow
  working percentile median average rate compared previous between without containing excluding
  container dead letters slow query queries chat system overview everything capabilities features
  manual instructions running deployed deployment limits requests liveness readiness resource
  happened happening investigate problem problems please thanks cancel weather password delete night nights
  morning afternoon evening midnight since`
    .split(/\s+/)
    .filter((word) => word !== "");

// Ordinary words that are one letter away from one of those.
const ordinary = new Set(
  `succeed succeeds even evens ever every alter alters server servers serve served severs service's show shows shown
  shop shot stow slot slots list lists lost last least lest listen hello held hell heap helm helps
  helped helping helper rate rates rating late later latest date dates data gate gates log logs lag
  lags lots lot loss pods pod pad pads food image images imagine manage probe probed prone prove
  proved proven version versions aversion running turning ruining morning warming burning learning
  crash crashes crush cash clash stuck stick stack struck broken token slow slows slowly show blow
  glow flow working walking letters letter better setter getter chat chats what that than char
  system systems people peoples happen happens today toady hour hours ours four your minute minutes
  error errors mirror terror errored event invent prevent health heath wealth healthz healthcheck
  online offline inline outline status statue static states state stated rollout rollouts query
  quarry very commend comment comments command commands example sample user users uses used useful
  usage using usual message massage passage messaged please pleased pleases place places release
  releases thanks think thank banks dead deal deaf read head lead deed limit limits request requests
  requested bounce bounced pounce pounced rounce reboot rebooted robot restart restarts restarted
  restarting restore start starts started starting alarm alarms alarmed alert alerts alerted alerting
  firing fire fired hiring wiring problem problems exception exceptions exceptional connection
  connections connected connecting collection collections correction latency memory memories queue
  queues queued quote backlog backlogs process processes processed processing process's component
  components opponent warning warnings warming earning previous previously compare compares compared
  compiled delayed delay delays percentage percent percents average averages between container containers contained container's contain deployed
  deploys deploying redeployed employed deployment deployments describe described subscribe
  prescribe diagnose diagnosed diagnosis investigate investigated features feature creature manual
  annual password passwords delete deleted deletes cancel cancels weather whether leather healthy
  wealthy unhealthy without within environment variable variables resource resources cancel line
  lines like likes mine nine live lives alive love delivered deliver instance distance`.split(
    /\s+/,
  ),
);

/** The text with misspelt and shortened words of the vocabulary in full. */
export function correctSpelling(text: string): string {
  return text.replace(/(?<![\w./@'\\-])[A-Za-z]{2,16}(?![\w./@\\-])/g, (word) => {
    const lower = word.toLowerCase();
    return Object.hasOwn(short, lower) ? (short[lower] ?? word) : (nearest(lower) ?? word);
  });
}

function nearest(word: string): string | undefined {
  if (word.length < 4 || ordinary.has(word) || known.has(word)) return undefined;
  const slip = vocabulary.find((target) => isSlipAtEnd(word, target));
  if (slip !== undefined) return slip;
  const close = vocabulary
    // "Deploy" is no misspelt "deployed".
    .filter((target) => !target.startsWith(word) && !word.startsWith(target))
    .filter((target) => Math.abs(target.length - word.length) <= 2)
    .map((target) => ({ target, distance: editDistance(word, target) }))
    .filter(({ target, distance }) => distance <= tolerated(word, target))
    .sort((one, other) => one.distance - other.distance);
  return close[0]?.target;
}

const known = new Set(vocabulary);

/** "Restartt", "restar": the last letter twice, or left out where it makes no form of the word. */
function isSlipAtEnd(word: string, target: string): boolean {
  if (word.length < 5) return false;
  return (
    word === target + target.at(-1) || (word === target.slice(0, -1) && !/[sdr]$/.test(target))
  );
}

/** Of short words only swapped letters are mistakes; others are too near to other words. */
function tolerated(word: string, target: string): number {
  const isSwapped = [...word].sort().join("") === [...target].sort().join("");
  if (word[0] !== target[0] && !isSwapped) return 0;
  if (target.length < 5) return isSwapped ? 1 : 0;
  return target.length < 9 ? 1 : 2;
}
