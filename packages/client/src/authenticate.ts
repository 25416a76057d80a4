import { createClient } from "@connectrpc/connect";
import type { User } from "@resonance/mq-proto";
import { AuthService } from "@resonance/mq-proto/gateway";
import { ClientError } from "./client-error.ts";
import { createTransport } from "./create-api.ts";

export type Credentials = { readonly username: string; readonly password: string };

/** Both of one sign-in. The refresh token is empty where a client has not asked for one. */
export type TokenPair = { readonly accessToken: string; readonly refreshToken: string };

export type SignedIn = TokenPair & { readonly user: User };

/** `refreshable` asks for an access token of some minutes and one to renew it with. */
export type SignInOptions = { readonly refreshable?: boolean };

/** @throws ClientError, `bad_credentials` for a wrong name or password. */
export async function signIn(
  baseUrl: string,
  credentials: Credentials & SignInOptions,
  signal: AbortSignal,
): Promise<SignedIn> {
  return signedIn(await authService(baseUrl).login(credentials, { signal }));
}

/**
 * Makes the account and signs in. An empty nickname becomes the username.
 *
 * @throws ClientError with what is wrong with the name, the nickname or the password.
 */
export async function register(
  baseUrl: string,
  account: Credentials & SignInOptions & { readonly nickname?: string },
  signal: AbortSignal,
): Promise<SignedIn> {
  return signedIn(await authService(baseUrl).register(account, { signal }));
}

/**
 * New tokens for a refresh token, which is used up by that: the server ends the sign-in of one
 * that is shown again a minute later.
 *
 * @throws ClientError `not_signed_in` when the sign-in has ended.
 */
export async function renewTokens(
  baseUrl: string,
  refreshToken: string,
  signal: AbortSignal,
): Promise<TokenPair> {
  const renewed = await authService(baseUrl).refreshToken({ refreshToken }, { signal });
  return { accessToken: renewed.accessToken, refreshToken: renewed.refreshToken };
}

/** Tells the server that the token is no longer wanted. */
export async function signOut(baseUrl: string, token: string, signal: AbortSignal): Promise<void> {
  await authService(baseUrl, token).logout({ accessToken: token }, { signal });
}

function authService(baseUrl: string, token?: string) {
  return createClient(AuthService, createTransport(baseUrl, token ? { token } : {}));
}

function signedIn(response: {
  accessToken: string;
  refreshToken: string;
  user?: User | undefined;
}): SignedIn {
  if (response.accessToken === "" || !response.user) {
    throw new ClientError("internal", "the server sent no token");
  }
  const { accessToken, refreshToken, user } = response;
  return { accessToken, refreshToken, user };
}
