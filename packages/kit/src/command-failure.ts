import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ChatError } from "./chat-error.ts";
import { ConfigError, type Environment } from "./config.ts";
import { homeOf } from "./of-home.ts";
import { type Language, terminalLanguage } from "./terminal-language.ts";

/**
 * What a command tells the terminal, in its language, of the error that ended it: for a home where
 * no stack has run, for one that keeps no URL for this command, and for a database that is away,
 * what is wrong and what to do; else the error's own message.
 *
 * @param environment as `ofHome` gives it to a command that works on RESONANCE_MYSQL_URL
 */
export function commandFailure(error: unknown, environment: Environment): string {
  const say = sentences[terminalLanguage(environment)];
  const { RESONANCE_MYSQL_URL: url, RESONANCE_MYSQL_URL_FILE: urlFile } = environment;
  const home = homeOf(environment);
  if (error instanceof ConfigError && !url && !urlFile) {
    const ownDatabase = URL.parse(contentOf(join(home, "secrets", "mysql-logic-url")));
    return ownDatabase ? say.nameIt(home, ownDatabase) : say.neverStarted(home);
  }
  if (error instanceof ChatError && error.code === "unavailable") {
    const isOfHome = !url && urlFile?.startsWith(home);
    const advice = isOfHome ? say.startIt(home) : say.checkUrl;
    return `${say.noDatabase(hostOf(url || contentOf(urlFile)), reasonOf(error))}\n${advice}`;
  }
  return error instanceof Error ? error.message : String(error);
}

type FailureSentences = {
  neverStarted(home: string): string;
  nameIt(home: string, database: URL): string;
  noDatabase(host: string, reason: string): string;
  startIt(home: string): string;
  readonly checkUrl: string;
};

const sentences: Readonly<Record<Language, FailureSentences>> = {
  en: {
    neverStarted: (home) =>
      `no Resonance was found on ${home}: start one with\n  npm start\nor name the home of another one in RESONANCE_HOME, or its database in RESONANCE_MYSQL_URL`,
    nameIt: (home, database) =>
      `the Resonance on ${home} has a database of its owner's at ${database.host}, whose URL is not kept for this command: name it, with an account that may change tables\n  ${migrateThe(database)}`,
    noDatabase: (host, reason) => `cannot connect to MySQL at ${host}: ${reason}`,
    startIt: (home) =>
      `it belongs to the Resonance on ${home}: if that is not running, start it with\n  npm start`,
    checkUrl: "check that it runs, and what RESONANCE_MYSQL_URL says",
  },
  zh: {
    neverStarted: (home) =>
      `${home} 上没有找到 Resonance，请先启动：\n  npm start\n或者用 RESONANCE_HOME 指定另一个目录，或用 RESONANCE_MYSQL_URL 指定数据库`,
    nameIt: (home, database) =>
      `${home} 上的 Resonance 使用的是 ${database.host} 上自备的数据库，它的 URL 没有为此命令保存，请用一个可以修改表结构的账号指定：\n  ${migrateThe(database)}`,
    noDatabase: (host, reason) => `无法连接 ${host} 上的 MySQL：${reason}`,
    startIt: (home) => `它属于 ${home} 上的 Resonance，如果没有在运行，请先启动：\n  npm start`,
    checkUrl: "请确认它正在运行，并检查 RESONANCE_MYSQL_URL",
  },
};

/** Without the account: it is no secret of ours to show. */
function migrateThe({ host, pathname }: URL): string {
  return `RESONANCE_MYSQL_URL=mysql://user:password@${host}${pathname} npm run migrate`;
}

/** A driver's error says more than ours; one of several addresses has no message, but a code. */
function reasonOf(error: ChatError): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || ("code" in cause ? String(cause.code) : error.message);
}

function hostOf(url: string): string {
  return URL.parse(url)?.host || "?";
}

function contentOf(path: string | undefined): string {
  try {
    return path ? readFileSync(path, "utf8").trim() : "";
  } catch {
    // Whoever could not read it has said so.
    return "";
  }
}
