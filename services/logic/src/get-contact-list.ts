import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { parseUsername } from "@resonance/mq-proto";
import type {
  ContactInfoSchema,
  GetContactListRequest,
  GetContactListResponseSchema,
} from "@resonance/mq-proto/logic";
import { listContacts, type UserRow } from "./sql/users.ts";

/** Everybody with whom the caller has a one-to-one session. */
export async function getContactList(
  deps: { db: Queryable },
  request: GetContactListRequest,
): Promise<MessageInitShape<typeof GetContactListResponseSchema>> {
  const users = await listContacts(deps.db, parseUsername(request.username));
  return { contacts: users.map(contactInfo) };
}

export function contactInfo(user: UserRow): MessageInitShape<typeof ContactInfoSchema> {
  return { username: user.username, nickname: user.nickname, avatarUrl: user.avatarUrl };
}
