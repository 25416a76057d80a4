import type { BrainMessage, ToolResultForBrain } from "../brain/model-port.ts";
import type { ToolCall } from "../tools/tool-source.ts";
import { fence } from "./fence.ts";
import {
  keptIdLength,
  type ModelStep,
  type Step,
  type ToolStep,
  type ToolStepResult,
} from "./steps.ts";

/** As many calls of one step are made; what a brain asks for on top is refused. */
export const mostCallsAtOnce = 12;

/** What has happened since the question, made of the steps that are stored. */
export class Transcript {
  readonly #turns: Turn[] = [];
  readonly #made = new Set<string>();
  #lastNumber = 0;

  constructor(steps: readonly Step[]) {
    for (const step of steps) {
      this.#lastNumber = Math.max(this.#lastNumber, step.number);
      if (step.kind === "model") this.add(step);
      else this.#place(step);
    }
  }

  /** How often the brain was asked. */
  get modelSteps(): number {
    return this.#turns.length;
  }

  /** The last step of the brain if it asks for no tools: then it is the answer. */
  get answer(): ModelStep | undefined {
    const last = this.#turns.at(-1)?.step;
    return last && last.toolCalls.length === 0 ? last : undefined;
  }

  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  add(step: ModelStep): void {
    const calls = step.toolCalls.map((call, index) => ({
      call,
      isOneTooMany: index >= mostCallsAtOnce,
      number: undefined,
      result: undefined,
    }));
    this.#turns.push({ step, calls });
  }

  /** The calls that have no result yet. A call that was interrupted keeps its number. */
  openCalls(): OpenCall[] {
    const entries = this.#turns.at(-1)?.calls ?? [];
    return entries.flatMap(({ call, number, result, isOneTooMany }) =>
      result ? [] : [{ call, number, isOneTooMany }],
    );
  }

  /** Says whether the same call was made before in this run; from now on it was. */
  isRepeated(call: Pick<ToolCall, "name" | "input">): boolean {
    const key = callKey(call);
    const isRepeated = this.#made.has(key);
    this.#made.add(key);
    return isRepeated;
  }

  setResult(call: ToolCall, result: ToolStepResult): void {
    const entry = this.#turns.at(-1)?.calls.find((open) => open.call === call);
    if (entry) entry.result = result;
  }

  /** As the brain reads it. What tools gave is fenced: it is data and no instruction. */
  messages(): BrainMessage[] {
    return this.#turns.flatMap(({ step, calls }): BrainMessage[] => {
      const said = { role: "assistant", text: step.text, toolCalls: step.toolCalls } as const;
      const results = calls.flatMap(({ call, result }): ToolResultForBrain[] => {
        if (!result) return [];
        const { outcome, data } = result;
        const text = fence(call.name, outcome, result.text);
        return [{ call, outcome, text, ...(data === undefined ? {} : { data }) }];
      });
      return results.length === 0 ? [said] : [said, { role: "tool", results }];
    });
  }

  #place(step: ToolStep): void {
    const id = step.call.id.slice(0, keptIdLength);
    // Some providers number the calls of every step anew: an id counts within its own step.
    const open = this.#turns
      .at(-1)
      ?.calls.find(
        ({ call, number }) => call.id.slice(0, keptIdLength) === id && number === undefined,
      );
    if (!open) return;
    open.number = step.number;
    open.result = step.result;
    if (step.result && !open.isOneTooMany) this.#made.add(callKey(step.call));
  }
}

type OpenCall = {
  readonly call: ToolCall;
  readonly number: number | undefined;
  readonly isOneTooMany: boolean;
};

type Turn = { readonly step: ModelStep; readonly calls: Entry[] };
type Entry = {
  readonly call: ToolCall;
  readonly isOneTooMany: boolean;
  number: number | undefined;
  result: ToolStepResult | undefined;
};

/** The same for arguments in another order. */
function callKey({ name, input }: Pick<ToolCall, "name" | "input">): string {
  return `${name}\n${JSON.stringify(sorted(input))}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
