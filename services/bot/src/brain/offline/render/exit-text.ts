import type { Language } from "../../../language.ts";

/** How a process ended, which its starter has put as "exit code 1" or "signal SIGKILL". */
export function exitText(lastExit: string, language: Language): string {
  if (language === "en") return lastExit;
  return lastExit
    .replace(/^exit code (\S+)$/, "退出码 $1")
    .replace(/^signal (\S+)$/, "信号 $1")
    .replace(/^not ready after (\S+) s$/, "$1 秒内没有就绪");
}
