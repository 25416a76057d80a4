/** An answer of the browser's API: what the tests look at, as JSON spells it. */
export type ApiAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly json: ApiBody;
};

type ApiBody = {
  readonly accessToken?: string;
  readonly user?: object;
  readonly sessionId?: string;
  readonly sessions?: readonly ApiSession[];
  readonly messages?: readonly { readonly seqId: string }[];
  readonly events?: readonly { readonly message: { readonly msgId: string } }[];
  readonly unreadCount?: string;
  /** Of a Connect error. */
  readonly code?: string;
  readonly message?: string;
  /** Of an answer that is no Connect error. */
  readonly error?: string;
};

type ApiSession = { readonly sessionId: string; readonly unreadCount?: string };

/** Calls a procedure as a browser without our client does: JSON over POST. */
export async function callApi(
  httpUrl: string,
  procedure: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<ApiAnswer> {
  const response = await fetch(`${httpUrl}/resonance.gateway.v1.${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json", "connect-protocol-version": "1", ...headers },
    body: JSON.stringify(body),
  });
  const json: ApiBody = JSON.parse((await response.text()) || "{}");
  return { status: response.status, headers: response.headers, json };
}

/** Somebody with an account. */
export type Account = {
  readonly username: string;
  readonly token: string;
  /** Calls a procedure of SessionService. */
  call(procedure: string, body: object): Promise<ApiAnswer>;
};

const password = "a good password";

/** Registers, or signs in where the account is from an earlier run against the same database. */
export async function enter(
  httpUrl: string,
  username: string,
  nickname = username,
): Promise<Account> {
  const account = { username, password, nickname };
  let answer = await callApi(httpUrl, "AuthService/Register", account);
  if (answer.status !== 200) answer = await callApi(httpUrl, "AuthService/Login", account);
  const token = answer.json.accessToken;
  if (token === undefined) throw new Error(`${username} cannot enter: ${answer.status}`);
  return {
    username,
    token,
    call: (procedure, body) =>
      callApi(httpUrl, `SessionService/${procedure}`, body, { authorization: token }),
  };
}

/** Creates a session, or finds the one-to-one session that is there. */
export async function createSession(
  creator: Account,
  session: { members: string[]; type: 1 | 2; name?: string },
): Promise<string> {
  const { status, json } = await creator.call("CreateSession", session);
  if (json.sessionId === undefined) {
    throw new Error(`no session: ${status} ${JSON.stringify(json)}`);
  }
  return json.sessionId;
}

const run = Math.random().toString(36).slice(2, 8);

/** A name that no other run has used. */
export function fresh(name: string): string {
  return `${name}-${run}`;
}

/** The session as the account's list shows it. */
export async function listedSession(
  account: Account,
  sessionId: string,
): Promise<ApiSession | undefined> {
  const { json } = await account.call("GetSessionList", {});
  return json.sessions?.find((session) => session.sessionId === sessionId);
}
