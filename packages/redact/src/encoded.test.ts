import { expect, test } from "vitest";
import { redact } from "./redact.ts";
import { StreamRedactor } from "./stream-redactor.ts";

const pairs = (text: string, between = " ") =>
  (Buffer.from(text, "latin1").toString("hex").match(/../g) ?? []).join(between);

test("a secret goes from both columns of a dump, and the rest of it stays", () => {
  const text = [
    "00000000  75 73 65 72 3d 6b 61 69  26 70 61 73 73 77 6f 72  |user=kai&passwor|",
    "00000010  64 3d 54 75 6c 69 70 37  4c 61 6d 70 26 78 3d 31  |d=Tulip7Lamp&x=1|",
  ].join("\n");

  expect(redact(text).text).toBe(
    [
      "00000000  75 73 65 72 3d 6b 61 69  26 70 61 73 73 77 6f 72  |user=kai&passwor|",
      "00000010  64 3d [redacted] 26 78 3d 31  |d=[redacted]&x=1|",
    ].join("\n"),
  );
});

test.each([
  [
    "xxd",
    "00000000: 7061 7373 776f 7264 3d54 756c 6970 374c  password=Tulip7L\n00000010: 616d 70 amp",
  ],
  [
    "tcpdump",
    "\t0x0000:  7061 7373 776f 7264 3d54 756c 6970 374c  password=Tulip7L\n\t0x0010:  616d 70  amp",
  ],
  [
    "Netty",
    "|00000000| 70 61 73 73 77 6f 72 64 3d 54 75 6c 69 70 37 4c |password=Tulip7L|\n|00000010| 61 6d 70  |amp|",
  ],
  [
    "OpenSSL",
    "0000 - 70 61 73 73 77 6f 72 64-3d 54 75 6c 69 70 37 4c   password=Tulip7L\n0010 - 61 6d 70 26 78 3d 31 0a-   amp&x=1.",
  ],
  [
    "a log",
    "web-1 | 00000000  70 61 73 73 77 6f 72 64  3d 54 75 6c 69 70 37 4c  |password=Tulip7L|\nweb-1 | 00000010  61 6d 70 0a   |amp.|",
  ],
])("a secret over two rows goes from a dump of %s", (_, text) => {
  const result = redact(text).text;

  expect(result).not.toContain("Tulip7L");
  expect(result.replaceAll(" ", "")).not.toContain(pairs("Tulip7L", ""));
  expect(result.replaceAll(" ", "")).not.toContain(pairs("amp", ""));
});

test("what a dump hides in one row stays in others", () => {
  const rows = ["password=a1b2c3dGET", "GET /GET /GET /x"].flatMap((row) => row.match(/.{1,16}/g));
  const text = rows.map((row, index) => `00${index}0: ${pairs(row ?? "")}\n`).join("");

  expect(redact(`${text}GET\n0000: ${pairs("GET /GET /GET /x")}`).text).toContain(
    `0000: ${pairs("GET /GET /GET /x")}`,
  );
});

test("what a client sends to Redis is read in a dump", () => {
  const sent = "*2\r\n$4\r\nAUTH\r\n$10\r\nTulip7Lamp\r\n";
  const rows = sent.match(/[\s\S]{1,16}/g) ?? [];
  const text = rows.map((row, index) => `00${index}0: ${pairs(row)}`).join("\n");

  const result = redact(text).text;

  expect(result).not.toContain(pairs("Tulip"));
  expect(result).toContain(pairs("AUTH"));
});

test.each([
  ["a buffer of Node", `<Buffer ${pairs("password=Tulip7Lamp&x=1")}>`, pairs("Tulip7Lamp")],
  ["pairs with colons", pairs("password=Tulip7Lamp", ":"), pairs("Tulip7Lamp", ":")],
  [
    "numbers of Go",
    `[${[...Buffer.from("password=Tulip7Lamp")].join(" ")}]`,
    [...Buffer.from("Tulip7Lamp")].join(" "),
  ],
  ["escapes of JSON", '{"msg":"\\u5bc6\\u7801\\u662fTulip7Lamp"}', "Tulip7Lamp"],
  ["JSON in JSON", '{\\"msg\\":\\"\\\\u5bc6\\\\u7801\\\\u662fTulip7Lamp\\"}', "Tulip7Lamp"],
  ["bytes of Python", "b'\\xe5\\xaf\\x86\\xe7\\xa0\\x81\\xe6\\x98\\xafTulip7Lamp'", "Tulip7Lamp"],
  ["a query in Chinese", "/x?q=%E5%AF%86%E7%A0%81%E6%98%AFTulip7Lamp", "Tulip7Lamp"],
  ["a name with an escape", "pass%77ord=Tulip7Lamp&x=1", "Tulip7Lamp"],
  ["entities", "&#23494;&#x7801;&#26159;Tulip7Lamp", "Tulip7Lamp"],
])("a secret goes from %s", (_, text, secret) => {
  expect(redact(text).text).not.toContain(secret);
});

test.each([
  "00000000  47 45 54 20 2f 68 65 61  6c 74 68 7a 20 48 54 54  |GET /healthz HTT|",
  "00400000-00452000 r-xp 00000000 08:02 173521 /usr/bin/dbus",
  `fingerprint ${pairs("abcdefghijklmnop", ":")}`,
  '{"msg":"\\u5bc6\\u7801\\u9519\\u8bef"}',
  "GET /search?q=%E5%AF%86%E7%A0%81%E7%AD%96%E7%95%A5&page=2",
  "caf\\u00e9 \\xff\\xfe %4F%FF &#0; &#9999999;",
])("stays: %s", (text) => {
  expect(redact(text).text).toBe(text);
});

test("a dump in small chunks holds nothing back that it should hide", () => {
  const redactor = new StreamRedactor();
  const text =
    "0000  70 61 73 73 77 6f 72 64 3d 54 75 6c 69 70 37 4c  password=Tulip7L\n0010  61 6d 70 0a  amp.\n";

  let result = "";
  for (let at = 0; at < text.length; at += 7) result += redactor.write(text.slice(at, at + 7));
  result += redactor.end();

  expect(result).not.toContain("Tulip7L");
  expect(result).not.toContain(pairs("Tulip7L"));
});

test("dumps and escapes of any length are read once", () => {
  const started = performance.now();
  redact(
    "00000000  47 45 54 20 2f 68 65 61  6c 74 68 7a 20 48 54 54  |GET /healthz HTT|\n".repeat(
      2_000,
    ),
  );
  redact(`00000000  ${"47 ".repeat(60_000)}`);
  redact("\\u5bc6".repeat(20_000));
  redact("%E5%AF%86".repeat(10_000));
  redact("a 0000 47 ".repeat(10_000));
  redact("[112 97 ".repeat(10_000));
  expect(performance.now() - started).toBeLessThan(8_000);
});
