import { useTexts } from "../texts/use-texts.tsx";

/** Questions for a chat with the assistant in which nothing was asked yet. A click asks. */
export function Suggestions({ onAsk }: { onAsk: (question: string) => void }) {
  const { suggestions } = useTexts();
  return (
    <section className="suggestions" aria-label={suggestions.label}>
      {suggestions.questions.map((question) => (
        <button
          type="button"
          key={question}
          data-testid="suggestion"
          onClick={() => onAsk(question)}
        >
          {question}
        </button>
      ))}
    </section>
  );
}
