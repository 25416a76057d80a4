type Node = { readonly type: string; readonly value?: string; children?: Node[] };

/**
 * A remark plugin that keeps the line breaks of a paragraph: in a chat, a new line is meant as
 * one.
 */
export function lineBreaks(): (tree: unknown) => void {
  // Every node of a Markdown tree has this shape.
  return (tree) => breakLines(tree as Node);
}

function breakLines(node: Node): void {
  if (!node.children) return;
  node.children = node.children.flatMap((child): Node[] => {
    if (child.type === "text") return splitText(child.value ?? "");
    breakLines(child);
    return [child];
  });
}

function splitText(text: string): Node[] {
  return text
    .split("\n")
    .flatMap((value, index): Node[] =>
      index === 0 ? [{ type: "text", value }] : [{ type: "break" }, { type: "text", value }],
    );
}
