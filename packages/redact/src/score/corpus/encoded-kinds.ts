import type { SecretKindMaker } from "./planted.ts";

/** Secrets that show themselves once they are decoded: in dumps of bytes and in escapes. */
export const encodedKinds: Readonly<Record<string, SecretKindMaker>> = {
  byte_dump: (random, index) => {
    const secret = `Z${random.string(13)}7`;
    const sent = `user=kai&password=${secret}&next=%2F`;
    const auth = `*2\r\n$4\r\nAUTH\r\n$15\r\n${secret}\r\n`;
    const text =
      [dump(sent, "|"), dump(sent, ""), dump(auth, ""), dump(`xx${sent}`, "|")][index % 4] ?? "";
    return { text, secret: secret.slice(0, 8), fragments: piecesIn(text, secret), isWhole: true };
  },
  byte_list: (random, index) => {
    const word = `Z${random.string(13)}7`;
    const secret = hexOf(word, " ");
    const text =
      [
        `<Buffer ${hexOf("password=", " ")} ${secret} ${hexOf("&x=1", " ")}>`,
        `payload ${hexOf("token: ", " ")} ${secret}`,
      ][index % 2] ?? "";
    return { text, secret };
  },
  unescaped: (random, index) => {
    const secret = `Z${random.string(13)}7`;
    const text =
      [
        `{"msg":"\\u5bc6\\u7801\\u662f${secret}"}`,
        `b'\\xe5\\xaf\\x86\\xe7\\xa0\\x81: ${secret}'`,
        `GET /x?q=%E5%AF%86%E7%A0%81%E6%98%AF${secret} HTTP/1.1`,
        `pass%77ord=${secret}&x=1`,
        `<td>&#23494;&#30721;&#65306;${secret}</td>`,
      ][index % 5] ?? "";
    return { text, secret };
  },
};

function hexOf(text: string, between: string): string {
  return Buffer.from(text, "latin1")
    .toString("hex")
    .replaceAll(/(?<=^(?:..)+)(?=.)/g, between);
}

/** Rows of 16 bytes: an offset, their pairs and what they print. */
function dump(text: string, rule: string): string {
  const rows = text.match(/[\s\S]{1,16}/g) ?? [];
  return rows
    .map((row, index) => {
      const pairs = hexOf(row, " ").padEnd(47);
      const printed = row.replaceAll(/[^\x20-\x7e]/g, ".");
      return `${(index * 16).toString(16).padStart(8, "0")}  ${pairs}  ${rule}${printed}${rule}`;
    })
    .join("\n");
}

/** What of a secret stands in one piece, of at least five characters. */
function piecesIn(text: string, secret: string): string[] {
  const printed = text.split("\n").map((row) => row.slice(59));
  return Array.from({ length: secret.length - 4 }, (_, at) => secret.slice(at, at + 5)).filter(
    (piece) => printed.some((row) => row.includes(piece)),
  );
}
