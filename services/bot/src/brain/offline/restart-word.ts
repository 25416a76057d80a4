/** Whether a text has the word for a restart in it, in whatever sense. */
export function speaksOfRestart(text: string): boolean {
  return restartWord.test(text);
}

const restartWord =
  /重启|重新启动|重起|重新拉起|拉起(?!不)|\b(?:re-?start|reboot|relaunch)\w*|\bbounc(?:e|es|ed|ing)\b|\b(?:cycle|kick) (?:the )?(?:it|gateway|logic|task|bot|mysql|nats|push|db)\b/i;
