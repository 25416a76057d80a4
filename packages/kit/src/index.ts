export { ChatError, toChatError } from "./chat-error.ts";
export { ConfigError, type Environment, readConfig } from "./config.ts";
export { armFailpoints, failpoint } from "./failpoint.ts";
export { createLogger, guardedOutput, type LogGuard, type Logger } from "./log.ts";
export { type Metrics, openMetrics } from "./metrics.ts";
export { ofHome } from "./of-home.ts";
export { retry } from "./retry.ts";
export { runService, type ServiceContext } from "./run-service.ts";
export { type ListenAddress, listenAddress, logLevel, secret } from "./settings.ts";
export { startRepeating } from "./start-repeating.ts";
export {
  openTracing,
  type SpanKey,
  type SpanRecord,
  spanIdOf,
  type Tracing,
  traceIdOf,
} from "./tracing.ts";
