import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { withoutRemote } from "./without-remote.ts";

const url = "https://evil.example/x?d=1";

test.each([
  ["an image is a link", `![status](${url})`, `[status (evil.example)](${url})`],
  ["an image without words names its host", `![](${url})`, `[evil.example](${url})`],
  ["a link says its host", `see [the page](${url}).`, `see [the page (evil.example)](${url}).`],
  ["a link that says its host stays", `[evil.example/x](${url})`, `[evil.example/x](${url})`],
  ["an address stays", `<${url}> and ${url}`, `<${url}> and ${url}`],
  ["HTML is text", `<img src="${url}">`, `\\<img src="${url}">`],
  ["a script is no link", "[ok](javascript:alert(1))", "\\[ok](javascript:alert(1))"],
  ["a link of no scheme is none", "[ok](//evil.example/x)", "\\[ok](//evil.example/x)"],
  ["a definition is text", `[a][b]\n\n[b]: ${url}`, `\\[a][b]\n\n\\[b]: ${url}`],
  ["code stays", `\`![x](${url})\`\n\n\`\`\`\n<img src=x>\n\`\`\``, undefined],
  ["ordinary text stays", "p99 < 5 ms [redacted] a[0] <3 `x`", undefined],
])("%s", (_what, before, after) => {
  expect(withoutRemote(before)).toBe(after ?? before);
});

function kindsIn(markdown: string): string[] {
  const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };
  const kinds: string[] = [];
  const walk = (node: { type: string; children?: readonly { type: string }[] }) => {
    kinds.push(node.type);
    for (const child of node.children ?? []) walk(child);
  };
  walk(fromMarkdown(markdown));
  walk(fromMarkdown(markdown, options));
  return kinds;
}

test.each([
  ["in a cell that cuts code", `| a | b |\n|-|-|\n| \`x | ![i](${url}) | y\` |`],
  ["in a footnote that another reader takes for a definition", `[^1]: ![i](${url})\n\nsee[^1]`],
  ["in an image", `![a ![b](${url}) c](${url})`],
  ["in HTML", `<div>\n![i](${url})\n</div>`],
  ["in a link", `[![i](${url})](${url})`],
  ["as a shortcut", `![pic]\n\n[pic]: ${url}`],
  ["behind a backslash that is none", `\\\\![i](${url})`],
  ["nested deeper than anybody reads", `${"![".repeat(40)}x${`](${url})`.repeat(40)}`],
])("no image is left %s", (_where, markdown) => {
  const kinds = kindsIn(withoutRemote(markdown));
  for (const kind of ["image", "imageReference", "definition", "html", "linkReference"]) {
    expect(kinds).not.toContain(kind);
  }
});

test.each(["![", "[", "<", "[a](", "![](x)", "*[", "`![", "| a ", "<a ", "[a]: b\n"])(
  "an answer with as many %j as are read comes to an end",
  // A second or two. What grows faster than the square of the marks would not end in this time.
  { timeout: 60_000 },
  (part) => {
    expect(withoutRemote(part.repeat(1_500))).not.toBe("");
  },
);

test("an answer with more marks than anybody reads has none", () => {
  const crowded = withoutRemote(`![x](${url})`.repeat(4_000));
  expect(crowded).toMatch(/^!\(x\)\(https/);
});
