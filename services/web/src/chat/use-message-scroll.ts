import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { MessageRow } from "./message-rows.ts";

const nearEndPixels = 64;

/**
 * Where a conversation stands: at its end as long as the reader is there, at the same message when
 * older ones come in above, and otherwise where the reader left it. It begins at the first unread
 * message. A long new message is shown from its beginning.
 */
export function useMessageScroll(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly MessageRow[],
): { isAtEnd: boolean; scrollToEnd: () => void } {
  const [isAtEnd, setAtEnd] = useState(true);
  const seen = useRef({ firstKey: "", lastKey: "", height: 0, isAtEnd: true });

  const scrollToEnd = useCallback(() => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const firstKey = firstMessageKey(rows);
    const last = rows.at(-1);
    const before = seen.current;
    if (before.lastKey === "") beginReading(element);
    else if (last && last.key !== before.lastKey) {
      if (before.isAtEnd || last.kind === "pending") showNewest(element);
    } else if (firstKey !== before.firstKey) {
      element.scrollTop += element.scrollHeight - before.height;
    }
    seen.current = {
      ...before,
      firstKey,
      lastKey: last?.key ?? "",
      height: element.scrollHeight,
      isAtEnd: isNearEnd(element),
    };
  }, [rows, scroller]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const note = () => {
      seen.current.isAtEnd = isNearEnd(element);
      seen.current.height = element.scrollHeight;
      setAtEnd(seen.current.isAtEnd);
    };
    // The composer grows, the keyboard comes up, the window turns.
    const observer = new ResizeObserver(() => {
      if (seen.current.isAtEnd) scrollToEnd();
      note();
    });
    observer.observe(element);
    element.addEventListener("scroll", note, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", note);
    };
  }, [scroller, scrollToEnd]);

  return { isAtEnd, scrollToEnd };
}

function firstMessageKey(rows: readonly MessageRow[]): string {
  return rows.find((row) => row.kind === "stored" || row.kind === "pending")?.key ?? "";
}

function isNearEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPixels;
}

function beginReading(element: HTMLElement): void {
  const mark = element.querySelector<HTMLElement>("[data-unread-mark]");
  element.scrollTop = mark ? mark.offsetTop - element.offsetTop - 8 : element.scrollHeight;
}

function showNewest(element: HTMLElement): void {
  const newest = [...element.querySelectorAll<HTMLElement>("[data-testid=message]")].at(-1);
  element.scrollTop = element.scrollHeight;
  if (!newest || newest.offsetHeight < element.clientHeight) return;
  element.scrollTop = newest.offsetTop - element.offsetTop - 8;
}
