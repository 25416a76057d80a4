/** A server that can be used. Disposing ends it if it is ours; a server that was given stays. */
export type Server = AsyncDisposable & {
  /** `mysql://root@127.0.0.1:3310/` or `nats://127.0.0.1:4222`; a given URL stays as it was given. */
  readonly url: string;
  /** `127.0.0.1:3310`, without credentials. */
  readonly address: string;
  readonly version: string;
  /** Undefined where it is not ours: given by URL, or in a container. */
  readonly process: ServerProcess | undefined;
  /** Null where the log is not ours. */
  readonly logFile: string | null;
  /** Where it comes from, in words. */
  readonly found: string;
};

export type ServerProcess = {
  readonly pid: number;
  /** Resolves with how it ended, also after disposing: `exit code 1`, `SIGKILL`. */
  readonly exited: Promise<string>;
  /** Once it has ended: starts another one on its data and its port. */
  startAgain(signal: AbortSignal): Promise<Server>;
};

/** `fast` is for tests: it survives the death of the server, and not of the machine. */
export type Durability = "durable" | "fast";

/** Where a private server keeps its files. */
export type ServerPlace = {
  readonly home: string;
  readonly durability: Durability;
  readonly notify: (line: string) => void;
  /** Of the private servers; without it whoever reaches them may do anything. */
  readonly access?: ServerAccess;
};

export type ServerAccess = {
  /** Of root@127.0.0.1. A data folder that was made without one gets it. */
  readonly mysqlRootPassword: string;
  readonly nats: {
    /** The `authorization` block of its configuration. */
    readonly authorization: string;
    /** An account that may do anything. */
    readonly user: string;
    readonly password: string;
  };
};
