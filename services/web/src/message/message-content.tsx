import { memo } from "react";
import Markdown, { type Components, type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import { CodeBlock } from "./code-block.tsx";
import { ExternalLink, ImageLink } from "./external-link.tsx";
import { lineBreaks } from "./line-breaks.ts";
import { TableBox } from "./table-box.tsx";

const plugins: Options["remarkPlugins"] = [remarkGfm, lineBreaks];

const components: Components = {
  a: ({ href, children }) => <ExternalLink {...(href ? { href } : {})}>{children}</ExternalLink>,
  img: ({ src, alt }) => <ImageLink src={src} alt={alt} />,
  pre: CodeBlock,
  table: TableBox,
};

/** A message's Markdown. HTML in it is shown as it was written, and nothing is loaded. */
export const MessageContent = memo(function MessageContent({ content }: { content: string }) {
  return (
    <div className="markdown">
      <Markdown remarkPlugins={plugins} components={components}>
        {content}
      </Markdown>
    </div>
  );
});
