/**
 * Leaves out what somebody says of the form of the answer: "a status line for the board would be
 * enough", 「给老板一句话就够」. No line of a log is meant. What is left is never nothing.
 */
export function besideAnswerForm(text: string): string {
  const others = text.replace(form, " ").trim();
  return /[\p{L}\p{N}]/u.test(others) ? others : text;
}

const kind =
  "(?:status |summary |short |brief |quick |single |simple |nice |plain )*(?:one-?liner|line|sentence|headline|paragraph|sentence or two|few words|line or two)";
const form = new RegExp(
  [
    `(?:\\b(?:just|only|i (?:just |only )?need|i'd like|give me|send me|drop me|write me) )*\\b(?:an?|one|the) ${kind} (?:(?:for|to) (?:the|my|our|a) [\\w-]+(?: [\\w-]+)?(?= (?:is|will|would|please)|[,.!]|$)|(?=is|will|would))(?: ?(?:is|will|would|should)(?: be)? (?:enough|plenty|do|fine|good|sufficient|great)(?: (?:for me|already))?)?`,
    `\\b(?:drop|send|shoot|write) (?:me|us) a (?:line|note|word)\\b`,
    "\\b(?:the )?bottom line\\b(?:,? please)?",
    "(?:给|回|发)?(?:我|我们|老板|领导|大家)?[一两几](?:行字|句话|两句话?)(?:就|即)?(?:够|行|可以?|好|成)(?:了|啦)?",
  ].join("|"),
  "gi",
);
