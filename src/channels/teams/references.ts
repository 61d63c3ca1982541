// Where Teams can be reached: a reference for each place and each person that was heard from, and the newest of all for
// channels that are only known by their id.
import type { Account, ReferenceStore } from '../../ports.ts';
import { type Activity, isJson, part, placeId, text, threadOf } from './activity.ts';

/** Our own form of a conversation reference. */
export interface Reference {
  readonly serviceUrl: string;
  readonly tenant: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly conversation: { readonly id: string; readonly kind: 'channel' | 'personal' };
  /** The Teams id of a person. */
  readonly member?: string;
}

export interface References {
  /** Keeps what an activity tells; an installation that ended is forgotten. Repeats write nothing. */
  learn(activity: Activity, tenant: string): Promise<void>;
  /** The reference of a place, or one made of the newest of all and the place's id. */
  ofPlace(place: string): Promise<Reference | undefined>;
  /** The reference of a person; without `member` where the person never wrote. */
  ofPerson(account: Account): Promise<Reference | undefined>;
  forget(place: string): Promise<void>;
}

const newest = 'teams:any';
const personKey = (tenant: string, objectId: string): string => `teams:person:${tenant}/${objectId}`;

export function createReferences(store: ReferenceStore): References {
  const written = new Map<string, string>();
  const put = async (key: string, reference: Reference): Promise<void> => {
    const json = JSON.stringify(reference);
    if (written.get(key) === json) return;
    await store.put(key, json);
    if (written.size > 5000) written.clear();
    written.set(key, json);
  };
  const get = async (key: string): Promise<Reference | undefined> => read(await store.get(key));
  const forget = async (place: string): Promise<void> => {
    written.delete(place);
    await store.remove(place);
  };

  return {
    forget,
    learn: async (activity, tenant) => {
      const place = placeId(activity.conversation.id);
      if (activity.type === 'installationUpdate' && activity.action.startsWith('remove'))
        return forget(place);
      const reference = referenceOf(activity, tenant);
      await put(place, reference);
      await put(newest, { ...reference, conversation: { id: '', kind: 'channel' } });
      if (!activity.from.objectId) return;
      const person = personKey(tenant, activity.from.objectId);
      const known = activity.conversation.kind === 'personal' ? undefined : await get(person);
      const own = known?.conversation.kind === 'personal' ? known.conversation : reference.conversation;
      await put(person, { ...reference, conversation: own, member: activity.from.id });
    },
    ofPlace: async (place) => {
      const known = await get(place);
      const any = known ?? (await get(newest));
      if (!any) return undefined;
      return known ?? { ...any, conversation: { id: place.replace(/^teams:/, ''), kind: kindOf(place) } };
    },
    ofPerson: async (account) => (await get(personKey(account.tenant, account.user))) ?? (await get(newest)),
  };
}

const kindOf = (place: string): 'channel' | 'personal' =>
  place.startsWith('teams:19:') ? 'channel' : 'personal';

const referenceOf = (activity: Activity, tenant: string): Reference => ({
  serviceUrl: activity.serviceUrl,
  tenant,
  bot: activity.bot,
  conversation: { id: threadOf(activity.conversation.id), kind: activity.conversation.kind },
});

/** A stored reference; nothing if it cannot be read. */
function read(json: string | undefined): Reference | undefined {
  if (json === undefined) return undefined;
  const value: unknown = JSON.parse(json);
  if (!isJson(value)) return undefined;
  const bot = part(value, 'bot');
  const conversation = part(value, 'conversation');
  const member = text(value['member']);
  return {
    serviceUrl: text(value['serviceUrl']),
    tenant: text(value['tenant']),
    bot: { id: text(bot['id']), name: text(bot['name']) },
    conversation: {
      id: text(conversation['id']),
      kind: conversation['kind'] === 'personal' ? 'personal' : 'channel',
    },
    ...(member && { member }),
  };
}
