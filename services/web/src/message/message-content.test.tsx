import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { MessageContent } from "./message-content.tsx";

const render = (content: string) => renderToStaticMarkup(<MessageContent content={content} />);

test("an image is a link that names its host, and is not loaded", () => {
  const html = render("![map](https://example.com/a.png)");
  expect(html).not.toContain("<img");
  expect(html).toContain('href="https://example.com/a.png"');
  expect(html).toContain("Image: map</a>");
  expect(html).toContain("(example.com)");
});

test("a link opens in a new tab, knows nothing of this one, and shows its host", () => {
  const html = render("[runbook](https://wiki.example.com/x)");
  expect(html).toContain('target="_blank" rel="noopener noreferrer"');
  expect(html).toContain("(wiki.example.com)");
});

test("a link that is its own text does not repeat its host", () => {
  expect(render("https://example.com/x")).not.toContain("(example.com)");
});

test.each(["javascript:alert(1)", "data:text/html,x", "/api/logout", "vbscript:x"])(
  "%s is no link",
  (href) => {
    expect(render(`[click](${href})`)).not.toContain("href");
  },
);

test("HTML is shown as it was written", () => {
  const html = render('a <b>b</b>\n\n<script src="https://evil.example/x.js"></script>');
  expect(html).toContain("&lt;b&gt;b&lt;/b&gt;");
  expect(html).not.toContain("<script");
});

test("a line break of the writer is a line break on screen", () => {
  expect(render("one\ntwo")).toContain("one<br/>\ntwo");
});

test("a table stands in a box of its own", () => {
  expect(render("| a | b |\n|---|---|\n| 1 | 2 |")).toMatch(/<section class="table-box".*<table>/s);
});

test("a code block keeps its text, counts its lines, and marks what is serious", () => {
  const html = render("```log\n10:00:00Z INFO <ok>\n10:00:01Z ERROR bad\n```");
  expect(html).toContain("2 lines");
  expect(html).toContain("10:00:00Z</span> INFO &lt;ok&gt;\n</span>");
  expect(html).toMatch(/data-level="error"><span[^>]*>10:00:01Z<\/span> ERROR bad<\/span>/);
});

test("a long code block offers to show all of it", () => {
  const log = Array.from({ length: 200 }, (_, index) => `line ${index}`).join("\n");
  expect(render(`\`\`\`\n${log}\n\`\`\``)).toContain("Show all 200 lines");
});

test("code in a programming language is not searched for levels", () => {
  expect(render("```ts\nERROR\n```")).not.toContain("data-level");
});
