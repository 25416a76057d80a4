import { answerIdOf } from "@resonance/mq-proto";

/** What is needed of a pushed message to know an answer. */
type Message = {
  readonly sessionId: string;
  readonly seqId: bigint;
  readonly fromUsername: string;
  readonly clientMsgId: string;
  readonly content: string;
};

/** What is needed of a bot's progress. */
type Progress = { readonly refMsgId: bigint; readonly text: string };

type Question = { readonly msgId: bigint; readonly seqId: bigint };

/**
 * Finds the answer to one question among everything that is said in its session, also when others
 * ask there at the same time: an answer carries the client id `answer:<msg_id of the question>`.
 * A bot message without a client id counts if it is the first after the question.
 *
 * Messages and progress may be shown before the question's own Ack has come.
 */
export class AnswerWatch {
  readonly #sessionId: string;
  readonly #bot: string;
  readonly #onProgress: (text: string) => void;
  readonly #early: Message[] = [];
  readonly #earlyProgress: Progress[] = [];
  readonly #answer = Promise.withResolvers<string>();
  #question: Question | undefined;

  constructor(sessionId: string, bot: string, onProgress: (text: string) => void) {
    this.#sessionId = sessionId;
    this.#bot = bot;
    this.#onProgress = onProgress;
  }

  /** The answer's Markdown. Waits for ever; the caller sets the limit. */
  get answer(): Promise<string> {
    return this.#answer.promise;
  }

  /** The question is stored: from now on its answer can be told from others. */
  asked(question: Question): void {
    this.#question = question;
    for (const progress of this.#earlyProgress.splice(0)) this.showProgress(progress);
    for (const message of this.#early.splice(0)) this.show(message);
  }

  show(message: Message): void {
    if (message.sessionId !== this.#sessionId || message.fromUsername !== this.#bot) return;
    if (!this.#question) this.#early.push(message);
    else if (isAnswer(message, this.#question)) this.#answer.resolve(message.content);
  }

  showProgress(progress: Progress): void {
    if (!this.#question) this.#earlyProgress.push(progress);
    else if (progress.refMsgId === this.#question.msgId) this.#onProgress(progress.text);
  }
}

function isAnswer(message: Message, question: Question): boolean {
  if (message.clientMsgId !== "") return message.clientMsgId === answerIdOf(question.msgId);
  return message.seqId > question.seqId;
}
