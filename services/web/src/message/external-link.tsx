import type { ReactNode } from "react";
import { useTexts } from "../texts/use-texts.tsx";

/**
 * A link that says where it leads and opens in a new tab, which learns nothing of this one. What
 * is no web or mail address stays text.
 */
export function ExternalLink({ href, children }: { href?: string; children?: ReactNode }) {
  const texts = useTexts();
  const url = href !== undefined && URL.canParse(href) ? new URL(href) : undefined;
  if (!url || !["http:", "https:", "mailto:"].includes(url.protocol)) {
    return <span className="not-a-link">{children}</span>;
  }
  const target = url.protocol === "mailto:" ? url.pathname : url.host;
  const showsTarget = typeof children === "string" && children.includes(target);
  return (
    <>
      <a
        href={url.href}
        target="_blank"
        rel="noopener noreferrer"
        title={`${url.href} (${texts.code.opensInNewTab})`}
      >
        {children}
      </a>
      {showsTarget ? null : <span className="link-host"> ({target})</span>}
    </>
  );
}

/** An image is not loaded: its address would tell a stranger who reads what, and when. */
export function ImageLink({ src, alt }: { src?: unknown; alt?: string | undefined }) {
  const texts = useTexts();
  const label = alt ? `${texts.code.image}: ${alt}` : texts.code.image;
  return typeof src === "string" && src !== "" ? (
    <ExternalLink href={src}>{label}</ExternalLink>
  ) : (
    <span className="not-a-link">{label}</span>
  );
}
