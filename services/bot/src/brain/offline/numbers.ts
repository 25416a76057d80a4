const zhDigits = "零一二三四五六七八九";
const enWords = new Map<string, number>([
  ...["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"].map(
    (word, index): [string, number] => [word, index + 1],
  ),
  ["a", 1],
  ["an", 1],
  ["eleven", 11],
  ["twelve", 12],
  ["fifteen", 15],
  ["twenty", 20],
  ["thirty", 30],
  ["forty", 40],
  ["forty-five", 45],
  ["fifty", 50],
  ["sixty", 60],
  ["ninety", 90],
  ["hundred", 100],
  ["a hundred", 100],
]);

/** The source of a pattern for numbers in digits, in Chinese or in English words. */
export const numberSource = `\\d+(?:\\.\\d+)?|[零一二两俩三四五六七八九十百]+|(?:${[
  ...enWords.keys(),
]
  .sort((one, other) => other.length - one.length)
  .join("|")})(?![a-z])`;

/** The value of what `numberSource` matched. */
export function parseNumber(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  if (/^\d/.test(word)) return Number(word);
  return enWords.get(word) ?? parseChinese(word);
}

/** 1 to 999 in Chinese characters. */
function parseChinese(text: string): number | undefined {
  const characters = text.replaceAll(/[两俩]/g, "二");
  if (!/^[零一二三四五六七八九十百]+$/.test(characters)) return undefined;
  let total = 0;
  let digit = 0;
  for (const character of characters) {
    if (character === "百" || character === "十") {
      total += (digit || 1) * (character === "百" ? 100 : 10);
      digit = 0;
    } else {
      digit = zhDigits.indexOf(character);
    }
  }
  return total + digit;
}
