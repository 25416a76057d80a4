/** What happens to a running stack, for whoever tells the user. */
export type StackEvent =
  | { readonly kind: "took_over" }
  /** A server was found or brought; `text` says how, in the words of testkit. */
  | { readonly kind: "server_note"; text: string }
  | { readonly kind: "migrated"; applied: number }
  | { readonly kind: "building_page" }
  /** Or a server of ours. */
  | {
      readonly kind: "service_crashed";
      service: string;
      /** As in "exit code 1" or "signal SIGKILL". */
      exit: string;
      lastError: string | undefined;
      logFile: string;
      retryInMs: number;
    }
  /** Somebody has approved it in the chat. */
  | { readonly kind: "restart_requested"; service: string }
  | { readonly kind: "service_back"; service: string; pid: number; restarts: number }
  /** It cannot be kept running any more, for a reason outside of it. */
  | { readonly kind: "service_lost"; service: string; reason: string }
  | { readonly kind: "state_unwritable"; file: string; reason: string };
