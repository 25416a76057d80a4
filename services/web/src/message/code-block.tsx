import { isValidElement, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { useTexts } from "../texts/use-texts.tsx";
import { copyText } from "./copy-text.ts";
import { logLevelOf, looksLikeLog, timeOf } from "./log-level.ts";

// As many as the style sheet lets one see, and a few that are not worth a button.
const collapsedLines = 24;
// In these languages a line is a record; in all others "error" is a word of the program.
const recordLanguages = new Set(["", "log", "logs", "text", "txt", "console", "json", "jsonl"]);

/**
 * A code block with its own scrolling, a copy button, and for long ones a button that shows all of
 * it. A log begins at its end, where its newest lines are.
 */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const texts = useTexts();
  const { text, language } = readCode(children);
  const lines = text.split("\n");
  const [isWrapped, setWrapped] = useState(isNarrow);
  const [isExpanded, setExpanded] = useState(false);
  const isLong = lines.length > collapsedLines;
  const isLog = recordLanguages.has(language) && looksLikeLog(lines);
  const figure = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLElement>(null);

  useLayoutEffect(() => {
    if (isLog && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [isLog]);

  const toggle = () => {
    setExpanded(!isExpanded);
    // What becomes short above the reader would take his place away.
    if (isExpanded) {
      requestAnimationFrame(() => figure.current?.scrollIntoView({ block: "nearest" }));
    }
  };

  return (
    <figure
      ref={figure}
      className="code-block"
      data-wrapped={isWrapped}
      data-expanded={isExpanded || !isLong}
    >
      <figcaption>
        <span className="code-language">{language || (isLog ? "log" : "")}</span>
        <span>{texts.code.lines(lines.length)}</span>
        <span className="spring" />
        <button type="button" aria-pressed={isWrapped} onClick={() => setWrapped(!isWrapped)}>
          {isWrapped ? texts.code.noWrap : texts.code.wrap}
        </button>
        <CopyButton text={text} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll what has the focus */}
      <section className="code-scroll" ref={scroller} tabIndex={0} aria-label={texts.code.block}>
        <pre>
          <code>{recordLanguages.has(language) ? <LogLines lines={lines} /> : text}</code>
        </pre>
      </section>
      {isLong && (
        <button type="button" className="code-expand" onClick={toggle}>
          {isExpanded ? texts.code.showLess : texts.code.showAll(lines.length)}
        </button>
      )}
    </figure>
  );
}

/** Of a line that does not wrap, a phone shows little more than its time. */
function isNarrow(): boolean {
  // Where there is no screen, as in a test of the markup, nothing is narrow.
  return typeof matchMedia === "function" && matchMedia("(max-width: 719px)").matches;
}

function LogLines({ lines }: { lines: readonly string[] }) {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a message never change
    <span key={index} className="code-line" data-level={logLevelOf(line)}>
      <LogText line={index === lines.length - 1 ? line : `${line}\n`} />
    </span>
  ));
}

/** The time is there for those who look for it; what happened comes first. */
function LogText({ line }: { line: string }) {
  const time = timeOf(line);
  if (time === "") return line;
  return (
    <>
      <span className="code-time">{time}</span>
      {line.slice(time.length)}
    </>
  );
}

function CopyButton({ text }: { text: string }) {
  const texts = useTexts();
  const [outcome, setOutcome] = useState<"copied" | "failed">();
  const label = {
    copied: texts.code.copied,
    failed: texts.code.copyFailed,
    none: texts.code.copy,
  }[outcome ?? "none"];
  const copy = () => {
    copyText(text).then(
      (isCopied) => setOutcome(isCopied ? "copied" : "failed"),
      () => setOutcome("failed"),
    );
  };
  return (
    <button type="button" aria-live="polite" onClick={copy} onBlur={() => setOutcome(undefined)}>
      {label}
    </button>
  );
}

/** The text and the language of the `code` element that Markdown puts into a `pre`. */
function readCode(children: ReactNode): { text: string; language: string } {
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children)) {
    return { text: String(children ?? ""), language: "" };
  }
  const { className = "", children: content } = children.props;
  const language = /language-(\S+)/.exec(className)?.[1]?.toLowerCase() ?? "";
  return { text: String(content ?? "").replace(/\n$/, ""), language };
}
