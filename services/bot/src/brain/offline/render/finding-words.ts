import type { Finding, FindingCode } from "@resonance/ops-mcp";
import { type Both, countText } from "./phrases.ts";

/** How a finding is told: what was found, what it means, and what to ask next. */
export type FindingWords = { readonly found: Both; readonly means: Both; readonly next: Both };

/** A text with the finding's own figures in the places of `{name}`, and of `{name noun}` with a count. */
export function fill(text: string, { facts, target }: Finding): string {
  const service = target.replace(/^.*[/ ]/, "");
  return text.replace(/\{(\w+)(?: ([\w ]+))?\}/g, (_, name: string, noun?: string) => {
    if (name === "service") return service;
    const value = facts[name];
    if (noun !== undefined && typeof value === "number") return countText(value, noun);
    return String(value ?? "?");
  });
}

/** In words of a colleague. Figures that a finding does not have are not named here. */
export const findingWords = {
  database_down: {
    found: { zh: "数据库连不上", en: "the database cannot be reached" },
    means: {
      zh: "消息无法存储，发送会失败；网关和任务的报错多半由此而来。",
      en: "no message can be stored and sends fail; errors of the other services most likely follow from it.",
    },
    next: { zh: "mysql 的日志", en: "logs of mysql" },
  },
  database_was_down: {
    found: {
      zh: "有一段时间连不上数据库，现在已恢复",
      en: "could not reach the database for a while; it answers now",
    },
    means: {
      zh: "那段时间发送会失败或变慢，其他报错多半由此而来。",
      en: "sends failed or took long in that time, and other errors of then most likely follow from it.",
    },
    next: { zh: "mysql 的日志", en: "logs of mysql" },
  },
  service_down: {
    found: { zh: "没有在运行", en: "is not running" },
    means: { zh: "它负责的功能现在不可用。", en: "what it does is not available now." },
    next: { zh: "{service} 最近 1 小时的错误日志", en: "errors of {service} in the last hour" },
  },
  service_restarting: {
    found: {
      zh: "刚刚重启过，共 {restarts} 次",
      en: "was restarted just now, {restarts time} in all",
    },
    means: {
      zh: "进程自己退出了，守护程序又把它拉了起来。",
      en: "its process ended by itself and was started again.",
    },
    next: { zh: "{service} 重启之前的日志", en: "logs of {service} from before the restart" },
  },
  crash_loop: {
    found: {
      zh: "反复崩溃，已重启 {restarts} 次",
      en: "crashes again and again, {restarts restart} so far",
    },
    means: {
      zh: "进程启动后很快就退出，原因在退出前的日志里。",
      en: "it ends soon after each start; the reason stands in the log before the end.",
    },
    next: { zh: "{service} 重启之前的日志", en: "logs of {service} from before the restart" },
  },
  oom_killed: {
    found: { zh: "内存超限被杀（OOM）", en: "was killed for want of memory (OOM)" },
    means: {
      zh: "它用的内存超过了上限：上限太小，或有内存泄漏。",
      en: "it used more memory than its limit: the limit is too low, or memory leaks.",
    },
    next: { zh: "{service} 的内存", en: "memory of {service}" },
  },
  image_pull: {
    found: { zh: "镜像拉取失败（{pods} 个 Pod）", en: "cannot pull its image ({pods pod})" },
    means: {
      zh: "镜像名或标签不存在，或没有拉取权限。",
      en: "the image or tag does not exist, or the credential to pull it is missing.",
    },
    next: { zh: "{service} 的配置", en: "describe {service}" },
  },
  config_missing: {
    found: {
      zh: "缺少配置，容器无法创建",
      en: "lacks configuration, so its container cannot be made",
    },
    means: {
      zh: "它引用的 ConfigMap 或 Secret 不存在，或缺少其中的键。",
      en: "a ConfigMap or Secret that it refers to is missing, or lacks a key.",
    },
    next: { zh: "{service} 的事件", en: "events of {service}" },
  },
  unschedulable: {
    found: {
      zh: "无法调度（{pods} 个 Pod 在等待）",
      en: "cannot be scheduled ({pods pod} waiting)",
    },
    means: {
      zh: "没有节点满足它的资源或约束。",
      en: "no node has the resources or meets the constraints that it asks for.",
    },
    next: { zh: "{service} 的配置", en: "describe {service}" },
  },
  node_not_ready: {
    found: { zh: "节点不正常（{reason}）", en: "the node is not well ({reason})" },
    means: {
      zh: "这个节点上的 Pod 可能失联或被迁走。",
      en: "pods on it may be out of reach, or be moved.",
    },
    next: { zh: "有哪些 Pod", en: "list pods" },
  },
  probe_failing: {
    found: { zh: "健康检查失败", en: "fails its health check" },
    means: {
      zh: "它在运行，但没有就绪，流量不会发给它。",
      en: "it runs but is not ready, so no traffic is sent to it.",
    },
    next: { zh: "{service} 的错误日志", en: "errors of {service}" },
  },
  rollout_stuck: {
    found: {
      zh: "发布卡住（期望 {desired}，就绪 {ready}，已更新 {updated}）",
      en: "its rollout is stuck (desired {desired}, ready {ready}, updated {updated})",
    },
    means: {
      zh: "新版本的 Pod 没有就绪，旧的还在服务。",
      en: "pods of the new version do not get ready; the old ones still serve.",
    },
    next: { zh: "{service} 的事件", en: "events of {service}" },
  },
  no_endpoints: {
    found: {
      zh: "服务后面没有可用的 Pod（选择器 `{selector}`）",
      en: "has no pod to send to (selector `{selector}`)",
    },
    means: {
      zh: "访问它会失败：没有匹配的 Pod，或都没有就绪。",
      en: "requests to it fail: no pod matches, or none is ready.",
    },
    next: { zh: "{service} 的 Pod", en: "pods of {service}" },
  },
  container_failed: {
    found: { zh: "容器异常退出", en: "its container failed" },
    means: {
      zh: "容器以错误结束，没有再运行。",
      en: "it ended with an error and does not run any more.",
    },
    next: { zh: "{service} 的错误日志", en: "errors of {service}" },
  },
  not_ready: {
    found: { zh: "在运行但没有就绪", en: "runs but is not ready" },
    means: { zh: "流量不会发给它。", en: "no traffic is sent to it." },
    next: { zh: "{service} 的日志", en: "logs of {service}" },
  },
  certificate_expired: {
    found: {
      zh: "日志里有证书过期（{lines} 行）",
      en: "logs an expired certificate ({lines line})",
    },
    means: {
      zh: "对方的 TLS 证书已过期，相关连接会一直失败，直到换上新证书。",
      en: "connections there fail until the certificate is renewed.",
    },
    next: { zh: "{service} 里包含 certificate 的日志", en: 'logs of {service} with "certificate"' },
  },
  connections_near_limit: {
    found: {
      zh: "连接数或打开的文件数已到上限附近",
      en: "is at the limit of its connections or open files",
    },
    means: { zh: "新的连接会被拒绝。", en: "further connections are refused." },
    next: { zh: "连接数", en: "connections" },
  },
  queue_full: {
    found: { zh: "消息队列快满了（{percent}%）", en: "the queue is nearly full ({percent} %)" },
    means: {
      zh: "满了以后新的事件会留在发件箱，推送和机器人会变慢。",
      en: "once full, events stay in the outbox, and deliveries and bots fall behind.",
    },
    next: { zh: "队列积压", en: "queue lag" },
  },
  queue_lag: {
    found: {
      zh: "消费积压 {pending} 条，最老的等了 {oldestSeconds} 秒",
      en: "lags behind: {pending message} waiting, the oldest for {oldestSeconds} s",
    },
    means: {
      zh: "消息已存储，但推送或机器人回答会迟到。",
      en: "messages are stored, but deliveries or answers of bots are late.",
    },
    next: { zh: "队列积压最近 1 小时", en: "queue lag over the last hour" },
  },
  nats_down: {
    found: { zh: "NATS 连不上", en: "NATS cannot be reached" },
    means: {
      zh: "消息照常存储，推送和机器人要等它恢复。",
      en: "messages are stored all the same; deliveries and bots wait for it.",
    },
    next: { zh: "nats 的日志", en: "logs of nats" },
  },
  nats_was_down: {
    found: {
      zh: "有一段时间连不上 NATS，现在已恢复",
      en: "could not reach NATS for a while; it is connected now",
    },
    means: {
      zh: "消息照常存储，那段时间的推送和机器人回答来得晚。",
      en: "messages were stored all the same; deliveries and answers of bots came late in that time.",
    },
    next: { zh: "nats 的日志", en: "logs of nats" },
  },
  slow_queries: {
    found: { zh: "数据库有慢查询", en: "the database has slow statements" },
    means: {
      zh: "语句执行过久，发送和推送会跟着变慢。",
      en: "statements take too long, and sends and deliveries become slow with them.",
    },
    next: { zh: "发送延迟 p99", en: "p99 of sends" },
  },
  database_slow: {
    found: {
      zh: "数据库响应慢（一次往返 {roundTripMs} ms）",
      en: "the database answers slowly ({roundTripMs} ms for a round trip)",
    },
    means: {
      zh: "存储变慢会让发送和推送都变慢。",
      en: "a slow store makes sends and deliveries slow.",
    },
    next: { zh: "发送延迟 p99", en: "p99 of sends" },
  },
  outbox_backlog: {
    found: { zh: "发件箱积压 {pending} 条", en: "{pending event} waiting in the outbox" },
    means: {
      zh: "消息已存储，但还没发布到队列。",
      en: "messages are stored, but not yet published.",
    },
    next: { zh: "发件箱积压", en: "outbox backlog" },
  },
  dead_letters: {
    found: {
      zh: "死信 {total} 条，未重放 {unreplayed} 条，最近一小时新增 {lastHour} 条",
      en: "{total dead letter}, {unreplayed} never replayed, {lastHour} in the last hour",
    },
    means: {
      zh: "这些事件消费者处理不了，被放到一边；原因和重放：`npm run dead-letters`。",
      en: "consumers could not handle these events and set them aside; causes and replay: `npm run dead-letters`.",
    },
    next: { zh: "task 的错误日志", en: "errors of task" },
  },
  bot_runs_waiting: {
    found: { zh: "{waiting} 个问题在排队等机器人", en: "{waiting question} waiting for the bot" },
    means: { zh: "提问的人要等更久。", en: "people wait longer for answers." },
    next: { zh: "bot 的错误日志", en: "errors of bot" },
  },
  alert_firing: {
    found: { zh: "告警 {name} 正在触发（自 {since}）", en: "alert {name} fires since {since}" },
    means: { zh: "告警规则认为它需要处理。", en: "its rule says that it needs attention." },
    next: { zh: "有哪些告警", en: "which alerts fire" },
  },
  disk_full: {
    found: { zh: "磁盘空间不足", en: "the disk is full" },
    means: { zh: "写入会失败：先腾出空间。", en: "writes fail: make room first." },
    next: { zh: "{service} 的错误日志", en: "errors of {service}" },
  },
  recovered: {
    found: {
      zh: "之前重启过 {restarts} 次，现在已恢复",
      en: "was restarted {restarts time} and has recovered",
    },
    means: {
      zh: "目前正常，可以事后查看原因。",
      en: "it is well now; the cause can be looked up in peace.",
    },
    next: { zh: "{service} 重启之前的日志", en: "logs of {service} from before the restart" },
  },
  error_lines: {
    found: { zh: "日志里有 {lines} 行错误", en: "logged {lines error line}" },
    means: {
      zh: "只是记录，没有对应的异常状态；不一定是故障。",
      en: "no state that I looked at is wrong because of it; it need not be a fault.",
    },
    next: { zh: "{service} 最近 1 小时的错误日志", en: "errors of {service} in the last hour" },
  },
} as const satisfies Record<FindingCode, FindingWords>;
