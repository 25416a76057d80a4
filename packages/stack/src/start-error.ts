import { sentences } from "./texts.ts";

/** Why a stack cannot start, as data: the terminal says it in the user's language. */
export type StartProblem =
  | { readonly kind: "home_in_use"; home: string; url: string; pid: number }
  | { readonly kind: "home_unusable"; home: string; reason: string }
  | {
      readonly kind: "port_taken";
      port: number;
      freePort: number;
      /** Whether what answers on the port is a Resonance. */
      byResonance: boolean;
    }
  | { readonly kind: "port_forbidden"; port: number }
  | {
      readonly kind: "service_failed";
      service: string;
      exit: string;
      lastError: string | undefined;
      logFile: string;
      lastLines: readonly string[];
    }
  | { readonly kind: "page_failed"; output: string };

/** The start ends here, for a reason that the user can do something about. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly problem: StartProblem;

  constructor(problem: StartProblem) {
    super(sentences.en.problem(problem));
    this.problem = problem;
  }
}
