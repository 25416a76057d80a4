/** What would be restarted, as it is now. */
export type RestartTarget = {
  /** Resolved: `task`, or `prod/Deployment/api`. Unique, and finds the same again. */
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
  readonly obstacle: RestartObstacle | undefined;
};

export type RestartObstacle =
  /** The stack stands on it: it is never restarted from here. */
  | { readonly kind: "server" }
  /** A disruption budget of this name lets no pod go now. */
  | { readonly kind: "budget"; readonly name: string };

/** How far a restart has come. */
export type RestartProgress = {
  readonly state: "waiting" | "healthy" | "stuck";
  readonly evidence: RestartEvidence;
};

/** What was seen of a target while it was watched. */
export type RestartEvidence =
  | {
      readonly kind: "process";
      readonly state: "running" | "restarting" | "stopped";
      /** Whether it is another process than before the restart. */
      readonly isNew: boolean;
      readonly pid: number | undefined;
      readonly startedAt: string | undefined;
      /** How the one before ended, as the starter of the stack has put it. */
      readonly lastExit: string | undefined;
    }
  /** The workload is the same generation as before the restart. */
  | { readonly kind: "unchanged"; readonly generation: string }
  | {
      readonly kind: "rollout";
      readonly wanted: number;
      readonly updated: number;
      readonly ready: number;
      /** The cluster's own sentence, where it has given up. */
      readonly message: string | undefined;
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
   * @throws ToolError when it cannot, `changed` where it is another one by now; it is then not
   *   known to have begun
   */
  begin(target: Pick<RestartTarget, "id" | "generation">, signal: AbortSignal): Promise<void>;
  /** Looks at what has become of a restart of this generation. */
  look(
    target: Pick<RestartTarget, "id" | "generation">,
    signal: AbortSignal,
  ): Promise<RestartProgress>;
};
