import type { ReactNode } from "react";
import { useTexts } from "../texts/use-texts.tsx";

/** A table that scrolls sideways in its own box, so that the page never does. */
export function TableBox({ children }: { children?: ReactNode }) {
  const texts = useTexts();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll what has the focus
    <section className="table-box" aria-label={texts.code.table} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
