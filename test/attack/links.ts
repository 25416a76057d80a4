import { fromMarkdown } from "mdast-util-from-markdown";

export type HiddenLink = { readonly what: string; readonly url: string };

type Node = {
  readonly type: string;
  readonly url?: string;
  readonly value?: string;
  readonly children?: readonly Node[];
};

/** What in a message would load something, or leads to a host that its words do not name. */
export function linksIn(content: string): readonly HiddenLink[] {
  return walk(fromMarkdown(content) as Node);
}

function walk(node: Node): HiddenLink[] {
  const { type, url = "", value = "", children = [] } = node;
  if (type === "image" || type === "imageReference") return [{ what: "an image of", url }];
  if (type === "definition") return [{ what: "a link defined elsewhere to", url }];
  if (type === "html") return [{ what: "HTML", url: value }];
  const inner = children.flatMap(walk);
  if (type !== "link" || !URL.canParse(url)) return inner;
  const { host, pathname } = new URL(url);
  const shown = children.map(textOf).join("");
  return shown.includes(host || pathname) ? inner : [{ what: "a link that hides", url }, ...inner];
}

function textOf({ value = "", children = [] }: Node): string {
  return value + children.map(textOf).join("");
}
