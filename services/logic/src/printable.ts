/** Text of strangers without what a terminal would obey. */
export function printable(text: string): string {
  return text.replaceAll(/(?!\n)\p{Cc}/gu, "�");
}
