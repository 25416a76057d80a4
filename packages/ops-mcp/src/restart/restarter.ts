/** What would be restarted, as it is now. */
export type RestartTarget = {
  /** Resolved: `task`, or `prod/deployment/api`. Unique, and finds the same again. */
  readonly id: string;
  /** For rules: the service's or workload's own name. */
  readonly service: string;
  readonly namespace: string | undefined;
  /** Another one after every change of it: a proposal is for this one alone. */
  readonly generation: string;
  readonly replicas: number;
  /** It is being rolled out, or started again, at this moment. */
  readonly isRolling: boolean;
  /** Why it must not be restarted now; undefined where nothing speaks against it. */
  readonly obstacle: string | undefined;
};

/** How far a restart has come. */
export type RestartProgress = {
  readonly state: "waiting" | "healthy" | "stuck";
  /** What was seen, in English: counts, ids, reasons. */
  readonly evidence: string;
};

/**
 * Restarts one kind of target. There is no other way from this system to a change of anything: no
 * shell, no free-form flags.
 */
export type Restarter = {
  /** @throws ToolError `unknown_service` with what is near, or `not_configured` */
  find(
    wanted: { readonly service: string; readonly namespace: string | undefined },
    signal: AbortSignal,
  ): Promise<RestartTarget>;
  /**
   * Begins the restart of this very generation. Resolves when it has begun.
   *
   * @throws ToolError when it cannot; it is then not known to have begun
   */
  begin(target: Pick<RestartTarget, "id" | "generation">, signal: AbortSignal): Promise<void>;
  /** Looks at what has become of a restart of this generation. */
  look(
    target: Pick<RestartTarget, "id" | "generation">,
    signal: AbortSignal,
  ): Promise<RestartProgress>;
};
