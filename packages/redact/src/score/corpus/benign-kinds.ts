import { alphabets, type Random } from "./random.ts";

type Template = (random: Random) => string;

const hex = (random: Random, length: number) => random.string(length, alphabets.hex);
const uuid = (random: Random) => [8, 4, 4, 4, 12].map((length) => hex(random, length)).join("-");
const time = (random: Random) =>
  `2026-11-${10 + random.below(20)}T1${random.below(10)}:${10 + random.below(50)}:${10 + random.below(50)}.${100 + random.below(900)}Z`;
const number = (random: Random, limit = 10_000) => `${random.below(limit)}`;
const msgId = (random: Random) => `74${random.string(17, alphabets.digits)}`;
const service = (random: Random) =>
  random.pick(["gateway", "logic", "task", "bot", "mysql", "nats"]);

export const benignKinds: Readonly<Record<string, readonly Template[]>> = {
  ids: [
    (r) => `${time(r)} INFO ${service(r)} request ${uuid(r)} done in ${number(r, 900)} ms`,
    (r) => `trace_id=${hex(r, 32)} span_id=${hex(r, 16)} flags=01`,
    (r) => `traceparent: 00-${hex(r, 32)}-${hex(r, 16)}-01`,
    (r) => `msg_id=${msgId(r)} seq_id=${number(r)} session_id=single:alice:bob stored`,
    (r) => `sessionId=room:${number(r)} members=${number(r, 500)}`,
    (r) => `checked out ${hex(r, 40)} (main)`,
    (r) => `${hex(r, 7)} logic: close sockets that stop reading`,
    (r) => `container ${hex(r, 64)} started`,
    (r) => `pulled registry.example.com/im/${service(r)}@sha256:${hex(r, 64)}`,
    (r) => `etag "${hex(r, 32)}" matched`,
    (r) =>
      `pod ${service(r)}-${hex(r, 9)}-${r.string(5, alphabets.lower)} scheduled to node-${number(r, 9)}`,
    (r) =>
      `cursor=${Buffer.from(JSON.stringify({ id: r.below(100_000), at: r.below(1_000) })).toString("base64")} limit=100`,
    (r) => `nextPageToken=${r.string(24, alphabets.base64url)}`,
    (r) => `object 507f${hex(r, 20)} updated`,
    (r) => `request-id: ${r.string(22, alphabets.base64)}==`,
    (r) =>
      `{"level":30,"time":${1_790_000_000_000 + r.below(1e9)},"pid":${number(r)},"msgId":"${msgId(r)}","msg":"answered"}`,
  ],
  talk_of_secrets: [
    () => "the password is too short",
    () => "password: must be at least 8 characters",
    () => "invalid password for user alice",
    () => "token expired, signing in again",
    (r) => `tokens=${number(r)} prompt_tokens=${number(r)} completion_tokens=${number(r)}`,
    (r) => `max_tokens: ${number(r)}, tokens used: ${number(r)}`,
    (r) => `token bucket empty, retry in ${number(r, 100)} ms`,
    () => "secret db-credentials not found in namespace im",
    () => "mounting secret/tls-cert at /var/run/secrets/tls",
    () => "secretName: gateway-tls",
    () => "env names: DB_PASSWORD, API_KEY, JWT_SECRET",
    () => "password=[redacted] user=bob",
    () => 'password="****" accepted',
    () => `DB_PASSWORD=${"$"}{DB_PASSWORD} is not set`,
    () => "authorization failed: role user may not restart",
    () => "cookie banner shown to visitor",
    () => "password reset e-mail was sent",
    (r) => `primary key ${number(r)} of t_message violated`,
    (r) => `Duplicate entry '${number(r)}-alice' for key 't_user.uk_username'`,
    () => "Access denied for user 'im'@'10.0.0.5' (using password: YES)",
    (r) => `cache key user:${number(r)}:profile missed`,
    () => "basic auth is disabled; bearer tokens only",
    () => "public key fingerprint SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
    () => "api key rotation finished for 3 clients",
    (r) => `auth ok user=alice took=${number(r, 90)}ms`,
    () => "用户密码错误，请重试",
    () => "密码长度不能少于 8 位",
    () => "令牌已过期，请重新登录",
    () => "the access token was refreshed successfully",
    () => "credentials loaded from /etc/im/credentials.json",
    (r) => `pass=${number(r, 90)} fail=0 skip=2`,
    (r) => `seed=${number(r)} rounds=3`,
    () => "token: null, secret: none, password: <unset>",
    () => "PASS services/logic/src/send-message.live.test.ts",
  ],
  addresses: [
    (r) => `connected to nats://127.0.0.1:${4_000 + r.below(999)}`,
    (r) => `GET /api/sessions?limit=${number(r)}&after=${msgId(r)} 200 ${number(r, 90)}ms`,
    (r) => `upstream http://10.0.${number(r, 255)}.${number(r, 255)}:8080/metrics answered 200`,
    () => "mail from alice@example.com to bob@example.com queued",
    () => "https://git.example.com/im/resonance/commit/9f8c3d2 opened",
    (r) => `ws://localhost:8080/ws?v=${number(r, 9)} opened`,
    () => "ssh://git@git.example.com:22/im.git fetched",
    (r) => `peer [2001:db8::${hex(r, 4)}]:443 closed`,
    (r) => `https://example.com:8443/p/${number(r)}/user@example.com 404`,
  ],
  system: [
    (r) =>
      `${time(r)} WARN ${service(r)} slow query: ${number(r)} ms SELECT * FROM t_user WHERE username = 'alice'`,
    (r) =>
      `    at sendMessage (/app/services/logic/src/send-message.ts:${number(r, 300)}:${number(r, 80)})`,
    () => "Error: connect ECONNREFUSED 127.0.0.1:3306",
    (r) => `/var/lib/docker/overlay2/${hex(r, 64)}/merged is full`,
    (r) => `node v24.${number(r, 30)}.0 on linux/x64, pid ${number(r)}`,
    (r) => `InnoDB: Buffer pool(s) load completed at 2611${number(r, 30)} ${number(r, 24)}:00:00`,
    (r) => `heap ${number(r, 900)} MiB, rss ${number(r, 900)} MiB, event loop ${number(r, 90)} ms`,
    (r) => `level=info ts=${time(r)} caller=main.go:${number(r, 500)} msg="server is ready"`,
    (r) => `[${number(r)}.${number(r)}] eth0: link up, 1000 Mbps, full duplex`,
    (r) => `sha512-${r.string(86, alphabets.base64)}== matches the lock file`,
    (r) =>
      `Back-off restarting failed container task in pod task-${hex(r, 9)}-${r.string(5, alphabets.lower)}_im(${uuid(r)})`,
    (r) => `image: docker.io/library/mysql:8.4.${number(r, 9)} imageID: sha256:${hex(r, 64)}`,
    (r) =>
      `10.0.0.${number(r, 255)} - - [26/Nov/2026:10:00:0${number(r, 9)} +0000] "GET /healthz HTTP/1.1" 200 ${number(r)} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"`,
    (r) => `gc ${number(r)} @${number(r)}s 0%: 0.01+${number(r, 9)}.2+0.004 ms clock`,
    (r) => `resonance_send_latency_seconds_bucket{le="0.005",service="logic"} ${number(r)}`,
    (r) => `kafka offset ${number(r)} partition ${number(r, 9)} lag ${number(r)}`,
  ],
  chat: [
    () => "帮我查看 Gateway 的日志",
    () => "最近一小时 logic 有没有报错",
    () => "is anything unhealthy?",
    () => "p99 of sends over the last 30 minutes",
    () => "重启 task 服务",
    () => "how do I change my password?",
    () => "where is the api key stored?",
    () => "怎么修改密码？",
    () => "which secret does the gateway use?",
    () => "show me logs with token in them",
  ],
};
