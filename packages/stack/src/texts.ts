import type { Language } from "@resonance/kit";
import type { StackEvent } from "./stack-event.ts";
import type { StartProblem } from "./start-error.ts";

/** What `npm start` says, in one language. The ready line is the same in all. */
export type Sentences = {
  event(event: StackEvent): string;
  problem(problem: StartProblem): string;
  readonly stopping: string;
  readonly stopped: string;
  /** What stands below the ready line. */
  welcome(adminPassword: string): string;
  readonly passwordChanged: string;
};

const en: Sentences = {
  event(event) {
    switch (event.kind) {
      case "took_over":
        return "the last run on this home ended suddenly; carrying on from its data";
      case "server_note":
        return event.text;
      case "migrated":
        return event.applied === 0
          ? "database: up to date"
          : `database: ${event.applied} ${event.applied === 1 ? "migration" : "migrations"} applied`;
      case "building_page":
        return "building the page (only when it has changed)";
      case "service_crashed":
        return [
          `${event.service} ended unexpectedly (${event.exit}); starting it again in ${seconds(event.retryInMs)} s`,
          ...(event.lastError ? [`  last error: ${event.lastError}`] : []),
          `  log: ${event.logFile}`,
        ].join("\n");
      case "restart_requested":
        return `${event.service} is being restarted, as approved in the chat`;
      case "service_back":
        return `${event.service} is running again (process ${event.pid}, restart ${event.restarts})`;
      case "service_lost":
        return `${event.service} cannot be started again: ${event.reason}; stop with Ctrl-C and start again`;
      case "state_unwritable":
        return `cannot write ${event.file}: ${event.reason}`;
    }
  },
  problem(problem) {
    switch (problem.kind) {
      case "home_in_use":
        return [
          `Resonance is already running on ${problem.home}: ${problem.url} (process ${problem.pid})`,
          `A second one needs a home and a port of its own:\n  ${secondStack(problem.url)}`,
        ].join("\n");
      case "home_unusable":
        return `RESONANCE_HOME: ${problem.home} cannot be used: ${problem.reason}`;
      case "port_taken":
        return [
          `port ${problem.port} is taken${problem.byResonance ? " by another Resonance" : ""}`,
          `Choose another one:\n  ${wayOut(problem)}`,
        ].join("\n");
      case "port_forbidden":
        return `port ${problem.port} is not open to this user; choose one above 1023:\n  RESONANCE_HTTP_PORT=8080 npm start`;
      case "service_failed":
        return [
          `${problem.service} could not start (${problem.exit})${problem.lastError ? `: ${problem.lastError}` : ""}`,
          "Its last lines:",
          ...problem.lastLines.map((line) => `  ${line}`),
          `log: ${problem.logFile}`,
        ].join("\n");
      case "page_failed":
        return `the web page could not be built:\n${problem.output}`;
    }
  },
  stopping: "stopping (Ctrl-C again ends everything at once)",
  stopped: "stopped",
  welcome: (adminPassword) =>
    [
      `  sign in   user admin, password ${adminPassword}`,
      "  try       in the chat with ops-bot: show me the gateway logs",
      '            or in another terminal:  npm run -s ask -- "show me the gateway logs"',
      "  stop      Ctrl-C stops it; the data stays",
    ].join("\n"),
  passwordChanged:
    "  note      admin has another password in this database: the one above does not sign in",
};

const zh: Sentences = {
  event(event) {
    switch (event.kind) {
      case "took_over":
        return "上一次运行意外中断，将沿用它的数据继续";
      case "server_note":
        return event.text;
      case "migrated":
        return event.applied === 0 ? "数据库：已是最新" : `数据库：已执行 ${event.applied} 个迁移`;
      case "building_page":
        return "正在构建网页（仅在有改动时）";
      case "service_crashed":
        return [
          `${event.service} 意外退出（${zhExit(event.exit)}），${seconds(event.retryInMs)} 秒后重新启动`,
          ...(event.lastError ? [`  最后的错误：${event.lastError}`] : []),
          `  日志：${event.logFile}`,
        ].join("\n");
      case "restart_requested":
        return `${event.service} 正在重启（已在聊天中批准）`;
      case "service_back":
        return `${event.service} 已恢复运行（进程 ${event.pid}，第 ${event.restarts} 次重启）`;
      case "service_lost":
        return `${event.service} 无法重新启动：${event.reason}；请按 Ctrl-C 停止后再启动`;
      case "state_unwritable":
        return `无法写入 ${event.file}：${event.reason}`;
    }
  },
  problem(problem) {
    switch (problem.kind) {
      case "home_in_use":
        return [
          `Resonance 已在 ${problem.home} 上运行：${problem.url}（进程 ${problem.pid}）`,
          `再开一个需要单独的目录和端口：\n  ${secondStack(problem.url)}`,
        ].join("\n");
      case "home_unusable":
        return `RESONANCE_HOME：无法使用 ${problem.home}：${problem.reason}`;
      case "port_taken":
        return [
          `端口 ${problem.port} 已被占用${problem.byResonance ? "（另一个 Resonance）" : ""}`,
          `请换一个端口：\n  ${wayOut(problem)}`,
        ].join("\n");
      case "port_forbidden":
        return `当前用户无权使用端口 ${problem.port}，请选择 1023 以上的端口：\n  RESONANCE_HTTP_PORT=8080 npm start`;
      case "service_failed":
        return [
          `${problem.service} 启动失败（${zhExit(problem.exit)}）${problem.lastError ? `：${problem.lastError}` : ""}`,
          "最后几行日志：",
          ...problem.lastLines.map((line) => `  ${line}`),
          `日志：${problem.logFile}`,
        ].join("\n");
      case "page_failed":
        return `网页构建失败：\n${problem.output}`;
    }
  },
  stopping: "正在停止（再按一次 Ctrl-C 立即结束）",
  stopped: "已停止",
  welcome: (adminPassword) =>
    [
      `  登录   用户 admin，密码 ${adminPassword}`,
      "  试试   在与 ops-bot 的会话中输入：帮我查看 Gateway 的日志",
      '         或在另一个终端中运行：  npm run -s ask -- "帮我查看 Gateway 的日志"',
      "  停止   按 Ctrl-C 停止，数据会保留",
    ].join("\n"),
  passwordChanged: "  注意   这个数据库中 admin 的密码已被修改，上面的密码无法登录",
};

export const sentences: Readonly<Record<Language, Sentences>> = { en, zh };

function zhExit(exit: string): string {
  return exit
    .replace(/^exit code (\S+)$/, "退出码 $1")
    .replace(/^signal (\S+)$/, "信号 $1")
    .replace(/^not ready after (\S+) s$/, "$1 秒内没有就绪")
    .replace(/^while starting$/, "启动时");
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

function secondStack(url: string): string {
  const port = Number(new URL(url).port) + 1;
  return `RESONANCE_HOME=.resonance-2 RESONANCE_HTTP_PORT=${port} npm start`;
}

function wayOut(problem: { readonly freePort: number; readonly byResonance: boolean }): string {
  const port = `RESONANCE_HTTP_PORT=${problem.freePort} npm start`;
  return problem.byResonance ? `RESONANCE_HOME=.resonance-2 ${port}` : port;
}
