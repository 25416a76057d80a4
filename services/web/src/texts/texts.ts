import type { ClientReason, ConnectionState } from "@resonance/client";

export type Language = "en" | "zh";

/** A sentence for a failure; the limit is the one that was passed, where the server names it. */
export type ReasonText = (limit: number | undefined) => string;

/** Every text of the page in one language. */
export type Texts = {
  readonly language: Language;
  /** For `lang` attributes and for dates. */
  readonly locale: string;
  readonly signIn: {
    readonly title: string;
    readonly username: string;
    readonly password: string;
    readonly passwordHint: string;
    readonly nickname: string;
    readonly nicknameHint: string;
    readonly submit: string;
    readonly register: string;
    readonly toRegister: string;
    readonly toSignIn: string;
    readonly tagline: string;
    readonly ended: string;
  };
  readonly connection: Readonly<Record<ConnectionState, string>>;
  readonly app: {
    readonly sessions: string;
    readonly newSession: string;
    readonly signOut: string;
    readonly back: string;
    readonly loading: string;
    readonly noSessionOpen: string;
    readonly cannotLoad: string;
    readonly retry: string;
  };
  readonly session: {
    readonly opsBot: string;
    readonly opsBotAbout: string;
    readonly group: string;
    readonly unread: (count: number) => string;
    readonly noMessages: string;
    readonly online: string;
    readonly you: string;
    readonly pending: string;
  };
  readonly messages: {
    readonly label: string;
    readonly olderLoading: string;
    readonly start: string;
    readonly unreadFromHere: string;
    readonly toNewest: string;
    readonly sending: string;
    /** In place of it, when the server has not confirmed it for long. */
    readonly waiting: string;
    readonly sent: string;
    readonly failed: string;
    readonly sendAgain: string;
    readonly discard: string;
    readonly working: (name: string) => string;
    readonly approve: string;
    readonly reject: string;
    readonly stop: string;
    readonly writing: (name: string) => string;
    readonly begun: (name: string) => string;
    readonly grouped: (name: string, group: string) => string;
    readonly seconds: (count: number) => string;
    readonly today: string;
    readonly yesterday: string;
  };
  readonly composer: {
    readonly label: string;
    readonly placeholder: string;
    readonly placeholderWithBot: (bot: string) => string;
    readonly mention: string;
    readonly hint: string;
    readonly send: string;
    readonly bytes: (used: string, limit: string) => string;
    readonly tooLong: (over: string) => string;
  };
  readonly suggestions: { readonly label: string; readonly questions: readonly string[] };
  readonly code: {
    readonly lines: (count: number) => string;
    readonly copy: string;
    readonly copied: string;
    readonly copyFailed: string;
    readonly wrap: string;
    readonly noWrap: string;
    readonly showAll: (count: number) => string;
    readonly showLess: string;
    readonly block: string;
    readonly table: string;
    readonly image: string;
    readonly opensInNewTab: string;
  };
  readonly newSession: {
    readonly title: string;
    readonly close: string;
    readonly direct: string;
    readonly group: string;
    readonly search: string;
    readonly searchHint: string;
    readonly nobody: string;
    readonly groupName: string;
    readonly members: string;
    readonly remove: (name: string) => string;
    readonly create: string;
  };
  readonly reasons: Readonly<Record<ClientReason, ReasonText>>;
};
