import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** As much of a node of a Markdown tree as is looked at. */
type Node = {
  readonly type: string;
  readonly url?: string | undefined;
  readonly value?: string | undefined;
  readonly children?: readonly Node[];
  readonly position?: { readonly start: Point; readonly end: Point } | undefined;
};
type Point = { readonly offset?: number | undefined };

/** Puts `text` in the place of what stands from `start` to `end`. */
type Edit = { readonly start: number; readonly end: number; readonly text: string };

// Each round takes a layer off; what is wrapped in more of them is no answer.
const mostRounds = 6;

/**
 * Markdown that loads nothing and hides no destination, in whichever client shows it: an image is a
 * link, a link says its host, HTML is text, and a link stands where it is said and is not defined
 * elsewhere. Holds for plain Markdown and for GitHub's, which disagree about what is code.
 */
export function withoutRemote(markdown: string): string {
  if (isCrowded(markdown)) return withoutMarks(markdown);
  let text = markdown;
  for (let round = 0; round < mostRounds; round++) {
    // Nothing of the kind can be made without one of these.
    if (!/[<[]/.test(text)) return text;
    const edits = editsOf(text);
    if (edits.length === 0) return text;
    text = applied(text, edits);
  }
  return withoutMarks(text);
}

/** Reading takes the square of these marks, and an answer that somebody reads has few. */
function isCrowded(text: string): boolean {
  let fence: string | undefined;
  let outside = 0;
  let all = 0;
  for (const line of text.split("\n")) {
    const found = line.match(/[<[*_~]/g)?.length ?? 0;
    all += found;
    const marks = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    if (fence === undefined) {
      outside += found;
      fence = marks;
    } else if (marks?.startsWith(fence)) fence = undefined;
  }
  return outside > 3_000 || all > 12_000;
}

/** Nothing left that a link, an image or HTML could begin with. */
function withoutMarks(text: string): string {
  return text.replaceAll("[", "(").replaceAll("]", ")").replaceAll("<", "‹");
}

function editsOf(text: string): readonly Edit[] {
  const github = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };
  const trees: readonly Node[] = [fromMarkdown(text), fromMarkdown(text, github)];
  return trees.flatMap((tree) => walk(tree, text));
}

function walk(node: Node, text: string): Edit[] {
  const inner = (node.children ?? []).flatMap((child) => walk(child, text));
  const own = editOf(node, text);
  return own ? [own, ...inner] : inner;
}

function editOf(node: Node, text: string): Edit | undefined {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  if (start === undefined || end === undefined) return undefined;
  switch (node.type) {
    case "image":
    case "imageReference":
      return { start, end: start + 1, text: "" };
    case "definition":
    case "footnoteDefinition":
    case "linkReference":
      return { start, end: start, text: "\\" };
    case "html": {
      const escaped = text.slice(start, end).replaceAll("<", "\\<");
      return { start, end, text: escaped };
    }
    case "link":
      return linkEdit(node, text, { start, end });
    default:
      return undefined;
  }
}

/** A link that leads nowhere a browser goes is text; any other names its host in its words. */
function linkEdit(
  { url = "", children = [] }: Node,
  text: string,
  { start }: { readonly start: number; readonly end: number },
): Edit | undefined {
  // Those that are their own words: `<https://…>`, and what GitHub makes of a bare address.
  if (text[start] !== "[") return undefined;
  const target = targetOf(url);
  if (target === undefined) return { start, end: start, text: "\\" };
  const shown = children.map(textOf).join("");
  if (shown.includes(target)) return undefined;
  const at = children.at(-1)?.position?.end.offset ?? start + 1;
  return { start: at, end: at, text: shown === "" ? target : ` (${target})` };
}

/** As the page shows it; undefined for what is no web or mail address. */
function targetOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed || !["http:", "https:", "mailto:"].includes(parsed.protocol)) return undefined;
  return parsed.protocol === "mailto:" ? parsed.pathname : parsed.host;
}

function textOf({ value = "", children = [] }: Node): string {
  return value + children.map(textOf).join("");
}

/** From the end on, so that offsets hold; of what overlaps, the outermost, and the rest next time. */
function applied(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((one, other) => one.start - other.start || other.end - one.end);
  let result = "";
  let at = 0;
  let last: Edit | undefined;
  for (const edit of ordered) {
    const isSame = last && edit.start === last.start && edit.end === last.end;
    if (isSame || edit.start < at) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
    last = edit;
  }
  return result + text.slice(at);
}
